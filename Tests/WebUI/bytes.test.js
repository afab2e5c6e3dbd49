// archive/sealed/bytes.js: conversions that every check of a sealed clip relies on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOf, hexOf, load } from "./kit.js";

const { base64url, bigEndian, fromBase64url, join, same, u32, utf8 } = await load("archive/sealed/bytes.js");

test("base64url agrees with Node's for every length and every byte", () => {
    for (let length = 0; length <= 260; length += 1) {
        const bytes = Uint8Array.from({ length }, (_, at) => (at * 37 + length) & 255);
        const text = Buffer.from(bytes).toString("base64url");
        assert.equal(base64url(bytes), text);
        assert.deepEqual(fromBase64url(text), bytes);
    }
});

test("base64url texts that a correct encoder does not write are rejected", () => {
    const wrong = [
        "A", "AAAAA", // a length of 4n + 1
        "AB", "AAB", "__", "__9", // spare bits that are not zero
        "AA==", "AAA=", "A+", "A/", "A A", "AA\n", "AAÄ", "AA😀A", // padding, and letters of other alphabets
        null, undefined, 12, ["AA"],
    ];
    for (const text of wrong) assert.equal(fromBase64url(text), null, String(text));
    assert.deepEqual(fromBase64url(""), new Uint8Array(0));
    assert.deepEqual(fromBase64url("_w"), Uint8Array.of(255));
});

test("numbers are big endian and unsigned", () => {
    assert.equal(u32(bytesOf("ffffffff")), 4_294_967_295);
    assert.equal(u32(bytesOf("0080000001ff"), 1), 0x8000_0001 - 0);
    assert.equal(hexOf(bigEndian(0x0102_0304, 4)), "01020304");
    assert.equal(hexOf(bigEndian(2 ** 40 + 1, 8)), "0000010000000001");
    assert.equal(hexOf(bigEndian(0, 2)), "0000");
    assert.equal(hexOf(bigEndian(0x12345, 2)), "2345");
    for (const value of [0, 1, 255, 256, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]) assert.equal(u32(bigEndian(value, 4)), value);
});

test("arrays are equal only with the same length and the same bytes", () => {
    assert.ok(same(bytesOf("0102"), bytesOf("0102")));
    assert.ok(same(bytesOf(""), bytesOf("")));
    for (const other of ["0103", "0002", "01", "010200", ""]) assert.ok(!same(bytesOf("0102"), bytesOf(other)), other);
    assert.ok(!same(bytesOf("0101"), bytesOf("0202")), "differences do not cancel each other out");
});

test("joined arrays keep their order, and views are copied from their own place", () => {
    const view = bytesOf("aabbccdd").subarray(1, 3);
    assert.equal(hexOf(join(bytesOf("01"), new Uint8Array(0), view, bytesOf("02"))), "01bbcc02");
    assert.equal(join().length, 0);
    assert.equal(hexOf(utf8("é😀")), "c3a9f09f9880");
});
