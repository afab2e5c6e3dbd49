import { h } from "../common/dom.js";
import { icon } from "../common/icons.js";

/** A filter that is on or off: its value is "true" or null. */
export class SwitchChip {
    #value = null;

    constructor(title, symbol, choose) {
        this.element = h("button", { class: "pill chip switch", type: "button", "aria-pressed": "false", on: { click: () => choose(this.#value ? null : "true") } }, icon(symbol, true), title);
    }

    show(value) {
        this.#value = value;
        this.element.setAttribute("aria-pressed", String(value !== null));
        this.element.classList.toggle("chosen", value !== null);
    }

    close() {}
}
