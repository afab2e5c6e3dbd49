// common/format.js: durations, amounts and names. Most errors here are at the limits between two units, where a value is rounded up to the next one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./kit.js";

const { bitrate, bytes, codecName, count, counter, figure, firstSentence, labelName, percent, span, stay } = await load("common/format.js");

function check(format, table) {
    for (const [value, text] of table) assert.equal(format(value), text, `of ${value}`);
}

test("a duration changes its unit at fixed limits", () => {
    check(span, [
        [-5, "0 ms"], [0, "0 ms"], [999, "999 ms"], [999.4, "999 ms"], [999.6, "1 s"], [1000, "1 s"], [1049, "1 s"], [1051, "1.1 s"], [9900, "9.9 s"], [9949, "9.9 s"], [9950, "10 s"],
        [59_499, "59 s"], [59_500, "1 min"], [60_000, "1 min"], [250_000, "4 min 10 s"], [599_499, "9 min 59 s"], [599_500, "10 min"], [610_000, "10 min"],
        [3_599_499, "59 min"], [3_599_500, "1 h"], [11_100_000, "3 h 5 min"], [35_940_000, "9 h 59 min"], [36_060_000, "10 h"],
        [172_799_000, "47 h"], [172_800_000, "2 days"], [216_000_000, "3 days"], [1e11, "1,157 days"],
    ]);
});

test("a duration never reads 60 seconds or 60 minutes", () => {
    for (let milliseconds = 0; milliseconds < 8_000_000; milliseconds += 250) assert.doesNotMatch(span(milliseconds), /\b60 (s|min)\b/);
});

test("an event lasts at least a second and whole seconds", () => {
    check(stay, [[-1000, "1 s"], [0, "1 s"], [1499, "1 s"], [1500, "2 s"], [9499, "9 s"], [9500, "10 s"], [59_500, "1 min"]]);
});

test("a counter rounds to seconds before it splits them", () => {
    check(counter, [[-1, "0:00"], [499, "0:00"], [500, "0:01"], [12_000, "0:12"], [59_499, "0:59"], [59_500, "1:00"], [600_000, "10:00"], [3_599_499, "59:59"], [3_599_500, "1:00:00"], [3_849_000, "1:04:09"], [360_000_000, "100:00:00"]]);
});

test("an amount of bytes has three digits at most and decimal units", () => {
    check(bytes, [[0, "0 bytes"], [999, "999 bytes"], [1000, "1 KB"], [1049, "1 KB"], [1051, "1.1 KB"], [99_949, "99.9 KB"], [100_400, "100 KB"], [999_499, "999 KB"], [999_500, "1 MB"], [1e6, "1 MB"], [999_999_999, "1 GB"], [1.5e9, "1.5 GB"], [2e12, "2 TB"], [3e15, "3 PB"], [4e18, "4,000 PB"]]);
});

test("a bit rate changes to Mbit/s at a million", () => {
    check(bitrate, [[0, "0 kbit/s"], [64_000, "64 kbit/s"], [999_400, "999 kbit/s"], [1e6, "1 Mbit/s"], [4_250_000, "4.3 Mbit/s"]]);
});

test("fractions become whole percent", () => {
    check(percent, [[0, "0 %"], [0.004, "0 %"], [0.005, "1 %"], [0.995, "100 %"], [1, "100 %"]]);
});

test("a count has its plural unless it is one", () => {
    assert.equal(count(0, "camera"), "0 cameras");
    assert.equal(count(1, "camera"), "1 camera");
    assert.equal(count(1200, "camera"), "1,200 cameras");
    assert.equal(count(2, "entry", "entries"), "2 entries");
    assert.equal(figure(1_234_567.4), "1,234,567");
});

test("labels and codecs are written for people", () => {
    check(labelName, [["person", "Person"], ["traffic_light", "Traffic light"], ["hair-dryer_2", "Hair dryer 2"], ["", ""]]);
    check(codecName, [["h264", "H.264"], ["hevc", "H.265"], ["av1", "AV1"], [null, ""], [undefined, ""]]);
});

test("the first sentence ends at a mark before a space, not inside a number", () => {
    check(firstSentence, [
        ["All is well. Nothing to do.", "All is well"], ["Uses 1.5 GB; more later", "Uses 1.5 GB"], ["Really? Yes.", "Really?"],
        ["Two\nlines. End", "Two\nlines"], ["no mark", "no mark"], ["Ends.", "Ends"], ["", ""],
    ]);
});
