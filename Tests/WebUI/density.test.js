// events/density.js: the day as bars by hour. The chart is built from real elements; only the network is replaced.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import "./document.js";
import { answerWith, json, load, stopClock } from "./kit.js";

const { DensityStrip } = await load("events/density.js");
const hour = 3_600_000;

beforeEach(() => {
    globalThis.innerWidth = 1280;
    stopClock("2026-11-24T12:30:00+01:00");
});

/** A strip that shows a day; `items`: `[time, count]`. */
async function shown(day, items = []) {
    const jumps = [];
    const requests = answerWith(() => json({ items: items.map(([at, count]) => ({ at, count })) }));
    const strip = new DensityStrip((from, to) => jumps.push([new Date(from).toISOString(), (to - from) / hour]));
    strip.reset({});
    await strip.show(day);
    return { strip, jumps, requests };
}

const slots = (strip) => strip.element.all(".slot");
const button = (strip) => strip.element.all("button")[0];

test("a day has one slot an hour, also when the clock changes, and the latest is on top", async () => {
    for (const [day, count] of [["2026-11-24", 24], ["2026-03-29", 23], ["2026-10-25", 25]]) {
        const { strip } = await shown(day);
        assert.equal(slots(strip).length, count, day);
        assert.equal(strip.element.all("li")[0].dataset.index, String(count - 1));
    }
});

test("the server is asked for the local day in steps of an hour with the list's filters", async () => {
    const { strip, requests } = await shown("2026-10-25");
    strip.reset({ camera: "yard", label: null, kept: "true" });
    await strip.show("2026-10-25");
    assert.equal(requests.length, 2);
    assert.deepEqual(Object.fromEntries(requests[0].url.searchParams), { from: "2026-10-24T22:00:00.000Z", to: "2026-10-25T23:00:00.000Z", step: "3600" });
    assert.equal(requests[1].url.searchParams.get("camera"), "yard");
    assert.ok(!requests[1].url.searchParams.has("label") && !requests[1].url.searchParams.has("kept"));
});

test("an hour with events is a button that jumps to it", async () => {
    const { strip, jumps } = await shown("2026-11-24", [["2026-11-24T07:59:59.999+01:00", 2], ["2026-11-24T08:00:00+01:00", 3]]);
    const buttons = strip.element.all("button");
    assert.equal(buttons.length, 2);
    assert.match(buttons[0].title, /^08:00, 3 /);
    assert.match(buttons[1].title, /^07:00, 2 /);
    buttons[0].send("click");
    assert.deepEqual(jumps, [["2026-11-24T07:00:00.000Z", 1]]);
});

test("counts outside the day are ignored", async () => {
    let total = null;
    const { strip } = await shown("2026-11-23");
    strip.onTotal = (day, count) => { total = [day, count]; };
    answerWith(() => json({ items: [{ at: "2026-11-23T23:59:59+01:00", count: 1 }, { at: "2026-11-24T00:00:00+01:00", count: 50 }, { at: "2026-11-22T23:59:59+01:00", count: 50 }] }));
    await strip.load("2026-11-23", true);
    assert.deepEqual(total, ["2026-11-23", 1]);
    assert.equal(strip.element.all("button").length, 1);
});

test("a few events do not fill the chart, and many fill it exactly", async () => {
    const share = async (...counts) => {
        const items = counts.map((count, index) => [`2026-11-24T0${index}:30:00+01:00`, count]);
        return (await shown("2026-11-24", items)).strip.element.all(".bar").map((bar) => bar.style["--share"]).reverse();
    };
    assert.deepEqual(await share(1), ["0.25"]);
    assert.deepEqual(await share(10, 5), ["1", "0.5"]);
});

test("a narrow screen has two hours a row", async () => {
    globalThis.innerWidth = 719;
    const { strip, jumps } = await shown("2026-10-25", [["2026-10-25T21:30:00Z", 1], ["2026-10-25T22:30:00Z", 1]]);
    assert.equal(slots(strip).length, 13);
    assert.equal(strip.element.all("button").length, 2, "the last hour of 25 is a row of its own");
    button(strip).send("click");
    assert.deepEqual(jumps, [["2026-10-25T22:00:00.000Z", 2]]);
});

test("hours with a gap are marked, one that has not ended up to now", async () => {
    const { strip } = await shown("2026-11-24");
    const marked = () => slots(strip).reverse().flatMap((slot, index) => (slot.classList.contains("gap") ? [index] : []));
    strip.setGaps([{ from: "2026-11-24T03:00:00+01:00", to: "2026-11-24T05:00:00+01:00" }]);
    assert.deepEqual(marked(), [3, 4], "a gap that ends at five is not in the hour after");
    strip.setGaps([{ from: "2026-11-24T11:59:00+01:00", to: null }]);
    assert.deepEqual(marked(), [11, 12]);
});

test("hours that are still to come are dimmed", async () => {
    const { strip } = await shown("2026-11-24");
    assert.deepEqual(slots(strip).filter((slot) => slot.classList.contains("to-come")).length, 11);
});

test("a day is asked for once, and again on demand", async () => {
    const { strip, requests } = await shown("2026-11-24");
    await strip.show("2026-11-23");
    await strip.show("2026-11-24");
    assert.equal(requests.length, 2);
    await strip.load("2026-11-24", true);
    assert.equal(requests.length, 3);
    await strip.load("no day");
    assert.equal(requests.length, 3);
});

test("a response to filters that were changed since is ignored", async () => {
    const { strip } = await shown("2026-11-24");
    let finish;
    answerWith(() => new Promise((resolve) => { finish = () => resolve(json({ items: [{ at: "2026-11-24T08:00:00+01:00", count: 9 }] })); }));
    const loading = strip.load("2026-11-24", true);
    strip.reset({ camera: "yard" });
    finish();
    await loading;
    answerWith(() => json({ items: [] }));
    await strip.show("2026-11-24");
    assert.equal(strip.element.all("button").length, 0);
});

test("without a response the chart is empty and nothing fails", async () => {
    answerWith(() => { throw new TypeError("no network"); });
    const strip = new DensityStrip(() => {});
    await strip.show("2026-11-24");
    assert.equal(slots(strip).length, 24);
});

test("the hour of the topmost event is marked", async () => {
    const { strip } = await shown("2026-11-24");
    strip.mark(Date.parse("2026-11-24T09:59:59+01:00"));
    assert.deepEqual(strip.element.all(".here").map((item) => item.dataset.index), ["9"]);
});
