import { store } from "../store/store.js";
import { send } from "../store/api.js";
import { session } from "../store/session.js";
import { announcer } from "../shell/announcer.js";
import { h, write } from "../common/dom.js";
import { isNode } from "../common/server.js";
import { icon } from "../common/icons.js";

/** A toggle button that sets and removes the keep of an event, with a sentence that explains the effect. */
export class Keep {
    #button = h("button", { class: "button keep", type: "button", "aria-pressed": "false", on: { click: () => this.#toggle() } }, icon("keep", true), "Keep this");
    #message = h("p", { class: "keep-said", role: "status" });
    element = h("div", { class: "keep-place" }, this.#button, this.#message);
    #event = null;
    #isRefused = false;

    update(event) {
        if (this.#event?.id !== event.id || event.kept !== this.#event?.kept) this.#isRefused = false;
        this.#event = event;
        // Keeping is the recorder's: it has the clips.
        this.#button.hidden = isNode || !session.can("keep_events");
        this.#button.setAttribute("aria-pressed", String(event.kept === true));
        if (!this.#isRefused) this.#say(event.kept ? `Its clip stays on ${isNode ? "its" : "this"} recorder${event.archive?.state === "off" ? "" : " and goes to your archive"}.` : "");
    }

    async #toggle() {
        const event = this.#event;
        this.#button.disabled = true;
        try {
            const updated = await send(event.kept ? "DELETE" : "PUT", `/api/v1/events/${encodeURIComponent(event.id)}/keep`);
            announcer.say(updated.kept ? "Kept" : "No longer kept");
            store.update(updated);
        } catch (error) {
            if (this.#event?.id !== event.id) return;
            this.#isRefused = true;
            this.#say(error.message);
        } finally {
            this.#button.disabled = false;
            if (document.activeElement === document.body) this.#button.focus({ preventScroll: true });
        }
    }

    #say(text) {
        this.#message.hidden = text === "";
        this.#message.classList.toggle("bad", this.#isRefused);
        write(this.#message, text);
    }
}
