// archive/status.js: what an archived clip's status means.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./kit.js";

const { hasBytes, meaning, remark, statuses } = await load("archive/status.js");
const part = (changes = {}) => ({ part: 0, size: 100, status: "stored", ...changes });
const item = (status, changes = {}) => ({ status, reason: null, parts: [part()], ...changes });

test("every status has its own text, and one of a newer server is shown as it is", () => {
    const texts = statuses.map((status) => meaning(status).text);
    assert.equal(new Set(texts).size, statuses.length);
    assert.equal(meaning("frozen").text, "frozen");
    assert.ok(meaning("frozen").kind && meaning("frozen").icon);
});

test("every status but stored has a remark", () => {
    for (const status of statuses) assert.equal(typeof remark(item(status)), status === "stored" ? "object" : "string", status);
    assert.equal(remark(item("stored")), null);
    assert.equal(remark(item("frozen")), null);
});

test("a reason becomes a sentence of its own with one full stop", () => {
    for (const reason of ["the store is full", "the store is full."]) {
        for (const status of ["interrupted", "pending", "failed", "refused"]) assert.match(remark(item(status, { reason })), /^The store is full\. [A-Z]/, status);
    }
});

test("an interrupted clip names the latest checkpoint of its parts in local time", () => {
    const parts = [part({ checkpoint: { at: "2026-11-24T13:07:20Z" } }), part({ checkpoint: { at: "2026-11-24T13:09:21Z" } }), part({ checkpoint: { at: null } }), part()];
    assert.match(remark(item("interrupted", { parts })), /14:09:21/);
    assert.doesNotMatch(remark(item("interrupted")), /\d:\d|Invalid|undefined/);
});

test("a clip can be opened as soon as one part has bytes that were not refused", () => {
    assert.ok(hasBytes(item("uploading", { parts: [part({ size: 0 }), part({ size: 1, status: "uploading" })] })));
    assert.ok(!hasBytes(item("refused", { parts: [part({ status: "refused" }), part({ size: 0 })] })));
    assert.ok(!hasBytes(item("pending", { parts: [] })));
});
