// archive/clip/parts.js: opening all parts of a clip over the network. The parts are really sealed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answerWith, json, load, skipTimers } from "./kit.js";
import { content, owner, sealClip } from "./sealer.js";

const { inspectParts, openParts } = await load("archive/clip/parts.js");
const { OwnerKeys } = await load("archive/sealed/keys.js");
skipTimers();

const clipId = "019ab000-0000-7000-8000-0000000000aa";
const signal = new AbortController().signal;
const item = (...numbers) => ({ clipId, parts: numbers.map((part) => ({ part })) });
const sealed = [];
for (let part = 0, previous = ""; part < 12; part += 1) {
    const made = await sealClip(content(100 + part), { clipId, part, previous });
    sealed.push(made.bytes);
    previous = made.bind;
}

/** Serves the parts; `changes` replaces some of them: other bytes, or the status of a failure. */
function serve(changes = {}) {
    return answerWith((url) => {
        const part = Number(url.searchParams.get("part"));
        const given = changes[part] ?? sealed[part];
        if (typeof given === "number") return json({ detail: "It is gone." }, given);
        return new Response(given, { status: 206, headers: { "Content-Range": `bytes 0-${given.length - 1}/${given.length}` } });
    });
}

const faults = (results) => results.map(({ part, fault, clip }) => [part, fault === null, clip?.length ?? null]);

test("parts are opened by their number, not by the order of the list", async () => {
    const requests = serve();
    const results = await openParts(item(10, 2, 0, 1, 11), owner, signal);
    assert.deepEqual(results.map(({ part }) => part), [0, 1, 2, 10, 11]);
    assert.deepEqual(requests.map(({ url }) => url.pathname), new Array(5).fill(`/api/v1/archive/${clipId}`));
    assert.deepEqual(faults(results), [[0, true, 100], [1, true, 101], [2, true, 102], [10, false, 110], [11, true, 111]], "10 does not follow 2");
});

test("a missing part does not affect the others", async () => {
    serve({ 1: 404 });
    const results = await openParts(item(0, 1, 2), owner, signal);
    assert.deepEqual(faults(results), [[0, true, 100], [1, false, null], [2, true, 102]]);
    assert.deepEqual([results[1].fault, results[1].isMissing], ["It is gone.", true]);
});

test("a part that fails for another reason is not missing", async () => {
    serve({ 1: 503, 2: content(500) });
    const results = await openParts(item(0, 1, 2), owner, signal);
    assert.deepEqual(results.map(({ isMissing }) => isMissing ?? false), [false, false, false]);
    assert.deepEqual(faults(results), [[0, true, 100], [1, false, null], [2, false, null]]);
});

test("a part that was replaced by another part of the clip is refused", async () => {
    serve({ 1: sealed[2] });
    assert.deepEqual(faults(await openParts(item(0, 1), owner, signal)), [[0, true, 100], [1, false, null]]);
});

test("a part of the same number from another sealing opens, but does not follow", async () => {
    const { bytes } = await sealClip(content(500), { clipId, part: 1, previous: "A".repeat(43) });
    serve({ 1: bytes });
    const results = await openParts(item(0, 1, 2), owner, signal);
    assert.deepEqual(faults(results), [[0, true, 100], [1, false, 500], [2, false, 102]]);
});

test("the key of another owner is an error of the whole clip, not of a part", async () => {
    serve();
    const stranger = await OwnerKeys.derive(new Uint8Array(32).fill(5));
    await assert.rejects(openParts(item(0, 1), stranger, signal), { reason: "not sealed to this key" });
});

test("without a key the header of each part is checked", async () => {
    const damaged = sealed[1].map((byte, index) => (index === 30 ? byte ^ 1 : byte));
    serve({ 1: damaged, 2: 404 });
    const results = await inspectParts(item(0, 1, 2), signal);
    assert.deepEqual(results.map(({ part, fault, isMissing }) => [part, fault === null, isMissing ?? false]), [[0, true, false], [1, false, false], [2, false, true]]);
});

test("aborting is not reported as a fault", async () => {
    serve();
    const abort = new AbortController();
    abort.abort();
    await assert.rejects(openParts(item(0), owner, abort.signal), { name: "AbortError" });
    await assert.rejects(inspectParts(item(0), abort.signal), { name: "AbortError" });
});
