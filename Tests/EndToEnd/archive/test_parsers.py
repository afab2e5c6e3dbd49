"""Fuzz tests of the browser's parsers: for any bytes they return exactly what the bytes say or refuse them, and throw no error of JavaScript."""

import os
import struct

import pytest

from archive.film import film
from archive.sealer import Owner, seal
from kit.faults import TORTURE

# Number of inputs of each parser, the same in every run. The Swift fuzz tests use the same variable.
INPUTS = int(os.environ.get("GUARDIAN_FUZZ_INPUTS") or (500_000 if TORTURE else 10_000))

pytestmark = [pytest.mark.faults, pytest.mark.parallel]

# Runs one parser on all inputs. Counts the inputs that it reads, and those that it reads as something else than they say ("wrong").
# Any other error than a refusal fails the test.
FUZZ = """async ([parser, sample, inputs]) => {
    const { readHeader, readRecipients } = await import("/ui/archive/sealed/header.js");
    const { Mistyped, readCode, writeCode } = await import("/ui/archive/sealed/code.js");
    const { inspect } = await import("/ui/archive/sealed/open.js");
    const { Refusal } = await import("/ui/archive/sealed/refusal.js");
    const { findFragment, readFragment, readMovie } = await import("/ui/archive/playback/boxes.js");
    let state = 20261124;
    const chance = (below) => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return Math.floor((state / 2 ** 32) * below);
    };
    const encoder = new TextEncoder();
    const pieces = ['"', ",", "{", "}", "[", "]", ":", "null", "1e9", "-1", "0", "\\u0041", "__proto__", " ", "99999999999"].map((text) => encoder.encode(text));
    const tamper = (bytes) => {
        let out = bytes.slice();
        for (let turn = chance(3); turn >= 0; turn -= 1) {
            const at = chance(out.length);
            const how = chance(4);
            if (how === 0) out[at] ^= 1 << chance(8);
            else if (how === 1) out = out.slice(0, at);
            else {
                const piece = how === 2 ? pieces[chance(pieces.length)] : out.slice(at, at + chance(40));
                const longer = new Uint8Array(out.length + piece.length);
                longer.set(out.subarray(0, at));
                longer.set(piece, at);
                longer.set(out.subarray(at), at + piece.length);
                out = longer;
            }
            if (out.length === 0) return out;
        }
        return out;
    };
    const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);
    const isExact = (read, bytes) => same(encoder.encode(JSON.stringify(read)), bytes);
    const original = Uint8Array.from(sample);
    const { tracks } = parser === "fragment" ? readMovie(original) : {};
    const letters = (bytes) => new TextDecoder().decode(bytes).toUpperCase().replaceAll(/[\\s-]/g, "").replaceAll("O", "0").replaceAll(/[IL]/g, "1");
    const refused = (kind) => (error) => { if (error instanceof kind) return null; throw error; };
    // Each: a function that reads bytes (null: refused), and one that checks the result against the bytes.
    const parsers = {
        header: [readHeader, isExact],
        recipients: [readRecipients, isExact],
        movie: [readMovie, () => true],
        fragment: [(bytes) => { const at = findFragment(bytes, 0); return at < 0 ? null : readFragment(bytes, at, tracks); }, () => true],
        code: [
            (bytes) => readCode(new TextDecoder().decode(bytes)).catch(refused(Mistyped)),
            async (secret, bytes) => (await writeCode(secret)).replaceAll("-", "") === letters(bytes),
        ],
        // The signed bytes have one valid form: a file that differs there must be refused.
        file: [
            (bytes) => inspect({ size: bytes.length, read: async (from, length) => bytes.subarray(from, from + length) }).catch(refused(Refusal)),
            (read, bytes) => same(bytes.subarray(0, signed), original.subarray(0, signed)),
        ],
    };
    const signed = 76 + new DataView(original.buffer).getUint32(8);
    const [read, isTrue] = parsers[parser];
    const counts = { read: 0, wrong: 0, slowest: 0 };
    for (let turn = 0; turn < inputs; turn += 1) {
        const bytes = tamper(original);
        const start = performance.now();
        let found = read(bytes);
        if (found instanceof Promise) found = await found;
        counts.slowest = Math.max(counts.slowest, performance.now() - start);
        if (found === null || found === undefined) continue;
        counts.read += 1;
        let fits = isTrue(found, bytes);
        if (fits instanceof Promise) fits = await fits;
        if (!fits) counts.wrong += 1;
    }
    return counts;
}"""


@pytest.fixture(scope="module")
def samples():
    """One valid input of each parser."""
    owner = Owner()
    sealed = seal(b"", [(owner, "X-Wing"), (owner, "X25519")]).bytes
    (length,) = struct.unpack(">I", sealed[8:12])
    (listed,) = struct.unpack(">I", sealed[76 + length : 80 + length])
    mp4 = film(1, tone=True)[:6000]
    return {
        "header": sealed[12 : 12 + length], "recipients": sealed[80 + length : 80 + length + listed], "movie": mp4, "fragment": mp4,
        "code": owner.code.encode(), "file": sealed[: 400 + length],
    }


@pytest.mark.timeout(900)
@pytest.mark.parametrize("parser", ["header", "recipients", "movie", "fragment", "code", "file"])
def test_tampered_bytes_are_read_correctly_or_refused(parser, samples, page):
    found = page.evaluate(FUZZ, [parser, list(samples[parser]), INPUTS])
    print(parser, INPUTS, found)
    assert found["wrong"] == 0
    # Some inputs remain valid: changed ids and keys, spaces in a code, changes after the signature.
    assert found["read"] > 0, found
