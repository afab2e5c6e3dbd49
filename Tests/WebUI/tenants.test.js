// operator/cards.js: the cards of a node's households, as its operators see them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./kit.js";

const { tenantCards } = await load("operator/cards.js");
const tenant = (changes = {}) => ({
    name: "miller", problem: null, devices: { accepted: 2, locked: 0, retired: 0 }, recorders: { connected: 2, healthy: 2, degraded: 0, offline: 0, unknown: 0 },
    lastSeenAt: new Date().toISOString(), archive: { bytes: 5_000_000, objects: 3, byteLimit: null, objectLimit: null, nearlyFull: false }, ...changes,
});
const shown = (changes) => { const [{ state, headline, detail, rows }] = tenantCards([tenant(changes)]); return { state, headline, detail, ...Object.fromEntries(rows) }; };

test("a household is as well as the least well of its recorders", () => {
    const state = (healthy, degraded, offline, unknown = 0) => { const { state, headline } = shown({ recorders: { connected: 0, healthy, degraded, offline, unknown } }); return [state, headline]; };
    assert.deepEqual(state(2, 0, 0), ["well", "All 2 recorders are well"]);
    assert.deepEqual(state(1, 0, 0), ["well", "Its recorder is well"]);
    assert.deepEqual(state(2, 1, 0), ["warn", "1 of 3 recorders not well"]);
    assert.deepEqual(state(2, 1, 1), ["bad", "1 of 4 recorders not connected"]);
    assert.deepEqual(state(1, 0, 0, 1), ["warn", "Not known how 1 recorder is"]);
    assert.deepEqual(state(0, 0, 0), ["off", "No recorder yet"]);
});

test("a household that cannot be read says so", () => {
    const { state, headline, detail } = shown({ problem: "Its data cannot be read." });
    assert.deepEqual([state, headline, detail], ["bad", "Cannot be read", "Its data cannot be read."]);
});

test("its archive is shown with its limit, and said to be nearly full", () => {
    assert.equal(shown().Archive, "5 MB");
    const full = shown({ archive: { bytes: 9_000_000, objects: 3, byteLimit: 10_000_000, objectLimit: null, nearlyFull: true } });
    assert.equal(full.Archive, "9 MB of 10 MB");
    assert.match(full.detail, /nearly full/);
});

test("devices that were locked or retired are counted where there are any, and what was never heard of is said", () => {
    assert.deepEqual([shown().Locked, shown().Retired], [undefined, undefined]);
    const some = shown({ devices: { accepted: 1, locked: 2, retired: 3 }, lastSeenAt: null });
    assert.deepEqual([some.Locked, some.Retired, some["Last heard of"]], ["2", "3", "never"]);
});
