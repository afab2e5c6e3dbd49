// system/recorders.js: the cards of a node's recorders.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./kit.js";

const { recorderCards } = await load("system/recorders.js");
const edge = {
    fingerprint: "ab".repeat(32), connected: true, lastSeenAt: new Date().toISOString(), health: { state: "healthy", reasons: [], measuredAt: null },
    chains: [{ verifiedThrough: 40, missingTail: 2, gaps: [{ first: 5, last: 7 }] }, { verifiedThrough: 2, missingTail: 0, gaps: [] }],
};

test("one recorder needs no number, several have the beginning of their fingerprint", () => {
    assert.equal(recorderCards({ edges: [edge] })[0].title, "Recorder");
    assert.deepEqual(recorderCards({ edges: [edge, { ...edge, fingerprint: "cd".repeat(32) }] }).map(({ title }) => title), ["Recorder abababab", "Recorder cdcdcdcd"]);
});

test("entries of all chains are counted, and those that are missing", () => {
    const rows = Object.fromEntries(recorderCards({ edges: [edge] })[0].rows);
    assert.match(rows["Its journal"], /^42 entries/);
    assert.equal(rows["Still on their way"], "5");
    assert.equal(rows["Last measured"], "not yet");
});

test("it is as well as its health says, or as its connection where that is not known", () => {
    const state = (changes) => { const [{ state, headline }] = recorderCards({ edges: [{ ...edge, ...changes }] }); return [state, headline]; };
    assert.deepEqual(state({}), ["well", "Well"]);
    assert.deepEqual(state({ health: { state: "degraded", reasons: ["A."], measuredAt: null } }), ["warn", "Not all is well"]);
    assert.deepEqual(state({ health: { state: "offline", reasons: [], measuredAt: null } }), ["bad", "Not connected"]);
    assert.deepEqual(state({ health: null }), ["well", "Connected"]);
    assert.deepEqual(state({ health: null, connected: false }), ["bad", "Not connected"]);
});
