"""Whatever somebody puts into a file, the parsers answer: with what it says, or with nothing; in no time, and without a word of their own language."""

import struct

from archive.film import film
from archive.sealer import Owner, seal

FUZZ = """async ([head, list, film]) => {
    const { readHeader, readRecipients } = await import("/ui/archive/sealed/header.js");
    const { findFragment, readFragment, readMovie } = await import("/ui/archive/playback/boxes.js");
    let state = 20261124;
    const chance = (below) => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return Math.floor((state / 2 ** 32) * below);
    };
    const pieces = ['"', ",", "{", "}", "[", "]", ":", "null", "1e9", "-1", "0", "\\\\u0041", "__proto__", " ", "99999999999"].map((text) => new TextEncoder().encode(text));
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
    const encode = (value) => new TextEncoder().encode(JSON.stringify(value));
    const counts = { header: 0, recipients: 0, movie: 0, fragment: 0, lies: 0 };
    const [header, recipients, mp4] = [head, list, film].map((each) => Uint8Array.from(each));
    for (let turn = 0; turn < 500_000; turn += 1) {
        const bytes = tamper(header);
        const read = readHeader(bytes);
        if (read) counts.header += 1;
        if (read && !same(encode(read), bytes)) counts.lies += 1;
    }
    for (let turn = 0; turn < 200_000; turn += 1) {
        const bytes = tamper(recipients);
        const read = readRecipients(bytes);
        if (read) counts.recipients += 1;
        if (read && !same(encode(read), bytes)) counts.lies += 1;
    }
    const whole = readMovie(mp4);
    for (let turn = 0; turn < 200_000; turn += 1) {
        const bytes = tamper(mp4);
        if (readMovie(bytes)) counts.movie += 1;
        const at = findFragment(bytes, 0);
        if (at >= 0 && readFragment(bytes, at, whole.tracks)) counts.fragment += 1;
    }
    return counts;
}"""


def test_tampered_texts_and_boxes_are_read_or_not_and_nothing_else(page):
    sealed = seal(b"", [(Owner(), "X-Wing"), (Owner(), "X25519")]).bytes
    (length,) = struct.unpack(">I", sealed[8:12])
    (listed,) = struct.unpack(">I", sealed[76 + length : 80 + length])
    mp4 = film(1, tone=True)[:6000]
    found = page.evaluate(FUZZ, [list(sealed[12 : 12 + length]), list(sealed[80 + length : 80 + length + listed]), list(mp4)])
    assert found["lies"] == 0
    # Some of it is still well-formed: ids and keys of somebody else.
    assert all(found[name] > 0 for name in ("header", "recipients", "movie", "fragment")), found
