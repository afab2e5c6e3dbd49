// common/path.js: where a box is between two sightings.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./kit.js";

const { boxInSnapshot, pathAt } = await load("common/path.js");
const path = [[1000, 0, 0, 0.1, 0.2], [2000, 0.5, 0.25, 0.3, 0.4], [4000, 0.5, 0.75, 0.3, 0.4]];
const box = (x, y, width, height) => ({ x, y, width, height });

test("an event without a path has no box", () => {
    for (const none of [undefined, null, []]) assert.equal(pathAt(none, 0), null);
});

test("a box is exact at a sighting and halfway between two", () => {
    assert.deepEqual(pathAt(path, 1000), box(0, 0, 0.1, 0.2));
    assert.deepEqual(pathAt(path, 2000), box(0.5, 0.25, 0.3, 0.4));
    assert.deepEqual(pathAt(path, 3000), box(0.5, 0.5, 0.3, 0.4));
    assert.equal(pathAt(path, 1250).x, 0.125);
});

test("within the slack a box stays where the path ends, beyond it there is none", () => {
    assert.deepEqual(pathAt(path, 600), pathAt(path, 1000));
    assert.deepEqual(pathAt(path, 4400), pathAt(path, 4000));
    assert.equal(pathAt(path, 599), null);
    assert.equal(pathAt(path, 4401), null);
    assert.equal(pathAt(path, 999, 0), null);
    assert.deepEqual(pathAt(path, 1000, 0), box(0, 0, 0.1, 0.2));
});

test("a path of one sighting and two sightings at once give numbers", () => {
    assert.deepEqual(pathAt([[500, 0.1, 0.2, 0.3, 0.4]], 700), box(0.1, 0.2, 0.3, 0.4));
    assert.deepEqual(pathAt([[500, 0, 0, 1, 1], [500, 0.5, 0.5, 0.5, 0.5]], 500), box(0, 0, 1, 1));
});

test("the box in a snapshot is the event's, unless it moved away since", () => {
    const startedAt = "2026-11-24T13:00:00Z";
    const event = (seconds, own) => ({ startedAt, path, box: own, snapshot: { at: new Date(Date.parse(startedAt) + seconds * 1000).toISOString() } });
    const moved = box(0.5, 0.75, 0.3, 0.4);
    assert.deepEqual(boxInSnapshot(event(1, moved)), box(0, 0, 0.1, 0.2));
    const near = box(0.5, 0.7, 0.3, 0.4);
    assert.deepEqual(boxInSnapshot(event(4, near)), near);
    assert.deepEqual(boxInSnapshot(event(60, moved)), moved, "the snapshot is of no time in the path");
    assert.deepEqual(boxInSnapshot({ startedAt, path, box: moved, snapshot: null }), moved);
});
