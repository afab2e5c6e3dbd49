import { UnitField } from "./unit-field.js";
import { inGigabytes, inMegabytes, roomLack } from "./words.js";

/** Room on a disk: typed in GB, as the page says how much is free; its value is the API's number, in MiB. */
export class RoomField extends UnitField {
    /** What the recorder has, which is sent back exactly as long as nothing else is typed. */
    #had = null;

    constructor(name, label, limit, options = {}) { super(name, label, limit, "GB", "decimal", options); }

    get value() {
        const text = super.value;
        return this.#had !== null && text === inGigabytes(this.#had) ? this.#had : inMegabytes(text);
    }

    set value(megabytes) {
        this.#had = megabytes;
        super.value = inGigabytes(megabytes);
    }

    get lack() { return roomLack(this.value, this.limit); }
}
