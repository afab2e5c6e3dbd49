import { figure } from "../common/format.js";
import { UnitField } from "./unit-field.js";

/** Whole days within a limit, `{ least, most }`, or none: an empty field is `null`. */
export class DaysField extends UnitField {
    constructor(name, label, limit, options = {}) { super(name, label, limit, "days", "numeric", options); }

    /** `NaN` while it is no whole number. */
    get value() {
        const text = this.control.value.trim();
        if (text === "") return null;
        return /^\d{1,10}$/.test(text) ? Number(text) : NaN;
    }

    set value(value) { this.control.value = value === null ? "" : String(value); }

    get lack() {
        const { least, most } = this.limit;
        const days = this.value;
        return days === null || (days >= least && days <= most) ? "" : `Type a whole number from ${figure(least)} to ${figure(most)}, or nothing.`;
    }
}
