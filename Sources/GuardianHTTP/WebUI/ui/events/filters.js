import { store } from "../store/store.js";
import { h } from "../parts/dom.js";
import { dayBounds, dayKey, dayTitle, labelName } from "../parts/format.js";
import { ChipMenu } from "./menu.js";

/** What the list is narrowed to. It lives in the address, so that a page can be shared and reloaded. */
export class Filters {
    camera = null;
    label = null;
    day = null;
    #labels = new Set(["person"]);
    #date = h("input", { type: "date", class: "date", "aria-label": "Another day", on: { change: () => { if (this.#date.value) this.#change({ day: this.#date.value }); } } });
    #cameraChip = new ChipMenu("Camera", () => [
        { value: null, title: "All cameras" }, ...store.cameras.map((camera) => ({ value: camera.id, title: camera.name })),
    ], (camera) => this.#change({ camera }));
    #labelChip = new ChipMenu("Kind", () => [
        { value: null, title: "Everything" }, ...[...this.#labels].sort().map((label) => ({ value: label, title: labelName(label) })),
    ], (label) => this.#change({ label }));
    #dayChip = new ChipMenu("Day", () => [{ value: null, title: "Any day" }, ...lastDays()], (day) => this.#change({ day }), h("label", { class: "date-row" }, h("span", {}, "Another day"), this.#date));
    #onChange;

    constructor(onChange) {
        this.#onChange = onChange;
        this.element = h("div", { class: "chips", role: "group", "aria-label": "Show" }, this.#cameraChip.element, this.#labelChip.element, this.#dayChip.element);
    }

    get isNarrowed() { return this.camera !== null || this.label !== null || this.day !== null; }

    /** Parameters of the API's lists. */
    get query() {
        const bounds = dayBounds(this.day);
        return {
            camera: this.camera, label: this.label,
            from: bounds && new Date(bounds.from).toISOString(), to: bounds && new Date(bounds.to).toISOString(),
        };
    }

    get address() {
        const query = new URLSearchParams();
        for (const name of ["camera", "label", "day"]) if (this[name] !== null) query.set(name, this[name]);
        return query.size ? `/events?${query}` : "/events";
    }

    read(address) {
        const query = address.searchParams;
        this.camera = query.get("camera") || null;
        this.label = query.get("label") || null;
        this.day = dayBounds(query.get("day")) ? query.get("day") : null;
        this.show();
    }

    learn(label) { this.#labels.add(label); }

    takes(event) {
        return (this.camera === null || event.camera === this.camera) && (this.label === null || event.label === this.label)
            && (this.day === null || dayKey(event.startedAt) === this.day);
    }

    show() {
        this.#cameraChip.show(this.camera, this.camera === null ? "All cameras" : store.cameraName(this.camera));
        this.#labelChip.show(this.label, this.label === null ? "Everything" : labelName(this.label));
        this.#dayChip.show(this.day, this.day === null ? "Any day" : dayTitle(this.day));
        this.#date.max = dayKey(Date.now());
    }

    clear() { this.#change({ camera: null, label: null, day: null }); }

    close() { for (const chip of [this.#cameraChip, this.#labelChip, this.#dayChip]) chip.close(); }

    #change(changes) {
        Object.assign(this, changes);
        this.close();
        this.show();
        this.#onChange();
    }
}

function lastDays() {
    const today = new Date();
    return Array.from({ length: 7 }, (_, back) => {
        const day = dayKey(new Date(today.getFullYear(), today.getMonth(), today.getDate() - back));
        return { value: day, title: dayTitle(day) };
    });
}
