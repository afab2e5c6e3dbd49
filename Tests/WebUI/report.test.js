// report/: the geometry of charts, and the day in words.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./kit.js";

const { extent, hours, paths, runs, stepsOf, ticks } = await load("report/plot.js");
const { chartsOf } = await load("report/charts.js");
const { cameraWords, sentenceOf, storageWords } = await load("report/words.js");

const level = (...points) => ({ kind: "level", points });
const step = (at, mean, min = mean, max = mean) => ({ at, to: at + 60_000, count: 6, sum: mean * 6, mean, min, max });

test("a level has the mean of its samples, an increase its rate by the second", () => {
    assert.deepEqual(stepsOf(level([0, 6, 60, 5, 20, 7]), 1000, 60), [{ at: 1000, to: 61_000, count: 6, sum: 60, mean: 10, min: 5, max: 20 }]);
    const [rate] = stepsOf({ kind: "increase", points: [[60_000, 3, 600, 100, 300, 200]] }, 0, 60);
    assert.deepEqual([rate.mean, rate.min, rate.max], [20, 20, 20]);
});

test("the mean of a day weighs each step by its samples", () => {
    assert.deepEqual(extent([{ count: 9, mean: 1, min: 0, max: 2 }, { count: 1, mean: 11, min: 10, max: 12 }]), { min: 0, max: 12, mean: 2 });
    assert.equal(extent([]), null);
});

test("an axis contains 0 and all values, in round steps", () => {
    const expected = [[0, 1000, [0, 500, 1000]], [3, 7, [0, 5, 10]], [40, 61, [0, 50, 100]], [1e9, 1.9e9, [0, 1e9, 2e9]], [-5, 20, [-20, 0, 20]]];
    for (const [min, max, marks] of expected) assert.deepEqual(ticks(min, max), marks);
    for (const [min, max] of [[0, 0], [-7, -3], [0.001, 0.002], [0, 1 << 30]]) {
        const [low, middle, high] = ticks(min, max);
        assert.ok(low <= Math.min(0, min) && high >= Math.max(0, max) && low < middle && middle < high, `${min} to ${max}`);
    }
});

test("gaps are gaps in the line", () => {
    const steps = [step(0, 1), step(60_000, 2), step(180_000, 3)];
    assert.deepEqual(runs(steps).map((run) => run.length), [2, 1]);
    const { line, band } = paths(steps, { from: 0, to: 240_000, low: 0, high: 4 });
    assert.equal(line, "M0 75L125 75L375 50L500 50M750 25L875 25L1000 25");
    assert.equal(band, "", "nothing varies within a step");
});

test("the band lies between the lowest and the highest of each step", () => {
    const { band } = paths([step(0, 2, 1, 3)], { from: 0, to: 60_000, low: 0, high: 4 });
    assert.equal(band, "M0 25L500 25L1000 25L1000 75L500 75L0 75Z");
});

test("steps are combined by hour, and hours without any are left out", () => {
    const hour = 3_600_000;
    const found = hours([step(100, 1, 0, 5), step(200_000, 3), step(2 * hour, 9)], 0);
    assert.deepEqual(found, [{ at: 0, min: 0, max: 5, mean: 2 }, { at: 2 * hour, min: 9, max: 9, mean: 9 }]);
});

test("each camera has charts of its own, and what was not measured has none", () => {
    const line = (metric, camera, points) => ({ metric, camera, points });
    const charts = chartsOf([line("camera_bits_per_second", "front", [[0]]), line("cpu_permille", null, [[0]]), line("temperature_millidegrees", null, [])], () => "Front door");
    assert.deepEqual(charts.map(({ title }) => title), ["Processor", "Video data, Front door"]);
    assert.equal(charts[0].words(505).replace(",", "."), "50.5 %");
});

const day = (cameras, known = 86_400) => ({ edges: [{ uptime: { up: known, known, of: 86_400 }, cameras }] });
const camera = (camera, up, known = 86_400, more = {}) => ({ camera, uptime: { up, known, of: 86_400 }, reconnects: 0, missingPackets: 0, bitsPerSecond: 2e6, ...more });
const name = (camera) => `the ${camera}`;

test("the day is told in one sentence", () => {
    assert.equal(sentenceOf(day([camera("yard", 86_400)]), name, true), "Everything worked all day.");
    assert.equal(sentenceOf(day([camera("yard", 86_350)]), name, false), "Everything has worked so far today.");
    assert.equal(sentenceOf(day([camera("yard", 85_680)]), name, true), "the yard sent no video for 12 min.");
    assert.equal(sentenceOf(day([camera("yard", 86_000), camera("front", 80_000), camera("shed", 86_400)]), name, true), "the front sent no video for 1 h 46 min, and 1 other camera for less.");
    assert.equal(sentenceOf(day([], 43_200), name, true), "Everything worked while it was measured; for 12 h it was not.");
    assert.equal(sentenceOf({ edges: [] }, name, true), "Nothing was measured on this day.");
});

test("a camera's row says only what there is to say", () => {
    const rate = () => "2 Mbit/s";
    assert.deepEqual(cameraWords(camera("yard", 86_400), rate), { words: "All the time · 2 Mbit/s", share: 1 });
    assert.deepEqual(cameraWords(camera("yard", 86_380, 86_400, { reconnects: 1, missingPackets: 12, bitsPerSecond: null }), rate).words, "All but 20 s · 1 reconnection · 12 packets missed");
    assert.equal(cameraWords(camera("yard", 43_200, 86_400), rate).words, "12 h of 24 h · 2 Mbit/s");
    assert.deepEqual(cameraWords(camera("yard", 0, 0, { bitsPerSecond: null }), rate), { words: "Not measured", share: 0 });
});

test("the storage says what is known of it", () => {
    const size = (bytes) => `${bytes} B`;
    assert.deepEqual(storageWords({ usedBytes: 5, grownBytes: -2, freeBytes: null, daysLeft: null }, size), [["Clips", "5 B"], ["Grown", "2 B less"]]);
    assert.deepEqual(storageWords({ usedBytes: null, grownBytes: null, freeBytes: null, daysLeft: 12.4 }, size), [["Full in", "about 12 days"]]);
    assert.deepEqual(storageWords({ usedBytes: null, grownBytes: null, freeBytes: null, daysLeft: 0.2 }, size), [["Full in", "less than a day"]]);
});
