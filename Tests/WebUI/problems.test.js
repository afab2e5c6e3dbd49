// archive/problems.js and archive/room.js: what the node says is wrong with its archive.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./document.js";
import { load } from "./kit.js";

const { ArchiveProblems } = await load("archive/problems.js");
const { room } = await load("archive/room.js");

const away = "The bucket guardian of the archive has neither its mark nor any of its clips: mount its disk.";
const usage = (changes = {}) => ({
    all: { bytes: 1e9, objects: 3, byteLimit: 1e11, objectLimit: null, nearlyFull: false },
    cameras: [], whenFull: "refuse", days: null, heldClips: 0, heldBytes: 0, refused: { clips: 0, reason: null }, ...changes,
});
const shown = (list) => list.element.all("p").map((each) => each.textContent);

test("every problem is listed in the node's words, and nothing is when there is none", () => {
    const list = new ArchiveProblems();
    list.show([]);
    assert.ok(list.element.hidden);
    list.show([away, "The clock is wrong."]);
    assert.ok(!list.element.hidden);
    assert.deepEqual(shown(list), [away, "The clock is wrong."]);
    list.show([]);
    assert.ok(list.element.hidden);
    assert.deepEqual(shown(list), []);
});

test("the list is built again only when it changes", () => {
    const list = new ArchiveProblems();
    list.show([away]);
    const [item] = list.element.all("li");
    list.show([away]);
    assert.equal(list.element.all("li")[0], item);
    list.show(["Another one."]);
    assert.notEqual(list.element.all("li")[0], item);
});

test("an older node that lists no problems is no error", () => {
    const list = new ArchiveProblems();
    list.show(undefined);
    assert.ok(list.element.hidden);
    assert.equal(room(usage(), String).state, "well");
    assert.deepEqual(room(usage(), String).problems, []);
});

test("a limitation is a note and no problem, and older nodes send none", () => {
    const note = "The bucket cannot be listed with these keys.";
    const { state, problems, notes } = room(usage({ problems: [], notes: [note] }), String);
    assert.equal(state, "well");
    assert.deepEqual(problems, []);
    assert.deepEqual(notes, [note]);
    assert.deepEqual(room(usage(), String).notes, []);
});

test("an archive with a problem is not well, however much room it has", () => {
    const { state, problems, remedy } = room(usage({ problems: [away] }), String);
    assert.equal(state, "bad");
    assert.deepEqual(problems, [away]);
    assert.equal(remedy, null, "the problem names its own remedy");
});
