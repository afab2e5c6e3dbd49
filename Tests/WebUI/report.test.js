// report/: the geometry of charts, and the day in words.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./document.js";
import { load } from "./kit.js";

const { clockMarks, extent, hours, paths, runs, stepsOf, ticks } = await load("report/plot.js");
const { chartsOf } = await load("report/charts.js");
const { cameraWords, sentenceOf, storageWords } = await load("report/words.js");
const { reasons } = await load("events/gaps.js");

const level = (...points) => ({ kind: "level", points });
const step = (at, mean, min = mean, max = mean) => ({ at, to: at + 60_000, count: 6, mean, min, max });
const hour = 3_600_000;

test("a level has the mean of its samples, an increase its rate by the second", () => {
    assert.deepEqual(stepsOf(level([0, 6, 60, 5, 20, 7]), 1000, 60), [{ at: 1000, to: 61_000, count: 6, mean: 10, min: 5, max: 20 }]);
    const [rate] = stepsOf({ kind: "increase", points: [[60_000, 3, 600, 100, 300, 200]] }, 0, 60);
    assert.deepEqual([rate.mean, rate.min, rate.max], [20, 20, 20]);
    const [bits] = stepsOf({ kind: "increase", points: [[0, 3, 600, 100, 300, 200]] }, 0, 60, 8);
    assert.equal(bits.mean, 160, "in the unit that is shown, so that its axis is round");
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
    const found = hours([step(100, 1, 0, 5), step(200_000, 3), step(2 * hour, 9)], 0);
    assert.deepEqual(found, [{ at: 0, min: 0, max: 5, mean: 2 }, { at: 2 * hour, min: 9, max: 9, mean: 9 }]);
    assert.deepEqual(hours([step(-hour / 2, 4)], 0), [{ at: 0, min: 4, max: 4, mean: 4 }], "a step that began before the day is of its first hour");
});

test("the times below a chart are those of the clock, also when it changes", () => {
    const shares = (from, to) => clockMarks(Date.parse(from), Date.parse(to)).map(({ share }) => Math.round(share * 1000));
    assert.deepEqual(shares("2026-11-24T00:00+01:00", "2026-11-25T00:00+01:00"), [0, 250, 500, 750, 1000]);
    assert.deepEqual(shares("2026-03-29T00:00+01:00", "2026-03-30T00:00+02:00"), [0, 217, 478, 739, 1000]);
    assert.deepEqual(shares("2026-10-25T00:00+02:00", "2026-10-26T00:00+01:00"), [0, 280, 520, 760, 1000]);
});

test("each camera has charts of its own, and what was not measured has none", () => {
    const line = (metric, camera, points) => ({ metric, camera, points });
    const charts = chartsOf([line("camera_bits_per_second", "front", [[0]]), line("cpu_permille", null, [[0]]), line("temperature_millidegrees", null, [])], () => "Front door");
    assert.deepEqual(charts.map(({ title }) => title), ["Processor", "Video data, Front door"]);
    assert.equal(charts[0].words(505).replace(",", "."), "50.5 %");
});

const [from, to] = ["2026-11-24T00:00:00.000Z", "2026-11-25T00:00:00.000Z"];
const day = (cameras, known = 86_400, incidents = []) => ({ from, to, edges: [{ uptime: { up: known, known, of: 86_400 }, cameras }], incidents });
const camera = (camera, up, known = 86_400, more = {}) => ({ camera, uptime: { up, known, of: 86_400 }, reconnects: 0, missingPackets: 0, bitsPerSecond: 2e6, ...more });
const gap = (reason, from, to, camera = null) => ({ camera, reason, from: `2026-11-${from}:00Z`, to: to && `2026-11-${to}:00Z`, text: "" });
const sentence = (report, now = to) => sentenceOf(report, { nameOf: (camera) => `the ${camera}`, reasons, now: Date.parse(now) });

test("the day is told in one sentence", () => {
    assert.equal(sentence(day([camera("yard", 86_400)])), "Everything worked all day.");
    assert.equal(sentence(day([camera("yard", 86_350)]), from), "Everything has worked so far today.");
    assert.equal(sentence(day([camera("yard", 85_680)])), "the yard sent no video for 12 min.");
    assert.equal(sentence(day([camera("yard", 86_000), camera("front", 80_000), camera("shed", 86_400)])), "the front sent no video for 1 h 46 min, and 1 other camera for less.");
    assert.equal(sentence(day([], 43_200)), "Everything worked while it was measured; for 12 h it was not.");
    assert.equal(sentence({ ...day([]), edges: [] }), "Nothing was measured on this day.");
});

