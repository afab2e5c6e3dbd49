import { get } from "../store/api.js";
import { h, fill } from "../parts/dom.js";
import { failure } from "../parts/blank.js";
import { AddCode, path } from "../archive/keys/add-code.js";
import { lackOf, lossOf, titleOf } from "../archive/keys/words.js";

/** The step that makes the code with which the archive is opened. */
export class RecoveryCode {
    #done;
    #add = null;
    #place = h("div", {});
    #known = h("p", { class: "quiet" });
    element = h("div", { class: "recovery" },
        h("p", { class: "welcome-lead" }, "Recordings can be kept outside of the house, sealed so that only you open them. For this you need a code on paper."), this.#known, this.#place);

    constructor({ done }) {
        this.#done = done;
        this.#show();
    }

    close() { this.#add?.close(); }

    async #show() {
        try {
            const view = await get(path);
            const names = view.items.map(titleOf).join(", ");
            const lack = view.node ? "" : lackOf(view);
            this.#known.textContent = [view.items.length === 0 ? "" : `Clips are sealed already to: ${names}. ${lossOf(view.items)}`, lack].filter(Boolean).join(" ");
            this.#known.hidden = this.#known.textContent === "";
            if (view.items.length > 0) this.#done();
            this.#add?.close();
            this.#add = view.items.length >= view.limit ? null : new AddCode({ done: () => this.#show() });
            fill(this.#place, this.#add?.element, h("p", { class: "quiet" }, "Codes are found again on the page ", h("a", { class: "text-link", href: "/settings" }, "Settings"), ", under Archive."));
        } catch (problem) {
            fill(this.#place, failure(problem, () => this.#show(), ""));
        }
    }
}
