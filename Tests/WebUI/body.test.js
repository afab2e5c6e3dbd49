// archive/sealed/body.js: segments around their limits. The sealed bytes are made by an independent implementation.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOf, load } from "./kit.js";
import { content, plain, sealBody } from "./sealer.js";

const { Body } = await load("archive/sealed/body.js");
const { Refusal } = await load("archive/sealed/refusal.js");
const { BlobSource } = await load("archive/sealed/source.js");
const key = { clipKey: bytesOf("42".repeat(32)), bind: bytesOf("17".repeat(32)) };
const first = 4096 - 40 - 16;
const next = 4096 - 16;

/** Opens a body that stands 10 bytes into its file; `damage` changes the sealed bytes. */
async function open(length, { damage = (bytes) => bytes, ...options } = {}) {
    const sealed = damage(plain(sealBody(content(length), { ...key, ...options })));
    const file = new Blob([new Uint8Array(10), sealed]);
    return Body.begin(new BlobSource(file), 10, options.segmentSize ?? 4096, key.clipKey, key.bind);
}

const flip = (at) => (bytes) => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));

/** Everything from an offset on, and how it ends. */
async function all(body, from = 0) {
    const pieces = [];
    const found = { isLast: null, refusal: null };
    try {
        for await (const { bytes, isLast } of body.from(from)) {
            pieces.push(bytes);
            if (isLast !== null) found.isLast = isLast;
        }
    } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        found.refusal = error;
    }
    return { bytes: plain(Buffer.concat(pieces)), ...found };
}

const lengths = [0, 1, first - 1, first, first + 1, first + next - 1, first + next, first + next + 1, 3 * next];

test("bodies that end at, before and after a segment's limit open completely", async () => {
    for (const length of lengths) {
        const body = await open(length);
        assert.equal(body.plainLength, length);
        assert.equal(await body.isComplete(), true, `${length} bytes`);
        const { bytes, isLast, refusal } = await all(body);
        assert.deepEqual([Buffer.compare(bytes, content(length)), isLast, refusal], [0, true, null], `${length} bytes`);
    }
});

test("a range has the same bytes as the whole, wherever it begins and ends", async () => {
    const length = first + 2 * next + 100;
    const [body, whole] = [await open(length), content(length)];
    const places = [0, 1, first - 1, first, first + 1, first + next - 1, first + next, length - 1, length];
    for (const from of places) {
        for (const to of places.filter((place) => place >= from)) assert.deepEqual(await body.read(from, to - from), whole.slice(from, to), `${from} to ${to}`);
    }
    assert.deepEqual(await body.read(length - 5, 100), whole.slice(-5), "shorter at the end");
    assert.equal((await body.read(length + 5, 10)).length, 0);
});

test("following from any offset returns the rest", async () => {
    const length = first + 2 * next + 100;
    const [body, whole] = [await open(length), content(length)];
    for (const from of [0, 1, first - 1, first, first + 1, first + next, length - 1, length, length + 10_000]) {
        const { bytes, isLast } = await all(body, from);
        assert.deepEqual(bytes, whole.slice(from), `from ${from}`);
        assert.equal(isLast, true, `from ${from}`);
    }
});

test("a body of several batches is read in order", async () => {
    const length = 262_144 * 2 + 5000;
    const body = await open(length);
    for (const from of [0, 5, 262_143]) {
        const { bytes, isLast } = await all(body, from);
        assert.deepEqual([Buffer.compare(bytes, content(length).subarray(from)), isLast], [0, true], `from ${from}`);
    }
});

test("a body that was interrupted after a whole segment says so", async () => {
    const length = first + next;
    const body = await open(length, { isComplete: false });
    assert.equal(await body.isComplete(), false);
    const { bytes, isLast, refusal } = await all(body);
    assert.deepEqual([bytes.length, isLast, refusal], [length, false, null]);
});

test("a file that ends before the first segment is interrupted and empty", async () => {
    const body = await open(100, { damage: (bytes) => bytes.slice(0, 40) });
    assert.deepEqual([body.plainLength, await body.isComplete(), (await all(body)).isLast], [0, false, false]);
    for (const length of [0, 39]) await assert.rejects(open(100, { damage: (bytes) => bytes.slice(0, length) }), { reason: "body" });
    await assert.rejects(open(100, { damage: flip(0) }), { reason: "body" });
});

test("a truncated body is never reported as complete", async () => {
    const length = first + next + 100;
    for (const cut of [1, 15, 16, 17, 100]) {
        const body = await open(length, { damage: (bytes) => bytes.slice(0, -cut) });
        await assert.rejects(body.isComplete(), { reason: "segment 2 damaged" }, `${cut} bytes`);
    }
    const short = await open(first + 100, { isComplete: false });
    await assert.rejects(short.isComplete(), { reason: "segment 1 damaged" }, "a recorder marks a segment that is not full as the last");
    const removed = await open(length, { damage: (bytes) => bytes.slice(0, 2 * 4096) });
    assert.equal(await removed.isComplete(), false, "a whole segment that is missing is an interruption, not an end");
});

test("everything before a damaged segment is returned, then the refusal with its number and offset", async () => {
    for (const [at, segment, offset] of [[50, 0, 0], [4095, 0, 0], [4096, 1, first], [2 * 4096 + 7, 2, first + next]]) {
        const { bytes, isLast, refusal } = await all(await open(first + 3 * next, { damage: flip(at) }));
        assert.deepEqual([bytes.length, isLast, refusal.segment, refusal.offset], [offset, null, segment, offset], `byte ${at}`);
    }
});

test("a damaged segment refuses only the ranges that touch it", async () => {
    const body = await open(first + 3 * next, { damage: flip(4096) });
    assert.equal((await body.read(0, first)).length, first);
    assert.equal((await body.read(first + next, next)).length, next);
    await assert.rejects(body.read(first - 1, 2), { reason: "segment 1 damaged", offset: first });
    await assert.rejects(body.read(first + next - 1, 1), { reason: "segment 1 damaged" });
});

test("reordered or repeated segments are damaged", async () => {
    const swap = (bytes) => Uint8Array.from([...bytes.slice(0, 4096), ...bytes.slice(8192, 12_288), ...bytes.slice(4096, 8192), ...bytes.slice(12_288)]);
    assert.equal((await all(await open(first + 3 * next, { damage: swap }))).refusal.segment, 1);
    const twice = (bytes) => Uint8Array.from([...bytes.slice(0, 8192), ...bytes.slice(4096)]);
    assert.equal((await all(await open(first + 3 * next, { damage: twice }))).refusal.segment, 2);
});

test("a key or salt of another clip opens nothing", async () => {
    const sealed = plain(sealBody(content(100), key));
    const body = await Body.begin(new BlobSource(new Blob([sealed])), 0, 4096, key.clipKey, bytesOf("18".repeat(32)));
    assert.equal((await all(body)).refusal.segment, 0);
    assert.equal((await all(await open(100, { damage: flip(1) }))).refusal.segment, 0);
});
