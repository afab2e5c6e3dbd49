// common/format.js: dates. They depend on the time zone, and days with a clock change have 23 or 25 hours.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load, setZone, stopClock } from "./kit.js";

const { ago, clock, dayBounds, dayKey, dayTitle, minute, ms, shortly, when } = await load("common/format.js");
const hour = 3_600_000;
const hours = (key) => { const { from, to } = dayBounds(key); return (to - from) / hour; };

test("a time is a text, a Date or a number of milliseconds", () => {
    const expected = Date.UTC(2026, 10, 24, 13, 7, 20);
    assert.equal(ms("2026-11-24T14:07:20+01:00"), expected);
    assert.equal(ms(new Date(expected)), expected);
    assert.equal(ms(expected), expected);
});

test("the day of a time depends on the time zone", () => {
    const late = "2026-11-24T23:30:00Z";
    assert.equal(dayKey(late), "2026-11-25");
    setZone("America/Los_Angeles");
    assert.equal(dayKey(late), "2026-11-24");
    setZone("Pacific/Kiritimati");
    assert.equal(dayKey("2026-12-31T10:00:00Z"), "2027-01-01");
    setZone("Europe/Berlin");
    assert.equal(dayKey("2026-01-04T12:00:00Z"), "2026-01-04", "month and day have two digits");
});

test("a day with a clock change has 23 or 25 hours", () => {
    assert.equal(hours("2026-03-28"), 24);
    assert.equal(hours("2026-03-29"), 23);
    assert.equal(hours("2026-10-25"), 25);
    assert.equal(hours("2026-12-31"), 24);
});

test("the bounds of a day are its local midnights", () => {
    assert.deepEqual(dayBounds("2026-07-01"), { from: Date.parse("2026-06-30T22:00:00Z"), to: Date.parse("2026-07-01T22:00:00Z") });
    assert.equal(dayBounds("2026-07-01").to, dayBounds("2026-07-02").from);
    assert.equal(dayBounds("2028-02-29").to, dayBounds("2028-03-01").from);
});

test("a day that has no midnight begins at its first hour", () => {
    setZone("America/Sao_Paulo");
    assert.equal(hours("2018-11-04"), 23);
    assert.equal(new Date(dayBounds("2018-11-04").from).getHours(), 1);
    setZone("Europe/Berlin");
});

test("a text that is not a date has no bounds", () => {
    for (const text of ["2026-02-29", "2026-13-01", "2026-00-10", "2026-11-31", "2026-1-01", "2026-11-24T00:00", " 2026-11-24", "0050-01-01", "today", "", null, undefined]) {
        assert.equal(dayBounds(text), null, String(text));
    }
});

test("today and yesterday are named, other days are written out, with the year if it is another", () => {
    stopClock("2026-11-24T00:30:00+01:00");
    assert.equal(dayTitle("2026-11-24"), "Today");
    assert.equal(dayTitle("2026-11-23"), "Yesterday");
    assert.match(dayTitle("2026-11-22"), /^Sunday,? 22 November$/);
    assert.match(dayTitle("2025-11-24"), /^Monday,? 24 November 2025$/);
});

test("yesterday is the day before also across a new year and a clock change", () => {
    stopClock("2027-01-01T12:00:00+01:00");
    assert.equal(dayTitle("2026-12-31"), "Yesterday");
    // This day has 25 hours: at 23:30, 24 hours earlier is still the same date.
    stopClock("2026-10-25T23:30:00+01:00");
    assert.equal(dayTitle("2026-10-24"), "Yesterday");
    stopClock("2026-03-30T00:15:00+02:00");
    assert.equal(dayTitle("2026-03-29"), "Yesterday");
});

test("times show the local hour in 24 hours", () => {
    assert.equal(clock("2026-11-24T13:07:20Z"), "14:07:20");
    assert.equal(minute("2026-07-24T22:07:20Z"), "00:07");
    stopClock("2026-11-24T20:00:00+01:00");
    assert.equal(when("2026-11-24T13:07:20Z"), "Today 14:07:20");
});

test("the short form names only what is needed", () => {
    stopClock("2026-11-24T20:00:00+01:00");
    assert.equal(shortly("2026-11-24T13:07:20Z"), "14:07");
    assert.equal(shortly("2026-11-23T13:07:20Z"), "Yesterday 14:07");
    assert.equal(shortly("2026-11-01T13:07:20Z"), "1 Nov 14:07");
});

test("the age of a time changes its unit at fixed limits", () => {
    const now = Date.parse("2026-11-24T19:00:00Z");
    stopClock(now);
    const after = (milliseconds) => ago(now - milliseconds, now);
    assert.equal(after(-60_000), after(0), "a time in the future is no error");
    assert.equal(after(4999), after(0));
    assert.equal(after(5000), "5 s ago");
    assert.equal(after(44_999), "45 s ago");
    assert.equal(after(45_000), "1 min ago");
    assert.equal(after(89_999), "1 min ago");
    assert.equal(after(90_000), "2 min ago");
    assert.equal(after(3_569_999), "59 min ago");
    assert.equal(after(3_570_000), "19:00");
});
