import { h, fill } from "../common/dom.js";
import { all, iso } from "../store/api.js";
import { icon } from "../common/icons.js";
import { count, minute, ms, span } from "../common/format.js";

/** Milliseconds that the longest clip may last: a clip that began earlier cannot reach into a gap. */
const longestClip = 3_600_000;
/** Most clips that are listed for one range: the newest ones. */
const most = 1000;

/** Reads the clips that were recorded in a time range while a camera was not analysed, oldest first. */
export async function readRecordings(from, to, camera, signal) {
    const clips = await all("/api/v1/clips", { kind: "continuous", camera, from: iso(from - longestClip), to: iso(to), limit: 200 }, most, signal);
    return clips.reverse();
}

/** Adds to each gap in which a camera was not watched the `clips` of all its time, which may reach out of the range that was asked for. */
export async function addRecordings(gaps, camera, signal) {
    const unwatched = gaps.filter((gap) => gap.reason === "watch_lost");
    if (unwatched.length === 0) return;
    const from = Math.min(...unwatched.map((gap) => ms(gap.from)));
    const to = Math.max(...unwatched.map((gap) => gap.to === null ? Date.now() : ms(gap.to)));
    const clips = await readRecordings(from, to, camera, signal);
    for (const gap of unwatched) gap.clips = recordingsOf(gap, clips);
}

/** Returns the clips that show a part of the gap: of its camera, or of every camera if it concerns all. */
export function recordingsOf(gap, clips) {
    const end = gap.to === null ? Infinity : ms(gap.to);
    return clips.filter((clip) => (gap.camera === null || clip.camera === gap.camera)
        && ms(clip.startedAt) < end && ms(clip.startedAt) + clip.duration > ms(gap.from));
}

/** A button that opens a player below it, which plays clips one after the other. */
export class Recording {
    #clips = [];
    #current = null;
    #video = null;
    #steps = null;
    #words = h("span", { class: "recording-words" });
    #open = h("button", { class: "pill", type: "button", "aria-expanded": "false", on: { click: () => this.#toggle() } });
    #stage = h("div", { class: "recording-stage", hidden: true });

    constructor() {
        this.element = h("div", { class: "recording", hidden: true }, this.#open, this.#stage);
    }

    update(clips) {
        this.#clips = clips;
        this.element.hidden = clips.length === 0 && this.#video === null;
        if (this.element.hidden) return void fill(this.#open);
        const duration = clips.reduce((sum, clip) => sum + clip.duration, 0);
        fill(this.#open, icon(this.#video ? "cross" : "play", true), this.#video ? "Close" : `Play ${span(duration)}`);
        if (this.#video) this.#describe();
    }

    #toggle() {
        if (this.#video) {
            this.#video.removeAttribute("src");
            this.#video.load();
            this.#video = null;
            fill(this.#stage);
        } else {
            this.#video = h("video", { controls: true, props: { muted: true, playsInline: true, autoplay: true }, on: { ended: () => this.#step(1) } });
            this.#steps = h("span", { class: "recording-steps" },
                h("button", { class: "pill", type: "button", "aria-label": "Previous clip", on: { click: () => this.#step(-1) } }, icon("back", true)),
                h("button", { class: "pill", type: "button", "aria-label": "Next clip", on: { click: () => this.#step(1) } }, icon("on", true)));
            fill(this.#stage, this.#video, h("div", { class: "recording-bar" }, this.#words, this.#steps));
            this.#show(this.#clips[0]);
        }
        this.#stage.hidden = this.#video === null;
        this.#open.setAttribute("aria-expanded", String(this.#video !== null));
        this.update(this.#clips);
    }

    /** The place of the clip that plays, by its id: the list may have changed. */
    get #at() { return this.#clips.findIndex((clip) => clip.id === this.#current?.id); }

    #step(by) {
        const next = this.#clips[this.#at + by];
        if (next) this.#show(next);
    }

    #show(clip) {
        this.#current = clip;
        this.#video.src = clip.url;
        this.#describe();
    }

    #describe() {
        this.#steps.hidden = this.#clips.length < 2;
        const place = this.#at < 0 || this.#clips.length < 2 ? "" : ` · ${this.#at + 1} of ${count(this.#clips.length, "clip")}`;
        fill(this.#words, `${minute(this.#current.startedAt)}${place}`);
    }
}
