import { session } from "../store/session.js";
import { store } from "../store/store.js";
import { h, fill } from "../common/dom.js";
import { blank } from "../common/blank.js";
import { isNode } from "../common/server.js";
import { icon } from "../common/icons.js";
import { Top } from "../shell/top.js";
import { card } from "./card.js";
import { Cameras } from "./cameras.js";
import { Verdict } from "./verdict.js";
import { facts } from "./facts.js";
import { archiveCard, uplinkRows } from "./archive.js";
import { recorderCards } from "./recorders.js";
import { Page } from "../shell/page.js";

const archiveEvery = 15_000;

/** The status in one sentence, followed by the problems and the state of every component. */
class SystemPage extends Page {
    #top = new Top("System", h("a", { class: "button", href: "/report" }, "Report of the day"));
    #verdict = new Verdict();
    #cameras = new Cameras();
    #facts = h("div", { class: "system-cards" });
    #body = h("div", { class: "system-body" });
    #archive = null;
    #isRequested = false;
    #shown = "";

    build() { this.append(this.#top.element, this.#body); }

    begin() {
        this.#top.follow(this.scope);
        this.scope.listen(store, "status", () => this.#show());
        this.scope.listen(store, "link", () => this.#show());
        this.scope.every(1000, () => { if (store.status && store.isReachable) this.#cameras.tick(); });
        this.scope.every(archiveEvery, () => { if (!document.hidden) this.#readArchive(); });
    }

    open() {
        this.heading = "System";
        this.#show();
    }

    /** Reads the archive's usage, which only the node knows. */
    async #readArchive() {
        const scope = this.scope;
        this.#isRequested = hasArchive(store.status);
        if (!this.#isRequested) return;
        try { this.#archive = await archiveCard(); } catch { return; }
        if (scope === this.scope) this.#show();
    }

    #show() {
        const status = store.status;
        if (!status) {
            fill(this.#body, store.isReachable
                ? [h("div", { class: "bone verdict-bone" }), h("div", { class: "bone table-bone" })]
                : blank("alert", "Guardian does not answer", "Check that it runs and that this device reaches it. This page reloads automatically."));
            return;
        }
        if (!this.#verdict.element.isConnected) {
            fill(this.#body, this.#verdict.element, section("Cameras", camerasHead(), this.#cameras.element), this.#facts);
        }
        this.#body.classList.toggle("stale", !store.isReachable);
        this.#verdict.update(status, store.isReachable);
        this.#cameras.update(status.cameras);
        if (hasArchive(status) && !this.#isRequested) this.#readArchive();
        const cards = isNode ? recorderCards(status) : facts(status);
        if (this.#archive && hasArchive(status)) cards.splice(2, 0, { ...this.#archive, rows: [...(isNode ? [] : uplinkRows(status.archive)), ...this.#archive.rows] });
        const key = JSON.stringify(cards);
        if (key === this.#shown) return;
        this.#shown = key;
        fill(this.#facts, ...cards.map(card));
    }
}

function section(title, ...children) {
    return h("section", { class: "system-section", "aria-label": title }, h("h2", {}, title), ...children);
}

/** Whether there is a node, which has the archive. */
const hasArchive = (status) => isNode || (status?.node.configured ?? false);

/** The way to the page on which an owner adds and changes cameras. */
const camerasHead = () => !isNode && session.can("manage_cameras") && session.seesAll && h("a", { class: "more", href: "/cameras" }, "Manage cameras", icon("on", true));

customElements.define("system-page", SystemPage);
