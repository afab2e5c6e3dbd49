import { get, iso } from "../store/api.js";
import { h, fill } from "../common/dom.js";
import { count, dayBounds, dayTitle, minute, ms } from "../common/format.js";

const hour = 3_600_000;

/** A bar chart of a day's events by hour, latest on top, with gaps hatched. A click on a bar jumps to that hour. */
export class DensityStrip {
    #day = null;
    #onJump;
    #title = h("span", { class: "strip-day" });
    #bars = h("ol", { class: "bars" });
    #known = new Map();
    #gaps = [];
    #query = {};
    onTotal = () => {};

    constructor(onJump) {
        this.#onJump = onJump;
        this.element = h("nav", { class: "density", "aria-label": "Events of the day by hour" }, this.#title, this.#bars);
    }

    reset(query) {
        this.#query = { camera: query.camera, label: query.label };
        this.#known.clear();
        this.#day = null;
    }

    setGaps(gaps) {
        this.#gaps = gaps;
        if (this.#day) this.#draw();
    }

    async show(day) {
        if (this.#day === day) return;
        this.#day = day;
        this.#title.textContent = dayTitle(day);
        this.#draw();
        await this.load(day);
    }

    /** Loads the numbers of events of a day; `again` reloads them. */
    async load(day, again = false) {
        if (this.#known.has(day) && !again) return;
        const bounds = dayBounds(day);
        if (!bounds) return;
        const query = this.#query;
        try {
            const answer = await get("/api/v1/events/density", { ...query, from: iso(bounds.from), to: iso(bounds.to), step: 3600 });
            if (query !== this.#query) return;
            const hours = new Array(Math.ceil((bounds.to - bounds.from) / hour)).fill(0);
            for (const item of answer.items) {
                const index = Math.floor((ms(item.at) - bounds.from) / hour);
                if (index >= 0 && index < hours.length) hours[index] += item.count;
            }
            this.#known.set(day, hours);
            this.onTotal(day, hours.reduce((sum, value) => sum + value, 0));
            if (day === this.#day) this.#draw();
        } catch {
            // The list works without the chart.
        }
    }

    /** Hours per row: two on a narrow screen, so that a row is large enough to tap. */
    get #step() { return innerWidth < 720 ? 2 : 1; }

    #draw() {
        const bounds = dayBounds(this.#day);
        const step = this.#step;
        const hours = this.#known.get(this.#day) ?? [];
        const slots = Math.ceil((bounds.to - bounds.from) / hour / step);
        const visits = Array.from({ length: slots }, (_, index) => hours.slice(index * step, (index + 1) * step).reduce((sum, value) => sum + value, 0));
        const most = Math.max(4, ...visits);
        const rows = visits.map((value, index) => this.#slot(bounds.from + index * step * hour, step * hour, value, value / most, index));
        fill(this.#bars, ...rows.reverse());
    }

    #slot(from, length, visits, share, index) {
        const gap = this.#gaps.find((each) => ms(each.from) < from + length && (each.to === null ? Date.now() : ms(each.to)) > from);
        const bar = h("span", { class: "bar" });
        bar.style.setProperty("--share", share);
        const name = `${minute(from)}, ${count(visits, "visit")}${gap ? ", with a gap" : ""}`;
        const label = h("span", { class: "hour figures" }, (index * this.#step) % (this.#step === 1 ? 3 : 4) === 0 ? String(new Date(from).getHours()).padStart(2, "0") : "");
        const content = [label, h("span", { class: "lane" }, visits > 0 && bar)];
        const classes = `slot${gap ? " gap" : ""}${from > Date.now() ? " to-come" : ""}`;
        return h("li", { data: { index } }, visits > 0
            ? h("button", { class: classes, type: "button", "aria-label": name, title: name, on: { click: () => this.#onJump(from, from + length) } }, ...content)
            : h("span", { class: classes, title: gap ? name : false }, ...content));
    }

    /** Marks the hour of the topmost event in the list. */
    mark(time) {
        const bounds = this.#day && dayBounds(this.#day);
        if (!bounds) return;
        const here = String(Math.floor((time - bounds.from) / hour / this.#step));
        for (const item of this.#bars.children) item.classList.toggle("here", item.dataset.index === here);
    }
}
