import { h, fill, write } from "../common/dom.js";
import { icon } from "../common/icons.js";

/** A filter as a chip: a button that shows the chosen value, and a list of values. */
export class ChipMenu {
    #button;
    #text = h("span", {});
    #options = h("div", { role: "listbox" });
    #list = h("div", { class: "menu", popover: "auto" }, this.#options);
    #name;
    #choices;
    #onChoose;

    /** `choices()` returns `[{ value, title, note }]`, the first of which is "all"; `extra`: an element below the list. */
    constructor(name, choices, onChoose, extra = null) {
        this.#name = name;
        this.#choices = choices;
        this.#onChoose = onChoose;
        this.#button = h("button", { class: "pill chip", type: "button", "aria-haspopup": "listbox", "aria-expanded": "false", on: { click: () => this.#list.togglePopover() } }, this.#text, icon("down", true));
        this.#options.setAttribute("aria-label", name);
        if (extra) this.#list.append(extra);
        this.#list.addEventListener("beforetoggle", (event) => { if (event.newState === "open") this.#fill(); });
        this.#list.addEventListener("toggle", (event) => this.#toggled(event.newState === "open"));
        this.#list.addEventListener("keydown", (event) => this.#key(event));
        this.element = h("div", { class: "chip-menu" }, this.#button, this.#list);
    }

    /** Shows the chosen value; `null` means "all". */
    show(value, title) {
        this.value = value;
        write(this.#text, title);
        this.#button.classList.toggle("chosen", value !== null);
        this.#button.setAttribute("aria-label", `${this.#name}: ${title}`);
    }

    #fill() {
        const options = this.#choices().map(({ value, title, note }) =>
            h("button", { class: "choice", type: "button", role: "option", "aria-selected": String(value === this.value), on: { click: () => this.#choose(value) } },
                h("span", { class: "tick" }, value === this.value && icon("check", true)), h("span", {}, title), note && h("span", { class: "note figures" }, note)));
        fill(this.#options, ...options);
    }

    #toggled(isOpen) {
        this.#button.setAttribute("aria-expanded", String(isOpen));
        if (!isOpen) return;
        const place = this.#button.getBoundingClientRect();
        this.#list.style.top = `${Math.round(place.bottom + 6)}px`;
        this.#list.style.left = `${Math.round(Math.max(8, Math.min(place.left, innerWidth - this.#list.offsetWidth - 8)))}px`;
        (this.#list.querySelector('[aria-selected="true"]') ?? this.#list.querySelector("button"))?.focus({ preventScroll: true });
    }

    #choose(value) {
        this.#list.hidePopover();
        this.#button.focus({ preventScroll: true });
        this.#onChoose(value);
    }

    close() { if (this.#list.matches(":popover-open")) this.#list.hidePopover(); }

    #key(event) {
        const options = [...this.#list.querySelectorAll("button")];
        const at = options.indexOf(document.activeElement);
        const target = { ArrowDown: options[at + 1] ?? options[0], ArrowUp: options[at - 1] ?? options.at(-1), Home: options[0], End: options.at(-1) }[event.key];
        if (!target || event.target.localName === "input") return;
        event.preventDefault();
        target.focus();
    }
}
