import { store } from "../store/store.js";
import { h } from "../common/dom.js";
import { dayBounds, dayKey, dayTitle } from "../common/format.js";
import { ChipMenu } from "./menu.js";
import { SwitchChip } from "./switch-chip.js";

/**
 * The filters of a list, one chip each. Their values are in the URL, so that a page can be shared and reloaded.
 *
 * `choices`: by the parameter's name in URL and API, in the order of the chips, `{ title, any, values(), text(value), isOne(text), extra(choose) }`.
 * `any` is the label of "no filter", `text` returns a value's label. Optional are `isOne` (whether a text of the URL is a valid value) and
 * `extra` (returns an element below the values). A filter that is only on or off is `{ title, icon, isOne(text) }`.
 */
export class FilterBar {
    #path;
    #choices;
    #chips = {};
    #onChange;

    constructor(path, choices, onChange) {
        this.#path = path;
        this.#choices = choices;
        this.#onChange = onChange;
        for (const [name, choice] of Object.entries(choices)) {
            this[name] = null;
            const choose = (value) => this.#change({ [name]: value });
            if (choice.icon) {
                this.#chips[name] = new SwitchChip(choice.title, choice.icon, choose);
                continue;
            }
            const options = () => [{ value: null, title: choice.any }, ...choice.values().map((value) => ({ value, title: choice.text(value) }))];
            this.#chips[name] = new ChipMenu(choice.title, options, choose, choice.extra?.(choose));
        }
        this.element = h("div", { class: "chips", role: "group", "aria-label": "Show" }, ...Object.values(this.#chips).map((chip) => chip.element));
    }

    get #names() { return Object.keys(this.#choices); }

    get isNarrowed() { return this.#names.some((name) => this[name] !== null); }

    /** The query parameters for the API. */
    get query() {
        const { day, ...query } = Object.fromEntries(this.#names.map((name) => [name, this[name]]));
        const bounds = dayBounds(day);
        return { ...query, from: bounds && new Date(bounds.from).toISOString(), to: bounds && new Date(bounds.to).toISOString() };
    }

    get address() {
        const query = new URLSearchParams(this.#names.filter((name) => this[name] !== null).map((name) => [name, this[name]]));
        return query.size ? `${this.#path}?${query}` : this.#path;
    }

    read(address) {
        for (const [name, { isOne }] of Object.entries(this.#choices)) {
            const text = address.searchParams.get(name);
            this[name] = text && (!isOne || isOne(text)) ? text : null;
        }
        this.show();
    }

    show() {
        for (const [name, { any, text }] of Object.entries(this.#choices)) this.#chips[name].show(this[name], this[name] === null ? any : text?.(this[name]));
    }

    clear() { this.#change(Object.fromEntries(this.#names.map((name) => [name, null]))); }

    close() { for (const chip of Object.values(this.#chips)) chip.close(); }

    #change(changes) {
        Object.assign(this, changes);
        this.close();
        this.show();
        this.#onChange();
    }
}

/** A filter by camera. */
export const cameraChoice = { title: "Camera", any: "All cameras", values: () => store.cameras.map((camera) => camera.id), text: (id) => store.cameraName(id) };

/** A filter for kept events. */
export const keptChoice = { title: "Kept", icon: "keep", isOne: (text) => text === "true" };

/** A filter by day: one of the last seven, or any date. */
export const dayChoice = { title: "Day", any: "Any day", values: lastDays, text: dayTitle, isOne: (text) => dayBounds(text) !== null, extra: anotherDay };

function lastDays() {
    const today = new Date();
    return Array.from({ length: 7 }, (_, back) => dayKey(new Date(today.getFullYear(), today.getMonth(), today.getDate() - back)));
}

function anotherDay(choose) {
    const limit = () => { date.max = dayKey(Date.now()); };
    const date = h("input", { type: "date", class: "date", "aria-label": "Another day", on: { focus: limit, change: () => { if (date.value) choose(date.value); } } });
    limit();
    return h("label", { class: "date-row" }, h("span", {}, "Another day"), date);
}
