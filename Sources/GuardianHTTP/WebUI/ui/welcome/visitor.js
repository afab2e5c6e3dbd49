/**
 * Waits for somebody in front of one of these cameras; of any when there are none. What was over before does not count, nor does it by
 * comparing clocks: the recorder's may be another one than the browser's.
 */
export class Visitor {
    #cameras;
    #before = null;
    /** The event that was found, as it is now. */
    event = null;

    constructor(cameras) { this.#cameras = cameras; }

    /** `recent`: the newest events, or `null` when they are not known yet. Returns whether there is one. */
    look(recent) {
        if (recent === null) return false;
        this.#before ??= new Set(recent.filter((event) => event.state !== "open").map((event) => event.id));
        if (this.event === null) this.event = recent.find((event) => !this.#before.has(event.id) && this.#isOurs(event)) ?? null;
        else this.event = recent.find((event) => event.id === this.event.id) ?? this.event;
        return this.event !== null;
    }

    #isOurs(event) { return this.#cameras.length === 0 || this.#cameras.includes(event.camera); }
}
