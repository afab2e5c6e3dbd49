import { h } from "../common/dom.js";
import { TextField } from "../forms/text-field.js";

/** A number within `limit`, `{ least, most }`, with its unit beside it. `inputmode`: which keys a phone shows. */
export class UnitField extends TextField {
    limit;

    constructor(name, label, limit, unit, inputmode, options = {}) {
        super(name, label, { inputmode, autocomplete: "off", maxlength: 10 }, { ...options, beside: [h("span", { class: "unit", "aria-hidden": "true" }, unit)] });
        this.limit = limit;
    }
}
