import { get } from "../store/api.js";
import { session } from "../store/session.js";
import { h, fill } from "../common/dom.js";
import { blank } from "../common/blank.js";
import { clock, dayKey, dayTitle } from "../common/format.js";
import { icon } from "../common/icons.js";
import { Pages } from "../lists/pages.js";
import { deviceName } from "../people/agent.js";
import { Page } from "../shell/page.js";
import { remarksOf, sentenceOf } from "./actions.js";

/** Who did what to accounts and settings, newest first. */
class AuditPage extends Page {
    #list = h("div", { class: "audit-days" });
    #day = null;
    #names = new Map();
    #pages = new Pages({ path: "/api/v1/audit", size: 50, ahead: 800, still: "", query: () => ({}), receive: (entries) => this.#receive(entries), bones });

    build() {
        this.append(
            h("header", { class: "top" }, h("a", { class: "button back", href: "/people" }, icon("back", true), "People and access"), h("h1", {}, "Audit log")),
            h("p", { class: "audit-about" }, "Who logged in, and who changed accounts and settings. Entries are chained: one that is changed or removed is noticed."),
            this.#list, this.#pages.state, this.#pages.mark);
    }

    async open() {
        this.heading = "Audit log";
        fill(this.#list);
        this.#day = null;
        fill(this.#pages.state, bones());
        await this.#readNames();
        if (this.isConnected) this.#pages.restart();
    }

    close() { this.#pages.unwatch(); }

    async #readNames() {
        if (!session.can("manage_people")) return;
        try {
            this.#names = new Map((await get("/api/v1/users")).items.map(({ id, name }) => [id, name]));
        } catch {
            // The entries show without the names of those whom they are about.
        }
    }

    #receive(entries) {
        for (const entry of entries) this.#dayOf(entry).append(row(entry, this.#names));
        if (this.#pages.isEnd) fill(this.#pages.state, this.#day ? h("p", { class: "end" }, "This is the oldest entry.") : blank("events", "Nothing yet", "What people do to accounts and settings appears here."));
    }

    #dayOf({ at }) {
        const key = dayKey(at);
        if (this.#day?.key !== key) {
            this.#day = { key, rows: h("ol", { class: "card audit-rows" }) };
            this.#list.append(h("section", { class: "audit-day", "aria-label": dayTitle(key) }, h("h2", {}, dayTitle(key)), this.#day.rows));
        }
        return this.#day.rows;
    }
}

function row(entry, names) {
    const { at, address, agent, action, by } = entry;
    const device = by === "account" || by === "stranger" ? deviceName(agent) : agent;
    const from = by === "guardian" ? [] : [address, device === "Unknown device" ? "" : device];
    const isWarning = ["login_failed", "login_throttled", "proof_failed"].includes(action);
    return h("li", { class: isWarning ? "audit-row warn" : "audit-row" }, h("time", { datetime: at }, clock(at)),
        h("div", { class: "audit-words" }, h("strong", {}, sentenceOf(entry, names)), h("span", { title: agent }, [...remarksOf(entry), ...from].filter(Boolean).join(" · "))));
}

const bones = () => h("div", { class: "card bone audit-bone", "aria-hidden": "true" });

customElements.define("audit-page", AuditPage);
