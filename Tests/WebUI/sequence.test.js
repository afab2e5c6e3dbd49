// archive/clip/sequence.js: whether the parts of a clip belong together.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./kit.js";

const { follows, junction } = await load("archive/clip/sequence.js");
const clip = (part, bind, previous) => ({ bind, header: { part, previous } });

test("a part that names the previous one has no fault", () => {
    assert.equal(follows(clip(0, "aaa", ""), clip(1, "bbb", "aaa")), null);
    assert.equal(follows(null, clip(5, "bbb", "aaa")), null, "there is nothing to compare with");
});

test("a missing, replaced or repeated part is a fault", () => {
    assert.match(follows(clip(0, "aaa", ""), clip(1, "bbb", "xxx")), /\.$/, "replaced");
    assert.match(follows(clip(0, "aaa", ""), clip(2, "ccc", "aaa")), /\.$/, "a part between them is missing");
    assert.match(follows(clip(1, "aaa", ""), clip(1, "bbb", "aaa")), /\.$/, "twice the same number");
    assert.match(follows(clip(2, "aaa", ""), clip(1, "bbb", "aaa")), /\.$/, "in another order");
});

test("the time that is missing between two parts is named from half a second on", () => {
    const whole = junction(0);
    for (const gap of [-0.2, 0.499]) assert.equal(junction(gap), whole);
    assert.match(junction(0.5), /\b500 ms\b/);
    assert.match(junction(12), /\b12 s\b/);
    assert.match(junction(250), /\b4 min 10 s\b/);
    assert.notEqual(junction(null), whole, "what is not known is not said to be complete");
});