test("samples that are a little further apart than their interval are no loss", () => {
    assert.equal(sentence(day([camera("yard", 85_700, 85_700)], 85_700)), "Everything worked all day.");
    assert.equal(cameraWords(camera("yard", 85_700, 85_700), () => "").words, "All the time · ");
});

test("the sentence tells what was not recorded or watched while cameras sent video", () => {
    const cameras = [camera("yard", 86_400)];
    assert.equal(sentence(day(cameras, 86_400, [gap("disk_full", "24T02:00", "24T02:20"), gap("disk_full", "24T05:00", "24T05:10")])), "Nothing was recorded for 30 min (the disk was full).");
    assert.equal(sentence(day(cameras, 86_400, [gap("watch_lost", "24T02:00", "24T02:20", "yard")])), "the yard was not watched for 20 min (people were not detected).");
    assert.equal(sentence(day(cameras, 80_000, [gap("fell", "24T02:00", "24T03:46")])), "Nothing was recorded for 1 h 46 min (Guardian was interrupted).", "the time that was not measured has its reason");
    assert.equal(sentence(day([camera("yard", 86_000)], 86_400, [gap("disk_full", "24T02:00", "24T02:20")])), "Nothing was recorded for 20 min (the disk was full), and more is below.");
    assert.equal(sentence(day(cameras, 86_400, [gap("camera_paused", "24T02:00", "24T12:00", "yard"), gap("camera_lost", "24T13:00", "24T14:00", "yard"), gap("disk_full", "24T13:00", "24T13:00")])), "Everything worked all day.", "what is told otherwise, or was short");
});

test("a gap counts as far as it lies within the day, and one that goes on up to now", () => {
    assert.equal(sentence(day([], 86_400, [gap("disk_full", "23T12:00", "24T00:30")])), "Nothing was recorded for 30 min (the disk was full).");
    assert.equal(sentence(day([], 86_400, [gap("disk_full", "24T23:00", null)]), "2026-11-26T00:00Z"), "Nothing was recorded for 1 h (the disk was full).");
    assert.equal(sentence(day([], 36_000, [gap("disk_full", "24T09:45", null)]), "2026-11-24T10:00Z"), "Nothing was recorded for 15 min (the disk was full).");
});

test("a camera's row says only what there is to say", () => {
    const words = (...given) => cameraWords(camera("yard", ...given), () => "2 Mbit/s").words;
    assert.equal(words(86_400), "All the time · 2 Mbit/s");
    assert.equal(words(86_380, 86_400, { reconnects: 1, missingPackets: 12, bitsPerSecond: null }), "All but 20 s · 1 reconnection · 12 packets missed");
    assert.equal(words(85_680), "All but 12 min · 2 Mbit/s");
    assert.equal(words(36_000), "10 h of 24 h · 2 Mbit/s");
    assert.equal(words(0, 86_400, { bitsPerSecond: null }), "No video");
    assert.equal(words(43_200, 43_200), "All of the 12 h that were measured · 2 Mbit/s");
    assert.equal(words(42_480, 43_200), "All but 12 min of the 12 h that were measured · 2 Mbit/s");
    assert.equal(words(0, 0, { bitsPerSecond: null }), "Not measured");
});

test("a camera's bar tells lost time from time that was not measured", () => {
    const bar = (...given) => { const { up, away } = cameraWords(camera("yard", ...given), () => ""); return [up, away]; };
    assert.deepEqual(bar(86_000, 86_000), [1, 0]);
    assert.deepEqual(bar(64_800), [0.75, 0.25]);
    assert.deepEqual(bar(21_600, 43_200), [0.25, 0.25]);
    assert.deepEqual(bar(0, 0), [0, 0]);
});

test("the storage says what is known of it", () => {
    const size = (bytes) => `${bytes} B`;
    assert.deepEqual(storageWords({ usedBytes: 5, grownBytes: -2, freeBytes: null, daysLeft: null }, size), [["Clips", "5 B"], ["Grown on this day", "2 B less"]]);
    assert.deepEqual(storageWords({ usedBytes: null, grownBytes: null, freeBytes: null, daysLeft: 12.4 }, size), [["Full in", "about 12 days"]]);
    assert.deepEqual(storageWords({ usedBytes: null, grownBytes: null, freeBytes: null, daysLeft: 0.2 }, size), [["Full in", "less than a day"]]);
});
