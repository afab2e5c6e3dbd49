import { h, fill, write } from "../common/dom.js";
import { count, firstSentence, moment, ms, span } from "../common/format.js";
import { icon } from "../common/icons.js";

/** The summary at the top, and every problem with its remedy. */
export class Verdict {
    #mark = h("span", { class: "verdict-mark" });
    #title = h("p", { class: "verdict-title" });
    #detail = h("p", { class: "verdict-detail figures" });
    #problems = h("ul", { class: "problems" });
    element = h("section", { class: "verdict card", "aria-label": "Summary" }, h("div", { class: "verdict-head", role: "status" }, this.#mark, h("div", {}, this.#title, this.#detail)), this.#problems);
    #shown = "";

    update(status, isReachable) {
        const problems = status.problems ?? [];
        // Only positive evidence is well: while Guardian starts, it is neither well nor bad.
        const isWell = isReachable && status.state === "well";
        const isStarting = isReachable && status.state === "starting";
        const worst = !isReachable || problems.some((problem) => problem.severity === "error");
        const key = JSON.stringify([problems, isReachable, status.state]);
        write(this.#title, isReachable ? firstSentence(status.summary) : "Guardian does not answer");
        write(this.#detail, isReachable
            ? `${count(status.cameras.filter((camera) => camera.state === "live").length, "camera")} live · running for ${span(Date.now() - ms(status.startedAt))}`
            : "This page shows the last known state. Retrying automatically.");
        this.#detail.title = `Since ${moment(status.startedAt)}`;
        if (this.#shown === key) return;
        this.#shown = key;
        this.element.classList.toggle("well", isWell);
        this.element.classList.toggle("bad", worst && !isWell);
        fill(this.#mark, icon(isWell ? "check" : isStarting ? "eye" : "alert"));
        this.#problems.hidden = problems.length === 0;
        fill(this.#problems, ...problems.map((problem) => h("li", { class: problem.severity }, icon(problem.severity === "notice" ? "eye" : "alert", true), h("div", {}, h("strong", {}, problem.what.trim()), h("p", {}, problem.remedy)))));
    }
}
