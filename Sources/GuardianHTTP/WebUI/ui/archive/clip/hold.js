import { send } from "../../store/api.js";
import { h, write } from "../../parts/dom.js";
import { icon } from "../../parts/icons.js";
import { announcer } from "../../shell/announcer.js";

/** Holds a clip, so that neither its age nor a lack of room removes it, and lets it go again. */
export class HoldButton {
    #word = h("span", {});
    #button = h("button", { class: "button", type: "button", on: { click: () => this.#press() } }, icon("lock", true), this.#word);
    #note = h("p", { class: "hold-note" });
    element = h("div", { class: "hold" }, this.#button, this.#note);
    #item = null;
    #changed;

    /** @param changed is given the clip as it is afterwards. */
    constructor(changed) { this.#changed = changed; }

    show(item) {
        this.#item = item;
        this.element.className = item.held ? "hold held" : "hold";
        write(this.#word, item.held ? "Let this clip go" : "Hold this clip");
        this.#say(item.held ? "Held: neither its age nor a full archive removes it." : "The archive keeps it as long as its rules say.");
    }

    #say(words) { write(this.#note, words); }

    async #press() {
        const { clipId, held } = this.#item;
        this.#button.disabled = true;
        try {
            const item = await send(held ? "DELETE" : "PUT", `/api/v1/archive/${encodeURIComponent(clipId)}/hold`);
            if (this.#item.clipId !== clipId) return;
            this.show(item);
            announcer.say(item.held ? "The clip is held" : "The clip is held no more");
            this.#changed(item);
        } catch (error) {
            if (this.#item.clipId === clipId) this.#say(error.message);
            announcer.say(error.message);
        } finally {
            this.#button.disabled = false;
        }
    }
}
