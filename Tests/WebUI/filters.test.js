// events/filters.js and lists/filter-bar.js: which events a list shows, and how that is written in the address.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./document.js";
import { load } from "./kit.js";

const { Filters } = await load("events/filters.js");

function filters(query = "") {
    const made = new Filters(() => {});
    made.read(new URL(`http://guardian.test/events${query}`));
    return made;
}

const event = (changes = {}) => ({ camera: "yard", label: "person", startedAt: "2026-11-24T23:30:00Z", kept: false, ...changes });

test("without filters every event passes", () => {
    const all = filters();
    assert.ok(all.matches(event()));
    assert.equal(all.isNarrowed, false);
    assert.equal(all.address, "/events");
});

test("each filter alone decides", () => {
    assert.ok(filters("?camera=yard").matches(event()));
    assert.ok(!filters("?camera=yar").matches(event()));
    assert.ok(!filters("?label=car").matches(event()));
    assert.ok(filters("?kept=true").matches(event({ kept: true })));
    assert.ok(!filters("?kept=true").matches(event()));
    assert.ok(!filters("?kept=true").matches(event({ kept: undefined })), "older servers do not say it");
    assert.ok(!filters("?camera=yard&label=person&kept=true").matches(event()));
});

test("the day is the browser's", () => {
    assert.ok(filters("?day=2026-11-25").matches(event()));
    assert.ok(!filters("?day=2026-11-24").matches(event()));
});

test("the server is asked for the local day, not for a date", () => {
    assert.deepEqual(filters("?day=2026-11-25&camera=yard").query, { camera: "yard", label: null, kept: null, from: "2026-11-24T23:00:00.000Z", to: "2026-11-25T23:00:00.000Z" });
    const { from, to } = filters().query;
    assert.deepEqual([from, to], [null, null]);
});

test("an address with values that are none is read without them", () => {
    const odd = filters("?day=2026-02-30&kept=false&camera=&label=cat&other=1");
    assert.deepEqual([odd.day, odd.kept, odd.camera, odd.label], [null, null, null, "cat"]);
    assert.equal(odd.address, "/events?label=cat");
});

test("reading an address again forgets the filters before", () => {
    const narrowed = filters("?camera=yard&day=2026-11-25");
    narrowed.read(new URL("http://guardian.test/events?label=car"));
    assert.equal(narrowed.address, "/events?label=car");
});

test("an address survives being written and read, whatever a camera is called", () => {
    const first = filters(`?camera=${encodeURIComponent("a&b=c d/é")}&kept=true`);
    const again = filters(first.address.slice("/events".length));
    assert.equal(again.camera, "a&b=c d/é");
    assert.equal(again.address, first.address);
});

test("clearing and switching tell the list once each", () => {
    let changes = 0;
    const made = new Filters(() => { changes += 1; });
    made.read(new URL("http://guardian.test/events?camera=yard&kept=true"));
    assert.equal(changes, 0, "reading is no change");
    made.clear();
    assert.deepEqual([changes, made.isNarrowed], [1, false]);
    const chip = made.element.all(".switch")[0];
    chip.send("click");
    assert.deepEqual([changes, made.kept, chip.getAttribute("aria-pressed")], [2, "true", "true"]);
    chip.send("click");
    assert.deepEqual([changes, made.kept], [3, null]);
});
