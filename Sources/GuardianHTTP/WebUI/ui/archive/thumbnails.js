import { ownerLock } from "./lock.js";
import { sealedPicture } from "./sealed-picture.js";

const atOnce = 3;

/** Sealed pictures of the events in the list: there while the archive is unlocked, for rows that somebody sees. */
export class Thumbnails {
    #rows = new Map();
    #addresses = new Set();
    #waiting = [];
    #busy = 0;
    #observer = new IntersectionObserver((entries) => {
        for (const entry of entries) if (entry.isIntersecting) this.#want(entry.target);
    }, { rootMargin: "200px" });

    /** It follows the lock until `scope` ends. */
    constructor(scope) {
        scope.listen(ownerLock, "change", () => this.#turn());
    }

    watch(row) {
        this.#rows.set(row.element, row);
        this.#observer.observe(row.element);
    }

    clear() {
        this.#observer.disconnect();
        this.#rows.clear();
        this.#forget();
    }

    #turn() {
        this.#forget();
        this.#observer.disconnect();
        for (const [element, row] of this.#rows) {
            row.setPicture(null);
            this.#observer.observe(element);
        }
    }

    #forget() {
        this.#waiting.length = 0;
        for (const address of this.#addresses) URL.revokeObjectURL(address);
        this.#addresses.clear();
    }

    #want(element) {
        const row = this.#rows.get(element);
        if (!ownerLock.isOpen || !row || pictures(row.item).length === 0) return;
        this.#observer.unobserve(element);
        this.#waiting.push(row);
        this.#next();
    }

    async #next() {
        if (this.#busy >= atOnce || this.#waiting.length === 0) return;
        const row = this.#waiting.shift();
        const { keys } = ownerLock;
        this.#busy += 1;
        try {
            const address = await sealedPicture(pictures(row.item)[0], keys);
            if (ownerLock.keys !== keys || this.#rows.get(row.element) !== row) URL.revokeObjectURL(address);
            else {
                this.#addresses.add(address);
                row.setPicture(address);
            }
        } catch {
            // Not every event has a picture in the archive, or one for these keys: its mark stays.
        } finally {
            this.#busy -= 1;
            this.#next();
        }
    }
}

/** Events whose pictures may be there. */
const pictures = (item) => item.pictures ?? item.events;
