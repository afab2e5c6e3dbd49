// events/gaps.js: what was not recorded.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./document.js";
import { answerWith, json, load, stopClock } from "./kit.js";

const { GapRow, readCoverage, readGaps, watchedWords } = await load("events/gaps.js");
const { store } = await load("store/store.js");
const gap = (from, to, changes = {}) => ({ camera: "yard", reason: "camera_lost", from, to, ...changes });
const words = (given) => new GapRow(given).element.textContent;

test("gaps shorter than a second are left out, open ones are not", async () => {
    const items = [gap("2026-11-24T13:00:00Z", null), gap("2026-11-24T12:00:00Z", "2026-11-24T12:00:01Z"), gap("2026-11-24T11:00:00Z", "2026-11-24T11:00:00.999Z")];
    answerWith(() => json({ items, nextCursor: null }));
    assert.deepEqual(await readGaps(0, 1, null), items.slice(0, 2));
});

test("all pages of a range are read, and no further than the limit", async () => {
    const page = Array.from({ length: 400 }, () => gap("2026-11-24T12:00:00Z", "2026-11-24T12:05:00Z"));
    const requests = answerWith((url, _, number) => json({ items: page, nextCursor: `after-${number}` }));
    assert.equal((await readGaps(Date.UTC(2026, 10, 24), Date.UTC(2026, 10, 25), "yard")).length, 1200);
    assert.deepEqual(requests.map(({ url }) => url.searchParams.get("cursor")), [null, "after-0", "after-1"]);
    assert.equal(requests[2].url.searchParams.get("from"), "2026-11-24T00:00:00.000Z");
    assert.equal(requests[2].url.searchParams.get("camera"), "yard");
});

test("the coverage says since when it is known; an older server does not", async () => {
    answerWith(() => json({ items: [], nextCursor: null, watchedSince: "2026-11-24T08:00:00Z" }));
    assert.deepEqual(await readCoverage(0, 1, null), { gaps: [], watchedSince: "2026-11-24T08:00:00Z" });
    answerWith(() => json({ items: [], nextCursor: null }));
    assert.equal((await readCoverage(0, 1, null)).watchedSince, null);
});

test("that Guardian was watching all the time is said only with evidence for the whole range", () => {
    stopClock("2026-11-24T15:00:00Z");
    const range = { gaps: [], from: Date.parse("2026-11-24T09:00:00Z"), watchedSince: "2026-11-24T08:00:00Z", cameras: [{ watch: "quiet" }, { watch: "looking" }] };
    const claim = /all the time\.$/;
    assert.match(watchedWords(range), /^Guardian was watching all the time/);
    assert.match(watchedWords({ ...range, cameras: null }), /^Guardian was watching all the time/, "the range is over");
    assert.match(watchedWords({ ...range, watchedSince: "2026-11-24T10:30:00Z" }), /since 11:30/);
    for (const watch of ["unknown", "lost"]) assert.doesNotMatch(watchedWords({ ...range, cameras: [{ watch: "quiet" }, { watch }] }), claim);
    assert.doesNotMatch(watchedWords({ ...range, gaps: [gap("2026-11-24T13:00:00Z", null)] }), claim);
    assert.doesNotMatch(watchedWords({ ...range, watchedSince: null }), claim);
    assert.match(watchedWords({ ...range, from: null }), /cannot say/, "the gaps could not be read");
});

test("a server that fails is an error with a text", async () => {
    answerWith(() => json({ code: "range", detail: "The range is empty." }, 400));
    await assert.rejects(readGaps(1, 0, null), { message: "The range is empty.", code: "range", status: 400 });
    answerWith(() => new Response("<html>", { status: 502 }));
    await assert.rejects(readGaps(0, 1, null), { status: 502, message: /502/ });
    answerWith(() => { throw new TypeError("no network"); });
    await assert.rejects(readGaps(0, 1, null), { status: 0 });
});

test("reading that was cancelled is no failure of the server", async () => {
    answerWith(() => json({ items: [] }));
    await assert.rejects(readGaps(0, 1, null, AbortSignal.abort()), { name: "AbortError" });
});

test("a row says from when to when in local time", () => {
    assert.match(words(gap("2026-11-24T13:07:20Z", "2026-11-24T13:09:00Z")), /14:07 – 14:09 yard/);
    assert.match(words(gap("2026-11-24T13:07:20Z", "2026-11-24T13:07:32Z")), /at 14:07, 12 s/, "within one minute the duration says more");
    assert.match(words(gap("2026-11-24T13:07:20Z", null)), /since 14:07/);
});

test("a row names the camera and the server's reason", () => {
    store.cameras = [{ id: "yard", name: "Back yard" }];
    assert.match(words(gap("2026-11-24T13:00:00Z", null, { text: "The cable is out." })), /Back yard · The cable is out$/);
    assert.doesNotMatch(words(gap("2026-11-24T13:00:00Z", null, { camera: null })), /yard|null/);
    const unknown = words(gap("2026-11-24T13:00:00Z", null, { reason: "a_new_reason" }));
    assert.doesNotMatch(unknown, /undefined/);
});

test("gaps of all cameras and of one have different keys", () => {
    const keys = [gap("a", null), gap("b", null), gap("a", null, { camera: null }), gap("a", null, { reason: "stopped" })].map(GapRow.key);
    assert.equal(new Set(keys).size, 4);
    assert.equal(GapRow.key(gap("a", null)), GapRow.key(gap("a", "b")), "a gap that ends stays the same row");
});

test("a gap is sorted by its end, an open one by now", () => {
    stopClock("2026-11-24T15:00:00Z");
    assert.equal(new GapRow(gap("2026-11-24T13:00:00Z", "2026-11-24T14:00:00Z")).at, Date.parse("2026-11-24T14:00:00Z"));
    assert.equal(new GapRow(gap("2026-11-24T13:00:00Z", null)).at, Date.parse("2026-11-24T15:00:00Z"));
});
