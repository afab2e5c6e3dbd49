import { dayKey, labelName } from "../parts/format.js";
import { cameraChoice, dayChoice, FilterBar } from "../lists/filter-bar.js";

/** What the list of events is narrowed to: camera, kind, day. */
export class Filters extends FilterBar {
    #labels;

    constructor(onChange) {
        const labels = new Set(["person"]);
        super("/events", { camera: cameraChoice, label: { title: "Kind", any: "Everything", values: () => [...labels].sort(), word: labelName }, day: dayChoice }, onChange);
        this.#labels = labels;
    }

    learn(label) { this.#labels.add(label); }

    takes(event) {
        return (this.camera === null || event.camera === this.camera) && (this.label === null || event.label === this.label)
            && (this.day === null || dayKey(event.startedAt) === this.day);
    }
}
