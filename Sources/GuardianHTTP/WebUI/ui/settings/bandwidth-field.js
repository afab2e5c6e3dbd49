import { figure } from "../common/format.js";
import { UnitField } from "./unit-field.js";

/** A bandwidth: typed in Mbit/s, as providers sell it; its value is the API's number, in kbit/s. An empty field is `null`. */
export class BandwidthField extends UnitField {
    constructor(name, label, limit, options = {}) { super(name, label, limit, "Mbit/s", "decimal", options); }

    /** `NaN` while it is no number. */
    get value() {
        const text = this.control.value.trim().replace(",", ".");
        if (text === "") return null;
        return /^\d{1,6}(\.\d{1,3})?$/.test(text) ? Math.round(Number(text) * 1000) : NaN;
    }

    set value(kilobits) { this.control.value = kilobits === null ? "" : String(kilobits / 1000); }

    get lack() {
        const { least, most } = this.limit;
        const value = this.value;
        return value === null || (value >= least && value <= most) ? "" : `Type a number from ${Math.ceil(least / 10) / 100} to ${figure(most / 1000)}, or nothing.`;
    }
}
