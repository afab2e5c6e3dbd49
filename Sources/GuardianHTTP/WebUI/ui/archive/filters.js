import { store } from "../store/store.js";
import { h } from "../parts/dom.js";
import { dayBounds, dayKey, dayTitle } from "../parts/format.js";
import { ChipMenu } from "../events/menu.js";
import { meaning, statuses } from "./status.js";

/** What the archive's list is narrowed to: camera, day, status; it lives in the address. */
export class ArchiveFilters {
    camera = null;
    day = null;
    status = null;
    #onChange;
    #date = h("input", { type: "date", class: "date", "aria-label": "Another day", on: { change: () => { if (this.#date.value) this.#change({ day: this.#date.value }); } } });
    #chips = {
        camera: new ChipMenu("Camera", () => [{ value: null, title: "All cameras" }, ...store.cameras.map((camera) => ({ value: camera.id, title: camera.name }))], (camera) => this.#change({ camera })),
        day: new ChipMenu("Day", () => [{ value: null, title: "Any day" }, ...lastDays()], (day) => this.#change({ day }), h("label", { class: "date-row" }, h("span", {}, "Another day"), this.#date)),
        status: new ChipMenu("Status", () => [{ value: null, title: "Any status" }, ...statuses.map((value) => ({ value, title: meaning(value).word }))], (status) => this.#change({ status })),
    };

    constructor(onChange) {
        this.#onChange = onChange;
        this.element = h("div", { class: "chips", role: "group", "aria-label": "Show" }, ...Object.values(this.#chips).map((chip) => chip.element));
    }

    get isNarrowed() { return this.camera !== null || this.day !== null || this.status !== null; }

    /** Parameters of `GET /api/v1/archive`. */
    get query() {
        const bounds = dayBounds(this.day);
        return {
            camera: this.camera, status: this.status,
            from: bounds && new Date(bounds.from).toISOString(), to: bounds && new Date(bounds.to).toISOString(),
        };
    }

    get address() {
        const query = new URLSearchParams();
        for (const name of ["camera", "day", "status"]) if (this[name] !== null) query.set(name, this[name]);
        return query.size ? `/archive?${query}` : "/archive";
    }

    read(address) {
        const query = address.searchParams;
        this.camera = query.get("camera") || null;
        this.day = dayBounds(query.get("day")) ? query.get("day") : null;
        this.status = statuses.includes(query.get("status")) ? query.get("status") : null;
        this.show();
    }

    show() {
        this.#chips.camera.show(this.camera, this.camera === null ? "All cameras" : store.cameraName(this.camera));
        this.#chips.day.show(this.day, this.day === null ? "Any day" : dayTitle(this.day));
        this.#chips.status.show(this.status, this.status === null ? "Any status" : meaning(this.status).word);
        this.#date.max = dayKey(Date.now());
    }

    clear() { this.#change({ camera: null, day: null, status: null }); }
    close() { for (const chip of Object.values(this.#chips)) chip.close(); }

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
