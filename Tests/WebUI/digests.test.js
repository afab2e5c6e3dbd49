// archive/sealed/digests.js and hpke.js: compared with the vectors of the RFCs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOf, hexOf, load, nistFile } from "./kit.js";

const { hkdf, hmac, sha256, verifyHmac } = await load("archive/sealed/digests.js");
const { schedule, xWing } = await load("archive/sealed/hpke.js");
const { X25519Pair, XWingPair } = await load("archive/sealed/keys.js");

test("SHA-256 and HMAC agree with FIPS 180-4 and RFC 4231", async () => {
    assert.equal(hexOf(await sha256(Buffer.from("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert.equal(hexOf(await hmac(Buffer.from("Jefe"), Buffer.from("what do ya want for nothing?"))), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
});

test("HKDF agrees with the first 32 bytes of RFC 5869, and a text is taken as UTF-8", async () => {
    const secret = bytesOf("0b".repeat(22));
    assert.equal(hexOf(await hkdf(secret, bytesOf("f0f1f2f3f4f5f6f7f8f9"), bytesOf("000102030405060708090a0b0c"))), "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
    assert.equal(hexOf(await hkdf(secret, new Uint8Array(0))), "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d", "without salt and info");
    assert.deepEqual(await hkdf(secret, "é"), await hkdf(secret, bytesOf("c3a9")));
    assert.notDeepEqual(await hkdf(secret, "a"), await hkdf(secret, "b"));
});

test("a tag is accepted only whole and unchanged", async () => {
    const [key, message] = [bytesOf("01".repeat(32)), bytesOf("0203")];
    const tag = await hmac(key, message);
    assert.equal(await verifyHmac(key, tag, message), true);
    for (const at of [0, 15, 31]) assert.equal(await verifyHmac(key, tag.map((byte, index) => (index === at ? byte ^ 1 : byte)), message), false);
    assert.equal(await verifyHmac(key, tag.subarray(0, 16), message), false);
    assert.equal(await verifyHmac(key, new Uint8Array(0), message), false);
    assert.equal(await verifyHmac(key, tag, bytesOf("0204")), false);
});

test("key encapsulation and key schedule agree with the vectors of the RFCs", async () => {
    let compared = 0;
    for (const vector of JSON.parse(nistFile("hpke.json"))) {
        const Pair = vector.kem_id === xWing ? XWingPair : X25519Pair;
        const pair = await Pair.make(bytesOf(vector.skRm));
        if (pair === null) continue; // Node has ML-KEM only from version 24 on.
        assert.equal(hexOf(pair.publicKey), vector.pkRm);
        const shared = await pair.decapsulate(bytesOf(vector.enc));
        assert.equal(hexOf(shared), vector.shared_secret);
        compared += 1;
        if (vector.kdf_id !== 1) continue; // The schedule has HKDF-SHA256 only.
        const { key, nonce } = await schedule(vector.kem_id, shared, bytesOf(vector.info), vector.aead_id);
        assert.deepEqual([hexOf(key), hexOf(nonce)], [vector.key, vector.base_nonce]);
    }
    assert.ok(compared > 0);
});
