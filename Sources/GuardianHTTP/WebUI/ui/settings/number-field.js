import { h } from "../common/dom.js";
import { TextField } from "../forms/text-field.js";
import { numberLack } from "./words.js";

/** A whole number within a limit, `{ least, most }`, with its unit beside it. */
export class NumberField extends TextField {
    #limit;

    constructor(name, label, limit, unit, options = {}) {
        super(name, label, { inputmode: "numeric", autocomplete: "off", maxlength: 10 }, { ...options, beside: [h("span", { class: "unit", "aria-hidden": "true" }, unit)] });
        this.#limit = limit;
    }

    get lack() { return numberLack(this.value, this.#limit); }
}
