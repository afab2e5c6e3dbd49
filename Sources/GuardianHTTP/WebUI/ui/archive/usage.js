import { store } from "../store/store.js";
import { get } from "../store/api.js";
import { session } from "../store/session.js";
import { h, write } from "../common/dom.js";
import { icon } from "../common/icons.js";
import { ArchiveProblems } from "./problems.js";
import { room } from "./room.js";

const refreshInterval = 30_000;

/** The name of a camera of the archive's usage. */
export const nameOf = (each) => (each.camera ? store.cameraName(each.camera) : `Camera ${each.cameraId.slice(0, 8)}`);

/** Shows how full the archive is: a bar and a line above the list, with the remedy when it is nearly full, and what is wrong with it. */
export class ArchiveUsage {
    #bar = h("span", { class: "usage-fill" });
    #meter = h("div", { class: "usage-meter", role: "meter", "aria-label": "How full the archive is", "aria-valuemin": "0", "aria-valuemax": "100" }, this.#bar);
    #headline = h("strong", { class: "figures" });
    #detail = h("span", { class: "usage-detail" });
    #remedy = h("p", { class: "usage-remedy" });
    #notes = h("p", { class: "usage-detail", hidden: true });
    #problems = new ArchiveProblems();
    element = h("section", { class: "archive-usage card", "aria-label": "Usage of the archive", hidden: true },
        h("div", { class: "usage-line" }, h("span", { class: "usage-mark" }, icon("disk", true)), this.#headline, this.#detail), this.#meter, this.#remedy, this.#problems.element, this.#notes);

    /** Updates the usage regularly until the scope ends. Whoever sees some cameras only is not told it. */
    follow(scope) {
        if (!session.seesAll) return;
        const ended = new AbortController();
        scope.add(() => ended.abort());
        scope.every(refreshInterval, () => { if (!document.hidden) this.#refresh(ended.signal); });
        this.#refresh(ended.signal);
    }

    async #refresh(signal) {
        try {
            this.#show(await get("/api/v1/archive/usage", {}, signal));
        } catch {
            // The list shows the error; the old usage is hidden.
            if (!signal.aborted) this.element.hidden = true;
        }
    }

    #show(usage) {
        const { share, state, headline, detail, remedy, problems, notes } = room(usage, nameOf);
        this.element.hidden = false;
        this.element.className = `archive-usage card ${state}`;
        write(this.#headline, headline);
        write(this.#detail, detail);
        this.#meter.hidden = share === null;
        this.#meter.setAttribute("aria-valuenow", String(Math.round((share ?? 0) * 100)));
        this.#bar.style.width = `${(share ?? 0) * 100}%`;
        this.#remedy.hidden = remedy === null;
        write(this.#remedy, remedy ?? "");
        this.#problems.show(problems);
        this.#notes.hidden = notes.length === 0;
        write(this.#notes, notes.join(" "));
    }
}
