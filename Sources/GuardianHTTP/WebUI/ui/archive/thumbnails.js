import { ownerLock } from "./lock.js";
import { sealedPicture } from "./sealed-picture.js";

/** How many pictures are loaded at the same time. */
const atOnce = 3;

/** Shows sealed pictures in the rows of the list while the archive is unlocked; loads only those of visible rows. */
export class Thumbnails {
    #rows = new Map();
    #addresses = new Set();
    #waiting = [];
    #busy = 0;
    #observer = new IntersectionObserver((entries) => {
        for (const entry of entries) if (entry.isIntersecting) this.#want(entry.target);
    }, { rootMargin: "200px" });

    /** Follows the lock until `scope` ends. */
    constructor(scope) {
        scope.listen(ownerLock, "change", () => this.#reset());
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

    #reset() {
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
            // Not every event has a picture in the archive, or one for these keys: the row keeps its icon.
        } finally {
            this.#busy -= 1;
            this.#next();
        }
    }
}

/** The events of a clip whose pictures may be in the archive. */
const pictures = (item) => item.pictures ?? item.events;
