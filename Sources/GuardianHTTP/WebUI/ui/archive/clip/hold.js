import { send } from "../../store/api.js";
import { session } from "../../store/session.js";
import { h, write } from "../../common/dom.js";
import { icon } from "../../common/icons.js";
import { announcer } from "../../shell/announcer.js";

/** A button that sets and removes the hold of a clip. A held clip is removed neither for its age nor for lack of room. */
export class HoldButton {
    #label = h("span", {});
    #button = h("button", { class: "button", type: "button", on: { click: () => this.#press() } }, icon("lock", true), this.#label);
    #note = h("p", { class: "hold-note" });
    element = h("div", { class: "hold" }, this.#button, this.#note);
    #item = null;
    #onChange;

    /** @param onChange called with the changed clip. */
    constructor(onChange) { this.#onChange = onChange; }

    show(item) {
        this.#item = item;
        this.#button.hidden = !session.can("hold_archive");
        this.element.className = item.held ? "hold held" : "hold";
        write(this.#label, item.held ? "Release this clip" : "Hold this clip");
        this.#say(item.held ? "Held: neither its age nor a full archive removes it." : "The archive keeps it as long as its retention settings say.");
    }

    #say(text) { write(this.#note, text); }

    async #press() {
        const { clipId, held } = this.#item;
        this.#button.disabled = true;
        try {
            const item = await send(held ? "DELETE" : "PUT", `/api/v1/archive/${encodeURIComponent(clipId)}/hold`);
            if (this.#item.clipId !== clipId) return;
            this.show(item);
            announcer.say(item.held ? "The clip is held" : "The clip is no longer held");
            this.#onChange(item);
        } catch (error) {
            if (this.#item.clipId === clipId) this.#say(error.message);
            announcer.say(error.message);
        } finally {
            this.#button.disabled = false;
        }
    }
}
