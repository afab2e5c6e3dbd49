"""The browser's opener on clips that the test seals with `tink` and `cryptography`."""

import hashlib
import os

import pytest

from archive.opener import open_in
from archive.sealer import Owner, interrupt, seal

pytestmark = pytest.mark.parallel


@pytest.mark.parametrize("segment", [4096, 16384, 65536, 1048576])
@pytest.mark.parametrize("kem", ["X-Wing", "X25519"])
def test_independently_sealed_clips_open(page, site, kem, segment):
    owner, lawyer = Owner(), Owner()
    plain = os.urandom(3_000_000)
    sealed = seal(plain, [(lawyer, "X-Wing"), (owner, kem)], segment=segment)
    site.answers["/clip"] = sealed.bytes
    said = open_in(page, "/clip", owner.code, "range")
    assert (said["verdict"], said["size"], said["sha256"]) == ("complete", len(plain), hashlib.sha256(plain).hexdigest())
    assert said["kem"] == kem and said["isClassical"] == (kem == "X25519")
    assert open_in(page, "/clip", lawyer.code)["kem"] == "X-Wing"
    assert open_in(page, "/clip", Owner().code)["verdict"] == "refused: not sealed to this key"


def test_a_large_clip_is_read_with_few_requests(page, site):
    owner = Owner()
    sealed = seal(os.urandom(8_000_000), [(owner, "X-Wing")])
    site.answers["/clip"] = sealed.bytes
    assert open_in(page, "/clip", owner.code, "range")["verdict"] == "complete"
    assert len([path for _, path, *_ in site.requests if path == "/clip"]) <= 3


def test_an_interrupted_download_is_resumed_where_it_stopped(page, site):
    owner = Owner()
    plain = os.urandom(2_000_000)
    site.answers["/clip"] = seal(plain, [(owner, "X-Wing")]).bytes
    aborted = []

    def pace(path, at):
        if at >= 524_288 and len(aborted) < 3:
            aborted.append(at)
            raise ConnectionError

    site.pace = pace
    said = open_in(page, "/clip", owner.code, "range")
    assert len(aborted) == 3 and (said["verdict"], said["sha256"]) == ("complete", hashlib.sha256(plain).hexdigest())


SEEK = """async ([address, code, wanted]) => {
    const { open } = await import("/ui/archive/sealed/open.js");
    const { readCode } = await import("/ui/archive/sealed/code.js");
    const { RangeSource } = await import("/ui/archive/sealed/source.js");
    const clip = await open(new RangeSource(address), await readCode(code));
    const text = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const ranges = [];
    for (const [offset, length] of wanted) ranges.push(text(await clip.read(offset, length)));
    const tails = [];
    for (const [offset] of wanted) {
        let last = 0;
        for await (const bytes of clip.plaintext(offset)) last += bytes.length;
        tails.push(last);
    }
    return { ranges, tails, ending: await clip.ending(), length: clip.length };
}"""


def test_any_range_of_a_clip_opens_by_itself(page, site):
    owner = Owner()
    plain = os.urandom(200_000)
    sealed = seal(plain, [(owner, "X-Wing")])
    site.answers["/clip"] = sealed.bytes
    wanted = [[0, 1], [0, 4040], [4039, 2], [4040, 4080], [4041, 10_000], [8119, 3], [199_999, 1], [199_990, 500], [200_000, 5], [300_000, 5], [100_000, 70_000]]
    found = page.evaluate(SEEK, ["/clip", owner.code, wanted])
    assert found["ranges"] == [plain[offset : offset + length].hex() for offset, length in wanted]
    assert found["tails"] == [max(0, len(plain) - offset) for offset, _ in wanted]
    assert found["ending"]["kind"] == "complete" and found["length"] == len(plain)


@pytest.mark.parametrize("segments", [0, 1, 2, 49])
def test_an_interrupted_clip_yields_its_complete_segments(page, site, segments):
    owner = Owner()
    plain = os.urandom(200_000)
    sealed = seal(plain, [(owner, "X-Wing")])
    site.answers["/clip"] = interrupt(sealed, segments) if segments else sealed.bytes[: sealed.body + 40]
    said = open_in(page, "/clip", owner.code, "range")
    length = 4080 * segments - 40 if segments else 0
    assert (said["verdict"], said["size"], said["sha256"]) == ("interrupted", length, hashlib.sha256(plain[:length]).hexdigest())
    assert "interrupted" in said["words"]


