import { store } from "../store/store.js";
import { dayKey, labelName } from "../common/format.js";
import { cameraChoice, dayChoice, FilterBar, keptChoice } from "../lists/filter-bar.js";

/** The filters of the list of events: camera, kind, day, and whether they are kept. */
export class Filters extends FilterBar {
    #labels;

    constructor(onChange) {
        const labels = new Set(["person"]);
        super("/events", { camera: cameraChoice, label: { title: "Kind", any: "Everything", values: () => [...labels].sort(), text: labelName }, day: dayChoice, kept: keptChoice }, onChange);
        this.#labels = labels;
    }

    addLabel(label) { this.#labels.add(label); }

    /** Whether an event passes the filters. */
    matches(event) {
        return (this.camera === null || store.isOf(event, this.camera)) && (this.label === null || event.label === this.label)
            && (this.day === null || dayKey(event.startedAt) === this.day) && (this.kept === null || event.kept === true);
    }
}
