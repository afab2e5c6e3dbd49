import { h, write } from "../common/dom.js";
import { count, dayKey, dayTitle } from "../common/format.js";
import { EventCard } from "./card.js";
import { GapRow } from "./gaps.js";

/** Events and gaps by day, newest first. New items are inserted in order; existing elements are not moved. */
export class DayList {
    element = h("div", { class: "days" });
    #cards = new Map();
    #gaps = new Map();
    #days = new Map();
    #totals = new Map();

    get size() { return this.#cards.size; }
    get isEmpty() { return this.#cards.size === 0 && this.#gaps.size === 0; }
    get days() { return [...this.#days.keys()]; }
    has(id) { return this.#cards.has(id); }

    clear() {
        for (const card of this.#cards.values()) card.stop();
        this.#cards.clear();
        this.#gaps.clear();
        this.#days.clear();
        this.element.replaceChildren();
    }

    put(event, slides = false) {
        const known = this.#cards.get(event.id);
        if (known) return known.update(event);
        const card = new EventCard(event);
        this.#cards.set(event.id, card);
        this.#insert(card, dayKey(event.startedAt));
        if (slides) {
            card.element.classList.add("arrives");
            card.element.addEventListener("animationend", () => card.element.classList.remove("arrives"), { once: true });
        }
    }

    putGap(gap) {
        const key = GapRow.key(gap);
        const known = this.#gaps.get(key);
        if (known) return known.update(gap);
        const row = new GapRow(gap);
        this.#gaps.set(key, row);
        this.#insert(row, dayKey(row.at));
    }

    total(day, visits) {
        this.#totals.set(day, visits);
        const section = this.#days.get(day);
        if (section) write(section.note, count(visits, "visit"));
    }

    tick() {
        for (const card of this.#cards.values()) if (card.event.state === "open") card.tick();
    }

    rename() { for (const card of this.#cards.values()) card.tick(); }

    stop() { for (const card of this.#cards.values()) card.stop(); }

    /** The first card whose lower edge is more than `offset` pixels below the top of the window. */
    topCard(offset) {
        for (const section of this.#days.values()) {
            if (section.element.getBoundingClientRect().bottom < offset) continue;
            return section.items.find((item) => item instanceof EventCard && item.element.getBoundingClientRect().bottom > offset) ?? null;
        }
        return null;
    }

    cardBetween(from, to) {
        return [...this.#cards.values()].filter((card) => card.at >= from && card.at < to).sort((left, right) => right.at - left.at)[0] ?? null;
    }

    #insert(item, day) {
        const section = this.#days.get(day) ?? this.#makeDay(day);
        item.element.item = item;
        let index = section.items.findIndex((other) => other.at < item.at);
        if (index < 0) index = section.items.length;
        section.grid.insertBefore(item.element, section.items[index]?.element ?? null);
        section.items.splice(index, 0, item);
    }

    #makeDay(day) {
        const note = h("span", { class: "day-note figures" });
        const grid = h("div", { class: "cards" });
        const element = h("section", { class: "day", "aria-label": dayTitle(day) }, h("h2", { class: "day-title" }, h("span", {}, dayTitle(day)), note), grid);
        const section = { day, element, grid, note, items: [] };
        const later = [...this.#days.values()].filter((other) => other.day > day).sort((left, right) => (left.day < right.day ? -1 : 1))[0];
        if (later) later.element.after(element);
        else this.element.prepend(element);
        this.#days.set(day, section);
        // Keeps the map in the order of the page, newest day first.
        this.#days = new Map([...this.#days.entries()].sort(([left], [right]) => (left < right ? 1 : -1)));
        if (this.#totals.has(day)) write(note, count(this.#totals.get(day), "visit"));
        return section;
    }
}
