import { dayKey, labelName } from "../parts/format.js";
import { cameraChoice, dayChoice, FilterBar, keptChoice } from "../lists/filter-bar.js";

/** What the list of events is narrowed to: camera, kind, day, and whether they are kept. */
export class Filters extends FilterBar {
    #labels;

    constructor(onChange) {
        const labels = new Set(["person"]);
        super("/events", { camera: cameraChoice, label: { title: "Kind", any: "Everything", values: () => [...labels].sort(), word: labelName }, day: dayChoice, kept: keptChoice }, onChange);
        this.#labels = labels;
    }

    learn(label) { this.#labels.add(label); }

    takes(event) {
        return (this.camera === null || event.camera === this.camera) && (this.label === null || event.label === this.label)
            && (this.day === null || dayKey(event.startedAt) === this.day) && (this.kept === null || event.kept === true);
    }
}
