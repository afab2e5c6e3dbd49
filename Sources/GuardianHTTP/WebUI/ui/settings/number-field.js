import { UnitField } from "./unit-field.js";
import { numberLack } from "./words.js";

/** A whole number within a limit, `{ least, most }`, with its unit beside it. */
export class NumberField extends UnitField {
    constructor(name, label, limit, unit, options = {}) { super(name, label, limit, unit, "numeric", options); }

    get lack() { return numberLack(this.value, this.limit); }
}
