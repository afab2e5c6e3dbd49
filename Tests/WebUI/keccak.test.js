// archive/sealed/keccak.js: SHA-3, compared with NIST's vectors and with OpenSSL.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { bytesOf, hexOf, load, nistFile } from "./kit.js";

const { sha3, shake256 } = await load("archive/sealed/keccak.js");

/** `[message, digest]` of a response file. */
function listed(name, digest) {
    const entries = [...nistFile(name).matchAll(new RegExp(`Len = (\\d+)\\nMsg = ([0-9a-f]+)\\n${digest} = ([0-9a-f]+)`, "g"))];
    return entries.map(([, bits, message, wanted]) => [bits === "0" ? "" : message, wanted]);
}

test("SHA3-256 gives NIST's digests", () => {
    const cases = listed("SHA3_256ShortMsg.rsp", "MD");
    assert.equal(cases.length, 137);
    for (const [message, wanted] of cases) assert.equal(hexOf(sha3(bytesOf(message))), wanted);
});

test("SHAKE256 gives NIST's digests", () => {
    const cases = listed("SHAKE256ShortMsg.rsp", "Output");
    assert.equal(cases.length, 273);
    for (const [message, wanted] of cases) assert.equal(hexOf(shake256(bytesOf(message), wanted.length / 2)), wanted);
});

test("the first 3,000 digests of NIST's Monte Carlo test agree", () => {
    const text = nistFile("SHA3_256Monte.rsp");
    let digest = bytesOf(/Seed = ([0-9a-f]+)/.exec(text)[1]);
    for (const [, wanted] of [...text.matchAll(/MD = ([0-9a-f]+)/g)].slice(0, 3)) {
        for (let turn = 0; turn < 1000; turn += 1) digest = sha3(digest);
        assert.equal(hexOf(digest), wanted);
    }
});

test("messages around the block size and outputs of several blocks agree with OpenSSL", () => {
    for (const length of [0, 1, 134, 135, 136, 137, 271, 272, 273, 5000]) {
        const message = Uint8Array.from({ length }, (_, at) => (at * 89 + length) & 255);
        assert.equal(hexOf(sha3(message)), createHash("sha3-256").update(message).digest("hex"), `${length} bytes`);
        for (const outputLength of [1, 32, 96, 135, 136, 137, 500]) {
            assert.equal(hexOf(shake256(message, outputLength)), createHash("shake256", { outputLength }).update(message).digest("hex"), `${length} to ${outputLength} bytes`);
        }
    }
});

test("a view into a larger buffer is read from its own place", () => {
    const buffer = bytesOf("ffff0102ffff");
    assert.equal(hexOf(sha3(buffer.subarray(2, 4))), hexOf(sha3(bytesOf("0102"))));
});
