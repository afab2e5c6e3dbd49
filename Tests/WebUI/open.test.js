// archive/sealed/open.js: the sealed clips of the vectors, which other programs made.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { bytesOf, load, sealedClip, vectors } from "./kit.js";
import { content, owner, sealClip } from "./sealer.js";

const { inspect, open } = await load("archive/sealed/open.js");
const { Refusal } = await load("archive/sealed/refusal.js");
const { BlobSource } = await load("archive/sealed/source.js");
const { OwnerKeys } = await load("archive/sealed/keys.js");
const known = vectors();
const keys = { owner: await OwnerKeys.derive(bytesOf(known.owner)), other: await OwnerKeys.derive(bytesOf(known.other)) };
const source = (bytes) => new BlobSource(new Blob([bytes]));

/** The reason of a refusal in the words of the vectors. */
async function verdict(work) {
    try {
        return await work();
    } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return `refused: ${error.reason}`;
    }
}

test("every vector gives its verdict and its bytes", async () => {
    let opened = 0;
    for (const { file, owner: name, reason, size, sha256 } of known.cases) {
        const hash = createHash("sha256");
        let length = 0;
        const found = await verdict(async () => {
            const clip = await open(source(sealedClip(file)), keys[name]);
            for await (const bytes of clip.plaintext()) {
                hash.update(bytes);
                length += bytes.length;
            }
            assert.equal((await clip.ending()).length, length);
            return (await clip.ending()).kind;
        });
        // Node has ML-KEM only from version 24 on; without it, clips that are sealed with X-Wing alone do not open.
        if (keys.owner.xWing === null && found === "refused: no ML-KEM") continue;
        opened += 1;
        assert.equal(found, reason, file);
        if (size !== null) assert.deepEqual([length, hash.digest("hex")], [size, sha256], file);
    }
    assert.ok(opened >= 40, `${opened} vectors`);
});

test("a header is checked without a key", async () => {
    for (const { file, reason } of known.cases) {
        const isAboutHeader = /header$|device signature|version/.test(reason);
        const found = await verdict(async () => (await inspect(source(sealedClip(file)))).cameraId);
        if (isAboutHeader) assert.equal(found, reason, file);
        else assert.match(found, /^cam-/, file);
    }
});

test("a file that ends anywhere before its signature ends is refused", async () => {
    const bytes = sealedClip("s4096-many.grdn");
    const signed = 12 + new DataView(bytes.buffer).getUint32(8) + 64;
    assert.equal((await inspect(source(bytes.slice(0, signed)))).part, 0);
    for (let length = 0; length < signed; length += 1) assert.match(await verdict(() => inspect(source(bytes.slice(0, length)))), /^refused: /, `${length} bytes`);
});

test("a header length above the limit is refused before so much is read", async () => {
    const bytes = sealedClip("s4096-many.grdn");
    let most = 0;
    const counting = { read: async (from, length) => { most = Math.max(most, length); return bytes.slice(from, from + length); } };
    bytes.set([0x7f, 0xff, 0xff, 0xff], 8);
    assert.equal(await verdict(() => inspect(counting)), "refused: header");
    assert.ok(most < 1_000_000);
});

test("a clip other than the expected one is refused", async () => {
    const clipId = "019ab000-0000-7000-8000-0000000000aa";
    const { bytes } = await sealClip(content(10), { clipId });
    const opened = await open(source(bytes), owner, { clipId, part: 0 });
    assert.deepEqual([opened.header.cameraId, opened.length, opened.isClassical], ["yard", 10, true]);
    const refused = (expected) => verdict(() => open(source(bytes), owner, expected));
    assert.equal(await refused({ clipId: "019ab000-0000-7000-8000-0000000000ab" }), "refused: another clip");
    assert.equal(await refused({ clipId, part: 1 }), "refused: another clip");
    assert.equal(await refused({ deviceKey: `${opened.header.deviceKey.slice(0, -1)}_` }), "refused: another device");
});
