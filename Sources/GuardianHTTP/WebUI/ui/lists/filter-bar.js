import { store } from "../store/store.js";
import { h } from "../parts/dom.js";
import { dayBounds, dayKey, dayTitle } from "../parts/format.js";
import { ChipMenu } from "./menu.js";
import { SwitchChip } from "./switch-chip.js";

/**
 * What a list is narrowed to, a chip for each choice. It lives in the address, so that a page can be shared and reloaded.
 *
 * `choices`, by the name that each has in address and API, in the order of the chips: `{ title, any, values(), word(value), isOne(text), extra(choose) }`,
 * the last two of them optional: whether a text of the address is one of its values, and an element below the values.
 * One that is only on or off is `{ title, icon, isOne(text) }`.
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
            const options = () => [{ value: null, title: choice.any }, ...choice.values().map((value) => ({ value, title: choice.word(value) }))];
            this.#chips[name] = new ChipMenu(choice.title, options, choose, choice.extra?.(choose));
        }
        this.element = h("div", { class: "chips", role: "group", "aria-label": "Show" }, ...Object.values(this.#chips).map((chip) => chip.element));
    }

    get #names() { return Object.keys(this.#choices); }

    get isNarrowed() { return this.#names.some((name) => this[name] !== null); }

    /** Parameters of the API's lists. */
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
        for (const [name, { any, word }] of Object.entries(this.#choices)) this.#chips[name].show(this[name], this[name] === null ? any : word?.(this[name]));
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

/** One of the cameras that there are. */
export const cameraChoice = { title: "Camera", any: "All cameras", values: () => store.cameras.map((camera) => camera.id), word: (id) => store.cameraName(id) };

/** Only those that somebody kept. */
export const keptChoice = { title: "Kept", icon: "keep", isOne: (text) => text === "true" };

/** A day: of the last seven, or any by its date. */
export const dayChoice = { title: "Day", any: "Any day", values: lastDays, word: dayTitle, isOne: (text) => dayBounds(text) !== null, extra: anotherDay };

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
