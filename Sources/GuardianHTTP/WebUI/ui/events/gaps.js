import { session } from "../store/session.js";
import { store } from "../store/store.js";
import { h, fill } from "../common/dom.js";
import { get, iso } from "../store/api.js";
import { minute, ms, shortly, span } from "../common/format.js";
import { isNode } from "../common/server.js";
import { icon } from "../common/icons.js";
import { Recording, addRecordings } from "./recording.js";

/** What is lacking in a gap, and why. */
export const reasons = {
    camera_lost: ["Not recorded", "the camera was lost"],
    camera_paused: ["Not recorded", "the camera was paused"],
    watch_lost: ["Not watched", "people were not detected"],
    disk_full: ["Not recorded", "the disk was full"],
    stopped: ["Not recorded", "Guardian was stopped"],
    fell: ["Not recorded", "Guardian was interrupted"],
};

/**
 * Reads the coverage of a time range: the gaps, newest first, so that the list can tell "no event" from "not recorded", and since when
 * anything is known (`null`: never). Gaps shorter than a second are left out. A gap in which a camera was not watched has the `clips` that
 * were recorded meanwhile.
 */
export async function readCoverage(from, to, camera, signal) {
    const items = [];
    let page = { nextCursor: null };
    do {
        page = await get("/api/v1/coverage", { camera, from: iso(from), to: iso(to), cursor: page.nextCursor }, signal);
        items.push(...page.items);
    } while (page.nextCursor && items.length < 1000);
    const gaps = items.filter((gap) => gap.to === null || ms(gap.to) - ms(gap.from) >= 1000);
    // A node has no list of clips.
    if (!isNode) await addRecordings(gaps, camera, signal);
    return { gaps, watchedSince: page.watchedSince ?? null };
}

export const readGaps = async (...range) => (await readCoverage(...range)).gaps;

/**
 * Says whether Guardian was watching while no event was found. That it was needs evidence for the whole range.
 *
 * `from` is the start of the range whose gaps were read, `null` when they could not be read; `cameras` are those that must be watched now,
 * `null` when the range is over.
 */
export function watchedWords({ gaps, from, watchedSince, cameras }) {
    if (gaps.length > 0) return "The list shows gaps, in which nothing was recorded or detected.";
    if (from === null) return "Guardian cannot say now whether it was watching all the time.";
    if (watchedSince === null) return "Guardian has not been watching there yet.";
    if (cameras?.some((camera) => !["quiet", "looking"].includes(camera.watch))) return `Not every camera is being watched now${session.can("read_status") ? ": see the System page" : ""}.`;
    return ms(watchedSince) > from ? `Guardian has been watching since ${shortly(watchedSince)}.` : "Guardian was watching all the time.";
}

/** A gap as a row between the events. */
export class GapRow {
    #text = h("span", { class: "gap-words" });
    #recording = new Recording();

    constructor(gap) {
        this.element = h("div", { class: "gap-row", role: "note" }, icon("gap"), this.#text, this.#recording.element);
        this.update(gap);
    }

    static key(gap) { return `${gap.camera ?? "*"}|${gap.reason}|${gap.from}`; }

    /** The end of the gap, by which it is sorted. */
    get at() { return this.gap.to === null ? Date.now() : ms(this.gap.to); }

    update(gap) {
        this.gap = gap;
        const [lack, why] = reasons[gap.reason] ?? ["Not recorded", ""];
        const clips = gap.clips ?? [];
        const what = clips.length > 0 ? "Recorded, not watched" : lack;
        this.#recording.update(clips);
        const where = gap.camera ? store.cameraName(gap.camera) : "all cameras";
        const from = minute(gap.from);
        const until = gap.to === null ? null : minute(gap.to);
        const when = until === null ? `since ${from}` : from === until ? `at ${from}, ${span(ms(gap.to) - ms(gap.from))}` : `${from} – ${until}`;
        fill(this.#text, h("strong", {}, `${what} ${when}`), h("span", {}, ` ${where} · ${(gap.text || why).replace(/\.$/, "")}`));
    }
}
