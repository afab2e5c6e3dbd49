const forgottenAfter = 15 * 60_000;

/**
 * The owner's keys, for as long as the tab is open and nobody locks it: WebCrypto holds them and gives them to nobody, nothing is stored.
 * Locks by itself when nobody looked for a quarter of an hour. Tells `change` on itself.
 */
class OwnerLock extends EventTarget {
    #keys = null;

    constructor() {
        super();
        // A page that the browser keeps for the way back must not keep the keys.
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
