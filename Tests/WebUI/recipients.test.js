// archive/keys/: the public keys of a recovery code, who can open the archive, and what is sent of a new code.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./document.js";
import { answerWith, bytesOf, json, load, settled, vectors } from "./kit.js";

const { readCode } = await load("archive/sealed/code.js");
const { X25519Pair, OwnerKeys } = await load("archive/sealed/keys.js");
const { shake256 } = await load("archive/sealed/keccak.js");
const { recipientLine } = await load("archive/sealed/recipient.js");
const { factsOf, lackOf, lossOf, titleOf } = await load("archive/keys/words.js");
const { Recipients } = await load("archive/keys/recipients.js");

const base64url = (bytes) => Buffer.from(bytes).toString("base64url");
const anna = { keyId: "xeWMB96xMYk", kem: "X-Wing", name: "Anna", addedAt: "2026-11-26T10:00:00.000Z", fixed: false };
const file = { keyId: "AAAAAAAAAAA", kem: "X25519", name: null, addedAt: null, fixed: true };

test("a code gives the public keys that the vectors have", async () => {
    const { ownerCode, ownerXWingPublic, ownerX25519Public } = vectors();
    const secret = await readCode(ownerCode);
    const { x25519, xWing } = await OwnerKeys.derive(secret);
    assert.equal(base64url(x25519.publicKey), ownerX25519Public);
    // X-Wing's public key is that of ML-KEM, which Node may lack (the browser tests compare it), and then 32 bytes of X25519.
    const wanted = Buffer.from(ownerXWingPublic, "base64url");
    if (xWing !== null) assert.equal(base64url(xWing.publicKey), ownerXWingPublic);
    const classical = await X25519Pair.make(shake256(secret, 96).subarray(64));
    assert.deepEqual([wanted.length, base64url(classical.publicKey)], [1216, base64url(wanted.subarray(1184))]);
});

test("a recipient's line is the one that guardian keys show prints", async () => {
    const publicKey = Uint8Array.from(Buffer.from(vectors().ownerX25519Public, "base64url"));
    const digest = Buffer.from(await crypto.subtle.digest("SHA-256", publicKey)).subarray(0, 8).toString("base64url");
    assert.equal(recipientLine("X25519", await X25519Pair.make(await hkdfOfOwner())), `guardian-recipient:X25519:${digest}:${vectors().ownerX25519Public}`);
});

async function hkdfOfOwner() {
    const { hkdf } = await load("archive/sealed/digests.js");
    return hkdf(bytesOf(vectors().owner), "guardian/x25519/v1");
}

test("each is known by its name or its key, and by where it comes from", () => {
    assert.deepEqual([titleOf(anna), titleOf(file)], ["Anna", "Key AAAAAAAAAAA"]);
    assert.match(factsOf(anna), /^key xeWMB96xMYk · added on .*2026/);
    assert.equal(factsOf(file), "in the configuration file, and removed only there · not safe from quantum computers");
});

test("it is said what a lost code costs, and why nothing is archived", () => {
    assert.match(lossOf([anna]), /nobody can open the archive/);
    assert.match(lossOf([anna, file]), /the others still open/);
    assert.equal(lackOf({ items: [anna], node: true }), "");
    assert.match(lackOf({ items: [], node: true }), /make a recovery code/);
    assert.match(lackOf({ items: [anna], node: false }), /no node/);
});

test("one that was added here can be removed after a question, one of the file cannot", async () => {
    let items = [file, anna];
    const requests = answerWith((_, { method }) => {
        if (method === "DELETE") items = [file];
        return method === "DELETE" ? new Response(null, { status: 204 }) : json({ items, limit: 8, node: true });
    });
    const section = new Recipients();
    await settled();
    const rows = section.element.all(".recipient-row");
    assert.deepEqual(rows.map((row) => row.all("button").length), [0, 1]);
    rows[1].all("button")[0].send("click");
    assert.match(rows[1].textContent, /What is sealed to it already stays readable with it\./);
    rows[1].all("form")[0].send("submit");
    await settled();
    assert.deepEqual(requests.map(({ method, url }) => `${method} ${url.pathname}`), ["GET /api/v1/config/recipients", "DELETE /api/v1/config/recipients/xeWMB96xMYk", "GET /api/v1/config/recipients"]);
    assert.equal(section.element.all(".recipient-row").length, 1);
    section.close();
});

test("none is offered beyond the limit", async () => {
    answerWith(() => json({ items: [anna], limit: 1, node: true }));
    const section = new Recipients();
    await settled();
    assert.match(section.element.textContent, /at most 1 codes/);
    assert.equal(section.element.all("button").length, 1);
});
