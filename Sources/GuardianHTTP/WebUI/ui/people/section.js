import { get, send } from "../store/api.js";
import { h, fill } from "../common/dom.js";
import { failure } from "../common/blank.js";
import { ago } from "../common/format.js";
import { Actions } from "../forms/actions.js";
import { confirmation } from "../forms/confirmation.js";

/** A row of something with which one gets in: its name, facts about it, and when it was last used if that is counted. */
export const rowParts = ({ name, lastUsedAt }, facts, actions) => h("div", { class: "row-parts" },
    h("div", { class: "row-text" }, h("strong", {}, name), h("span", { class: "quiet figures" }, [...facts, lastUsedAt ? `last used ${ago(lastUsedAt)}` : lastUsedAt === null && "never used"].filter(Boolean).join(" · "))), actions.element);

/** The button that takes something away after a question. What it is: `{ action, name, path, body, text }`. */
export function takingAway({ action, name, path, body, text }, done) {
    const label = `${action} ${name}`;
    const form = (close) => confirmation({
        question: `${label}?`, text, action, cancel: close, send: () => send("DELETE", path, body), done: () => {
            close();
            done();
        },
    });
    return new Actions([{ label: action, name: label, form }]);
}

/** A part of the page with a title and what the server has about it. Subclasses have `path` and `show(answer)`, which returns elements. */
export class Section {
    #title;
    #body = h("div", { class: "section-body" });
    #rows = new Map();

    constructor(title, text, ...more) {
        this.#title = h("h2", { tabindex: "-1" }, title);
        this.element = h("section", { class: "people-section", "aria-label": title }, this.#title, text && h("p", { class: "quiet" }, text), this.#body, ...more);
        fill(this.#body, h("div", { class: "card bone list-bone" }));
    }

    focus() { this.#title.focus({ preventScroll: true }); }

    async read() {
        const hadFocus = this.element.contains(document.activeElement);
        let content;
        try {
            content = [this.show(await get(this.path))].flat();
        } catch (problem) {
            content = [failure(problem, () => this.read(), "")];
        }
        fill(this.#body, ...content);
        if (hadFocus && !this.element.contains(document.activeElement)) this.focus();
    }

    /** Returns a list of rows in a card, or `none` when there are none. The row of an item that is as it was stays, with what is typed in it. */
    rows(items, make, none) {
        const before = this.#rows;
        this.#rows = new Map(items.map((item) => {
            const key = JSON.stringify(item);
            return [key, before.get(key) ?? h("li", { class: "row" }, make(item))];
        }));
        return this.#rows.size > 0 ? h("ul", { class: "card rows" }, ...this.#rows.values()) : h("p", { class: "card none" }, none);
    }
}
