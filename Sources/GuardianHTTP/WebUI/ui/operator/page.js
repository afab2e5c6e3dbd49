import { all } from "../store/api.js";
import { h, fill } from "../common/dom.js";
import { blank, failure } from "../common/blank.js";
import { Page } from "../shell/page.js";
import { card } from "../system/card.js";
import { tenantCards } from "./cards.js";

const readEvery = 15_000;
/** A node has no more. */
const most = 10_000;

/** How the households of a node are, for its operators. */
class TenantsPage extends Page {
    #cards = h("div", { class: "system-cards" });
    #shown = "";

    build() { this.append(h("header", { class: "top" }, h("h1", {}, "Households")), h("div", { class: "system-body" }, this.#cards)); }

    begin() { this.scope.every(readEvery, () => { if (!document.hidden) this.#read(); }); }

    open() {
        this.heading = "Households";
        this.#read();
    }

    async #read() {
        const scope = this.scope;
        try {
            const tenants = await all("/api/v1/operator/tenants", { limit: 200 }, most);
            if (scope === this.scope) this.#show(tenants);
        } catch (problem) {
            // What is shown stays; the next reading tries again.
            if (scope === this.scope && this.#shown === "") fill(this.#cards, failure(problem, () => this.#read()));
        }
    }

    #show(tenants) {
        const cards = tenantCards(tenants);
        const key = JSON.stringify(cards);
        if (key === this.#shown) return;
        this.#shown = key;
        fill(this.#cards, ...(cards.length > 0 ? cards.map(card) : [blank("node", "No household yet", "Add one on the node's machine: guardian node tenant add NAME")]));
    }
}

customElements.define("tenants-page", TenantsPage);