def test_a_growing_clip_is_read_to_its_length_at_the_second_request(page, site):
    owner = Owner()
    plain = os.urandom(600_000)
    sealed = seal(plain, [(owner, "X-Wing")])
    requests = []

    def growing(_):
        requests.append(1)
        return interrupt(sealed, 40 + 30 * len(requests))

    site.answers["/clip"] = growing
    said = open_in(page, "/clip", owner.code, "range")
    length = 4080 * 70 - 40
    assert len(requests) > 1 and (said["verdict"], said["size"], said["sha256"]) == ("interrupted", length, hashlib.sha256(plain[:length]).hexdigest())


def test_every_flipped_bit_and_every_cut_is_detected(page, site):
    """Tries every bit and every length of a small complete clip."""
    owner = Owner()
    site.answers["/clip"] = seal(b"a small clip", [(owner, "X25519"), (owner, "X-Wing")]).bytes
    found = page.evaluate("""async (code) => {
        const { open } = await import("/ui/archive/sealed/open.js");
        const { OwnerKeys } = await import("/ui/archive/sealed/keys.js");
        const { readCode } = await import("/ui/archive/sealed/code.js");
        const { BlobSource } = await import("/ui/archive/sealed/source.js");
        // Creating a Blob for each variant would take longer than opening it.
        class Bytes extends BlobSource {
            constructor(bytes) { super(null); this.bytes = bytes; }
            async size() { return this.bytes.length; }
            async read(offset, length) { return this.bytes.subarray(offset, offset + length); }
        }
        const keys = await OwnerKeys.derive(await readCode(code));
        const whole = new Uint8Array(await (await fetch("/clip")).arrayBuffer());
        const verdict = async (bytes) => {
            try {
                const clip = await open(new Bytes(bytes), keys);
                for await (const piece of clip.plaintext()) void piece;
                return (await clip.ending()).kind;
            } catch (error) {
                if (!error.reason) throw error;
                return "refused";
            }
        };
        const verdicts = async (count, make) => {
            const found = {};
            // In batches: Web Crypto works on threads of its own.
            for (let from = 0; from < count; from += 64) {
                const said = await Promise.all(Array.from({ length: Math.min(64, count - from) }, (_, at) => verdict(make(from + at))));
                for (const each of said) found[each] = (found[each] ?? 0) + 1;
            }
            return found;
        };
        const bits = await verdicts(whole.length * 8, (bit) => {
            const flipped = whole.slice();
            flipped[bit >> 3] ^= 1 << (bit & 7);
            return flipped;
        });
        const cuts = await verdicts(whole.length, (length) => whole.slice(0, length));
        return { bits, cuts, length: whole.length, untouched: await verdict(whole) };
    }""", owner.code)
    assert found["untouched"] == "complete"
    assert found["bits"] == {"refused": found["length"] * 8}
    # One cut is valid: after the 40 bytes at the start of the body, before the first segment.
    assert found["cuts"] == {"refused": found["length"] - 1, "interrupted": 1}


WITHOUT_ML_KEM = """() => {
    const real = SubtleCrypto.prototype.importKey;
    SubtleCrypto.prototype.importKey = function (format, data, algorithm, ...rest) {
        if ((algorithm.name ?? algorithm) === "ML-KEM-768") return Promise.reject(new DOMException("Unrecognized name.", "NotSupportedError"));
        return real.call(this, format, data, algorithm, ...rest);
    };
}"""


def test_without_ml_kem_a_browser_uses_x25519_or_says_what_is_missing(page, site):
    owner = Owner()
    page.evaluate(WITHOUT_ML_KEM)
    site.answers["/both"] = seal(b"clip", [(owner, "X-Wing"), (owner, "X25519")]).bytes
    said = open_in(page, "/both", owner.code)
    assert (said["verdict"], said["kem"]) == ("complete", "X25519")
    site.answers["/one"] = seal(b"clip", [(owner, "X-Wing")]).bytes
    said = open_in(page, "/one", owner.code)
    assert said["verdict"] == "refused: no ML-KEM" and "guardian archive open" in said["words"]


def test_a_missing_object_is_not_reported_as_damage(page, site):
    site.answers["/gone"] = lambda _: (404, {"detail": "The object is not in the store any more.", "code": "not_found"})
    assert page.evaluate("""async (code) => {
        const { open } = await import("/ui/archive/sealed/open.js");
        const { readCode } = await import("/ui/archive/sealed/code.js");
        const { RangeSource } = await import("/ui/archive/sealed/source.js");
        const why = (address) => readCode(code).then((secret) => open(new RangeSource(address), secret)).then(() => "opened", (error) => `${error.name} ${error.status}: ${error.message}`);
        return [await why("/gone"), await why("/api/absent")];
    }""", Owner().code) == ["SourceFailure 404: The object is not in the store any more.", "SourceFailure 404: There is nothing at this address."]
