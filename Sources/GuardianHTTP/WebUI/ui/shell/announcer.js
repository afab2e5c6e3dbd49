import { h } from "../parts/dom.js";

const quiet = 8000;

/** Says things to screen readers; the same words not again within a few seconds, so that a busy yard does not chatter. */
class Announcer {
    element = h("p", { class: "unseen", role: "status", "aria-live": "polite" });
    #said = new Map();

    say(words) {
        const now = Date.now();
        if (now - (this.#said.get(words) ?? 0) < quiet) return;
        this.#said.set(words, now);
        this.element.textContent = words;
    }
}

export const announcer = new Announcer();
