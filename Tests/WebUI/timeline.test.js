// event/timeline.js: an event's clips as one line of time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./kit.js";

const { Timeline } = await load("event/timeline.js");
const start = Date.parse("2026-11-24T13:00:00Z");
const iso = (offset) => new Date(start + offset).toISOString();

/** A clip that begins 5 s before its event. */
const clip = (changes = {}) => ({ id: "a", state: "complete", startedAt: iso(-5000), duration: 20_000, from: 5000, to: 15_000, ...changes });
const event = (changes = {}) => ({ state: "closed", startedAt: iso(0), endedAt: iso(10_000), box: { x: 0, y: 0, width: 1, height: 1 }, clips: [clip()], ...changes });

test("positions count from the start of the first clip", () => {
    const line = new Timeline(event());
    assert.equal(line.duration, 20_000);
    assert.equal(line.origin, 5000);
    assert.equal(line.eventEnd, 15_000);
    assert.equal(line.timeAt(0), start - 5000);
    assert.equal(line.timeAt(line.origin), start);
});

test("a clip that began after the first sighting shows the rest of the event at its time", () => {
    const late = new Timeline(event({ clips: [clip({ startedAt: iso(2000), from: 0, to: 8000 })] }));
    assert.equal(late.origin, -2000);
    assert.equal(late.timeAt(0), start + 2000);
    assert.equal(late.eventEnd, 8000);
    assert.deepEqual([late.from, late.to], [0, 14_000]);
    // A clip that begins with the event may be some ms earlier or later by its own clock.
    assert.equal(new Timeline(event({ clips: [clip({ startedAt: iso(-20), from: 0 })] })).origin, 0);
});

test("each clip starts where the one before ends", () => {
    const line = new Timeline(event({ clips: [clip(), clip({ id: "b", startedAt: iso(15_000), duration: 7000, from: 0, to: 5000 })] }));
    assert.deepEqual(line.clips.map(({ begin, end }) => [begin, end]), [[0, 20_000], [20_000, 27_000]]);
    assert.equal(line.clipAt(0).clip.id, "a");
    assert.equal(line.clipAt(19_999).clip.id, "a");
    assert.equal(line.clipAt(20_000).clip.id, "b", "the border belongs to the second");
    assert.equal(line.clipAt(99_000).clip.id, "b", "behind the end is the last clip");
});

test("a clip that is being written is as long as the latest that is known of it", () => {
    const recording = event({ state: "open", endedAt: iso(12_000), clips: [clip({ state: "recording", duration: 8000, to: 9000 })] });
    assert.equal(new Timeline(recording).duration, 17_000, "the event's end lies behind what the clip says");
    assert.equal(new Timeline(recording, new Map([["a", 18_500]])).duration, 18_500, "the player has read more");
    assert.equal(new Timeline(recording, new Map([["other", 99_000]])).duration, 17_000);
    const complete = event({ endedAt: iso(60_000) });
    assert.equal(new Timeline(complete, new Map([["a", 99_000]])).duration, 20_000, "a complete clip does not grow");
});

test("an event without clips has a valid timeline", () => {
    for (const clips of [undefined, []]) {
        const line = new Timeline(event({ clips }));
        assert.equal(line.clipAt(0), null);
        assert.ok(line.duration > 0);
        assert.equal(line.share(0), 0);
        assert.ok(Number.isFinite(line.share(500)));
    }
});

test("the end of an event lies inside the clips and not before its start", () => {
    assert.equal(new Timeline(event({ endedAt: iso(60_000) })).eventEnd, 20_000);
    assert.equal(new Timeline(event({ endedAt: iso(-3000) })).eventEnd, 5000);
});

test("of a clip that is much longer than the event only the surroundings are shown", () => {
    const long = event({ clips: [clip({ startedAt: iso(-30_000), from: 30_000, to: 40_000, duration: 90_000 })] });
    const line = new Timeline(long);
    assert.ok(line.isLong);
    assert.deepEqual([line.from, line.to], [24_000, 46_000]);
    const whole = new Timeline(long, new Map(), true);
    assert.ok(whole.isLong, "one can still go back");
    assert.deepEqual([whole.from, whole.to], [0, 90_000]);
});

test("a clip is shown whole until more than five seconds would be hidden", () => {
    const shown = (duration) => new Timeline(event({ clips: [clip({ from: 6000, duration })] })).isLong;
    assert.equal(shown(27_000), false, "exactly five seconds");
    assert.equal(shown(27_001), true);
});

test("an open event is shown up to its newest picture", () => {
    const line = new Timeline(event({ state: "open", clips: [clip({ state: "recording", from: 30_000, startedAt: iso(-30_000), duration: 80_000 })] }));
    assert.deepEqual([line.from, line.to], [24_000, 80_000]);
});

test("the share of a position stays between 0 and 1 of what is shown", () => {
    const line = new Timeline(event({ clips: [clip({ startedAt: iso(-30_000), from: 30_000, duration: 90_000 })] }));
    assert.equal(line.share(24_000), 0);
    assert.equal(line.share(35_000), 0.5);
    assert.equal(line.share(46_000), 1);
    assert.equal(line.share(0), 0);
    assert.equal(line.share(90_000), 1);
});

test("the best view is the snapshot's, else the sighting that is closest to the event's box", () => {
    const path = [[0, 0, 0, 0.1, 0.1], [4000, 0.5, 0.5, 0.2, 0.2], [8000, 0.9, 0.9, 0.1, 0.1]];
    const box = { x: 0.52, y: 0.5, width: 0.2, height: 0.2 };
    assert.equal(new Timeline(event({ path, box })).bestOffset, 4000);
    assert.equal(new Timeline(event({ path, box, snapshot: { at: iso(2500) } })).bestOffset, 2500);
    assert.equal(new Timeline(event({ snapshot: { at: iso(-400) } })).bestOffset, 0, "not before the first sighting");
    assert.equal(new Timeline(event()).bestOffset, 0);
});
