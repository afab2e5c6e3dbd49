// events/recording.js: what was recorded while a camera was not watched.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./document.js";
import { answerWith, json, load } from "./kit.js";

const { GapRow, readCoverage } = await load("events/gaps.js");
const { Recording, readRecordings, recordingsOf } = await load("events/recording.js");
const clip = (startedAt, duration, changes = {}) => ({ id: startedAt, camera: "yard", startedAt, duration, url: `/api/v1/clips/${startedAt}.mp4`, ...changes });
const gap = { camera: "yard", reason: "watch_lost", from: "2026-11-24T12:00:00Z", to: "2026-11-24T12:10:00Z" };

test("clips that overlap a gap belong to it", () => {
    const within = clip("2026-11-24T12:03:00Z", 60_000);
    const into = clip("2026-11-24T11:59:50Z", 15_000);
    const other = clip("2026-11-24T12:03:00Z", 60_000, { camera: "door" });
    const clips = [clip("2026-11-24T11:50:00Z", 60_000), into, within, other, clip("2026-11-24T12:10:00Z", 60_000)];
    assert.deepEqual(recordingsOf(gap, clips), [into, within]);
    assert.deepEqual(recordingsOf({ ...gap, camera: null }, clips), [into, within, other]);
    assert.equal(recordingsOf({ ...gap, to: null }, clips).length, 3, "an open gap has no end");
});

test("clips are read in pages, oldest first, from an hour before on", async () => {
    const requests = answerWith((_url, _, number) => json({ items: [clip(`2026-11-24T12:0${5 - number}:00Z`, 1)], nextCursor: number < 2 ? `c${number}` : null }));
    const clips = await readRecordings(Date.parse("2026-11-24T12:00:00Z"), Date.parse("2026-11-24T13:00:00Z"), "yard");
    assert.deepEqual(clips.map((each) => each.startedAt), ["2026-11-24T12:03:00Z", "2026-11-24T12:04:00Z", "2026-11-24T12:05:00Z"]);
    assert.deepEqual(requests.map(({ url }) => url.searchParams.get("cursor")), [null, "c0", "c1"]);
    assert.equal(requests[0].url.searchParams.get("from"), "2026-11-24T11:00:00.000Z");
    assert.equal(requests[0].url.searchParams.get("kind"), "continuous");
});

test("the coverage names the clips of a gap, and asks for none without one", async () => {
    const recorded = clip("2026-11-24T12:03:00Z", 60_000);
    const requests = answerWith((url) => json(url.pathname === "/api/v1/clips" ? { items: [recorded], nextCursor: null } : { items: [gap], nextCursor: null }));
    assert.deepEqual((await readCoverage(0, 1, null)).gaps[0].clips, [recorded]);
    assert.equal(requests.length, 2);
    const whole = requests[1].url.searchParams;
    assert.equal(whole.get("from"), "2026-11-24T11:00:00.000Z", "from the gap's own beginning on, not the range's");
    assert.equal(whole.get("to"), "2026-11-24T12:10:00.000Z");
    const others = answerWith(() => json({ items: [{ ...gap, reason: "camera_lost" }], nextCursor: null }));
    await readCoverage(0, 1, null);
    assert.equal(others.length, 1);
});

test("a row says that something was recorded only if there is a recording", () => {
    assert.match(new GapRow({ ...gap }).element.textContent, /^Not watched/);
    const row = new GapRow({ ...gap, clips: [clip("2026-11-24T12:03:00Z", 60_000)] });
    assert.match(row.element.textContent, /^Recorded, not watched.*Play 1 min/);
    row.update({ ...gap });
    assert.doesNotMatch(row.element.textContent, /Play/);
});

test("clips play one after the other", () => {
    const recording = new Recording();
    const clips = [clip("2026-11-24T12:03:00Z", 60_000), clip("2026-11-24T12:04:00Z", 60_000)];
    recording.update(clips);
    const [open, stage] = recording.element.children;
    open.dispatchEvent(new Event("click"));
    const video = stage.children[0];
    assert.equal(video.src, clips[0].url);
    assert.match(stage.textContent, /1 of 2 clips/);
    video.dispatchEvent(new Event("ended"));
    assert.equal(video.src, clips[1].url);
    video.dispatchEvent(new Event("ended"));
    assert.equal(video.src, clips[1].url, "the last one stays");
    recording.update([clips[1], clip("2026-11-24T12:05:00Z", 60_000)]);
    assert.equal(video.src, clips[1].url, "a list that changed does not interrupt");
    assert.match(stage.textContent, /1 of 2 clips/);
    recording.update([]);
    assert.equal(recording.element.hidden, false, "what plays stays");
    open.dispatchEvent(new Event("click"));
    assert.equal(recording.element.hidden, true);
});
