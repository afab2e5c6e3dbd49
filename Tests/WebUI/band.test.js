// event/band.js: the time bar below the player, and its slider for keyboards and screen readers.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./document.js";
import { load } from "./kit.js";

const { Band } = await load("event/band.js");
const { Timeline } = await load("event/timeline.js");

/** A clip of 40 s that begins 10 s before its event of 20 s. */
const event = (changes = {}) => ({
    state: "closed", startedAt: "2026-11-24T13:00:00Z", endedAt: "2026-11-24T13:00:20Z", box: { x: 0, y: 0, width: 1, height: 1 },
    clips: [{ id: "a", state: "complete", startedAt: "2026-11-24T12:59:50Z", from: 10_000, to: 30_000, duration: 40_000 }], ...changes,
});

class Player extends EventTarget {
    video = new EventTarget();
    position = 0;
    isPlaying = false;
    did = [];

    constructor(given, isWhole = true) {
        super();
        this.timeline = new Timeline(given, new Map(), isWhole);
    }

    seek(position) { this.did.push(Math.round(position)); }
    pause() { this.did.push("pause"); }
    play() { this.did.push("play"); }
}

function shown(given = event(), isWhole = true) {
    const player = new Player(given, isWhole);
    const band = new Band(given, player);
    return { player, band, track: band.element.all(".track")[0], style: (name) => band.element.all(`.${name}`)[0].style };
}

const labels = (band) => band.element.all(".band-labels")[0].children.map((label) => label.textContent);

test("the parts of the bar are placed by their time", () => {
    const { style } = shown(event({ snapshot: { at: "2026-11-24T13:00:10Z" } }));
    assert.equal(style("visit").left, "25%");
    assert.equal(style("visit").width, "50%");
    assert.equal(style("roll").width, "25%");
    assert.equal(style("right").width, "25%");
    assert.equal(style("best").left, "50%");
});

test("a short event is still visible", () => {
    const { style } = shown(event({ endedAt: "2026-11-24T13:00:00Z" }));
    assert.ok(parseFloat(style("visit").width) > 0);
});

test("an open event reaches to the end of the bar", () => {
    const { style } = shown(event({ state: "open" }));
    assert.equal(style("visit").width, "75%");
    assert.equal(style("right").width, "0%");
});

test("the slider counts seconds and covers everything that is shown", () => {
    const { player, track } = shown(event({ clips: [{ ...event().clips[0], duration: 40_300 }] }));
    player.position = 12_499;
    player.dispatchEvent(new Event("time"));
    assert.deepEqual(["aria-valuemin", "aria-valuemax", "aria-valuenow"].map((name) => track.getAttribute(name)), ["0", "41", "12"]);
    assert.match(track.getAttribute("aria-valuetext"), /^0:12 \S+ 0:40, 14:00:02$/);
});

test("the end is labelled only where the label has room", () => {
    assert.equal(labels(shown().band).filter((text) => text.includes("14:00:20")).length, 1);
    // The event ends 2 s before the clip: 5 % of the bar.
    assert.equal(labels(shown(event({ endedAt: "2026-11-24T13:00:28Z" })).band).filter((text) => text.includes("14:00:28")).length, 0);
});

test("labels never overlap, wherever the event is in its clip", () => {
    for (let from = 0; from <= 40_000; from += 1000) {
        for (let length = 0; from + length <= 40_000; length += 3000) {
            const start = Date.parse("2026-11-24T13:00:00Z");
            const { band } = shown(event({
                endedAt: new Date(start + length).toISOString(), snapshot: { at: new Date(start + length / 2).toISOString() },
                clips: [{ ...event().clips[0], startedAt: new Date(start - from).toISOString(), from }],
            }));
            const middle = band.element.all(".middle").map((label) => parseFloat(label.style.left)).sort((one, other) => one - other);
            for (const [index, place] of middle.entries()) assert.ok(place > 15 && place < 85 && (index === 0 || place - middle[index - 1] > 15), `${middle}`);
        }
    }
});

test("keys go to the ends and in steps, other keys do nothing", () => {
    const { player, track } = shown();
    player.position = 20_000;
    const isTaken = (key) => track.send("keydown", { key }).defaultPrevented;
    for (const key of ["Home", "End", "PageUp", "PageDown"]) assert.ok(isTaken(key), key);
    assert.deepEqual(player.did, [0, 40_000, 10_000, 30_000]);
    assert.ok(!isTaken("Tab"));
});

test("pointing at the bar seeks to that time of what is shown", () => {
    const { player, track } = shown(event({ endedAt: "2026-11-24T13:00:04Z" }), false);
    assert.deepEqual([player.timeline.from, player.timeline.to], [4000, 20_000]);
    // The bar lies from 100 to 500.
    track.send("pointerdown", { button: 0, clientX: 300 });
    assert.deepEqual(player.did, ["pause", 12_000]);
});

test("dragging follows the pointer, and playback resumes only if it was playing before", () => {
    for (const isPlaying of [true, false]) {
        const { player, track } = shown();
        player.isPlaying = isPlaying;
        track.send("pointermove", { clientX: 400 });
        assert.deepEqual(player.did, [], "nothing is pressed yet");
        track.send("pointerdown", { button: 2, clientX: 400 });
        assert.deepEqual(player.did, [], "another button");
        track.send("pointerdown", { button: 0, clientX: 200 });
        track.send("pointermove", { clientX: 400 });
        track.send("pointerup");
        track.send("pointermove", { clientX: 500 });
        track.send("pointerup");
        assert.deepEqual(player.did, ["pause", 10_000, 30_000, ...(isPlaying ? ["play"] : [])]);
    }
});
