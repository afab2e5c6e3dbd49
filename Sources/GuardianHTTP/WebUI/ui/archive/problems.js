import { h, fill } from "../common/dom.js";
import { icon } from "../common/icons.js";

/** What is wrong with the archive now, in the node's words: for example that its disk is not mounted. */
export class ArchiveProblems {
    element = h("ul", { class: "archive-problems", "aria-label": "Problems of the archive", hidden: true });
    #shown = "";

    /** @param problems sentences; older nodes send none. */
    show(problems = []) {
        const key = JSON.stringify(problems);
        // Built again only when it changes, so that a screen reader does not repeat it.
        if (this.#shown === key) return;
        this.#shown = key;
        this.element.hidden = problems.length === 0;
        fill(this.element, ...problems.map((problem) => h("li", {}, icon("alert", true), h("p", {}, problem))));
    }
}
