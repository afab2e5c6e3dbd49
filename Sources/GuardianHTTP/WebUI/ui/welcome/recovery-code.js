import { get } from "../store/api.js";
import { h, fill } from "../common/dom.js";
import { failure } from "../common/blank.js";
import { Actions } from "../forms/actions.js";
import { AddCode, path } from "../archive/keys/add-code.js";
import { lackOf, lossOf, titleOf } from "../archive/keys/words.js";

/** The step that makes the code with which the archive is opened. */
export class RecoveryCode {
    #done;
    #add = null;
    #place = h("div", { class: "recovery" });
    #known = h("p", { class: "quiet" });
    element = h("div", { class: "recovery" },
        h("p", { class: "welcome-lead" }, "Recordings can be kept outside of the house, sealed so that only you open them. For this you need a code on paper."), this.#known, this.#place);

    constructor({ done }) {
        this.#done = done;
        this.#show();
    }

    close() { this.#add?.close(); }

    /** The first code is made here at once; another one only for whoever wants it. */
    #offer({ items, limit }) {
        if (items.length >= limit) return null;
        const form = (cancel) => new AddCode({ cancel, done: () => this.#show() });
        return items.length === 0 ? form(null) : new Actions([{ label: "Make another code", form }]);
    }

    async #show() {
        try {
            const view = await get(path);
            const names = view.items.map(titleOf).join(", ");
            const sealed = view.items.length === 0 ? "" : `Clips are sealed to the code of ${names}.${view.items.length === 1 ? ` ${lossOf(view.items)}` : ""}`;
            this.#known.textContent = [sealed, view.node ? "" : lackOf(view)].filter(Boolean).join(" ");
            this.#known.hidden = this.#known.textContent === "";
            if (view.items.length > 0) this.#done();
            this.#add?.close();
            this.#add = this.#offer(view);
            fill(this.#place, this.#add?.element, h("p", { class: "quiet" }, "Codes are found again on the page ", h("a", { class: "text-link", href: "/settings" }, "Settings"), ", under Archive."));
        } catch (problem) {
            fill(this.#place, failure(problem, () => this.#show(), ""));
        }
    }
}
