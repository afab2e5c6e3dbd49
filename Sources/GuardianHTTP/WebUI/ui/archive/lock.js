/** Milliseconds after which a hidden page forgets the keys. */
const forgottenAfter = 15 * 60_000;

/**
 * Holds the owner's keys until the user locks the archive, the tab is closed, or the page was hidden for 15 minutes. The keys are in WebCrypto
 * and not extractable; nothing is stored. Dispatches `change`.
 */
class OwnerLock extends EventTarget {
    #keys = null;

    constructor() {
        super();
        // The browser may keep the page in its back-forward cache; the keys must not stay in it.
        addEventListener("pagehide", () => this.lock());
        let timer = 0;
        document.addEventListener("visibilitychange", () => {
            clearTimeout(timer);
            if (document.hidden) timer = setTimeout(() => this.lock(), forgottenAfter);
        });
    }

    get keys() { return this.#keys; }
    get isOpen() { return this.#keys !== null; }

    keep(keys) {
        this.#keys = keys;
        this.dispatchEvent(new Event("change"));
    }

    lock() {
        if (!this.isOpen) return;
        this.#keys = null;
        this.dispatchEvent(new Event("change"));
    }
}

export const ownerLock = new OwnerLock();
