// store/backoff.js: the wait before the next attempt. `Math.random` is replaced by constants, so that the bounds are exact.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { load } from "./kit.js";

const { Backoff } = await load("store/backoff.js");
const random = Math.random;
afterEach(() => { Math.random = random; });

function waits(chance, count, backoff = new Backoff(1000, 15_000)) {
    Math.random = () => chance;
    return Array.from({ length: count }, () => backoff.next());
}

test("the shortest wait is not zero, so that a server that is down is not flooded", () => {
    assert.deepEqual(waits(0, 4), [250, 250, 250, 250]);
});

test("the longest wait doubles up to the limit", () => {
    assert.deepEqual(waits(1, 6), [1250, 2250, 4250, 8250, 15_250, 15_250]);
});

test("waits spread over the whole range, so that tabs do not reconnect at the same time", () => {
    assert.deepEqual(waits(0.5, 3), [750, 1250, 2250]);
});

test("after a success the wait starts again at its shortest", () => {
    const backoff = new Backoff(1000, 15_000);
    waits(1, 10, backoff);
    backoff.reset();
    assert.equal(backoff.next(), 1250);
});

test("after many failures the wait is still finite", () => {
    const all = waits(1, 5000);
    assert.ok(all.every((wait) => wait <= 15_250));
});
