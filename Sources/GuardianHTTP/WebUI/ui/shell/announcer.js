import { h } from "../common/dom.js";

/** Milliseconds within which the same text is not announced again. */
const repeatDelay = 8000;

/** Announces texts to screen readers. The same text is not repeated within some seconds, so that frequent events do not flood the user. */
class Announcer {
    element = h("p", { class: "unseen", role: "status", "aria-live": "polite" });
    #said = new Map();

    say(text) {
        const now = Date.now();
        if (now - (this.#said.get(text) ?? 0) < repeatDelay) return;
        this.#said.set(text, now);
        this.element.textContent = text;
    }
}

export const announcer = new Announcer();
