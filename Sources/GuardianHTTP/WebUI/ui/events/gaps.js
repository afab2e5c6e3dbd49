import { store } from "../store/store.js";
import { h, fill } from "../parts/dom.js";
import { all, iso } from "../store/api.js";
import { minute, ms, span } from "../parts/format.js";
import { icon } from "../parts/icons.js";

const reasons = {
    camera_lost: ["Not recorded", "the camera was lost"],
    watch_lost: ["Recorded, not watched", "people were not detected"],
    disk_full: ["Not recorded", "the disk was full"],
    stopped: ["Not recorded", "Guardian was stopped"],
    fell: ["Not recorded", "Guardian was interrupted"],
};

/** Reads the gaps in the coverage of a time range, newest first, so that the list can tell "no event" from "not recorded". Gaps shorter than a second are left out. */
export async function readGaps(from, to, camera, signal) {
    const items = await all("/api/v1/coverage", { camera, from: iso(from), to: iso(to) }, 1000, signal);
    return items.filter((gap) => gap.to === null || ms(gap.to) - ms(gap.from) >= 1000);
}

/** A gap as a row between the events. */
export class GapRow {
    #text = h("span", { class: "gap-words" });

    constructor(gap) {
        this.element = h("div", { class: "gap-row", role: "note" }, icon("gap"), this.#text);
        this.update(gap);
    }

    static key(gap) { return `${gap.camera ?? "*"}|${gap.reason}|${gap.from}`; }

    /** The end of the gap, by which it is sorted. */
    get at() { return this.gap.to === null ? Date.now() : ms(this.gap.to); }

    update(gap) {
        this.gap = gap;
        const [what, why] = reasons[gap.reason] ?? ["Not recorded", ""];
        const where = gap.camera ? store.cameraName(gap.camera) : "all cameras";
        const from = minute(gap.from);
        const until = gap.to === null ? null : minute(gap.to);
        const when = until === null ? `since ${from}` : from === until ? `at ${from}, ${span(ms(gap.to) - ms(gap.from))}` : `${from} – ${until}`;
        fill(this.#text, h("strong", {}, `${what} ${when}`), h("span", {}, ` ${where} · ${(gap.text || why).replace(/\.$/, "")}`));
    }
}
