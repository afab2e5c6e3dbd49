import { store } from "../store/store.js";
import { h, fill, Scope } from "../common/dom.js";
import { blank } from "../common/blank.js";
import { icon } from "../common/icons.js";
import { dayKey, dayTitle } from "../common/format.js";
import { note } from "../shell/router.js";
import { isServed } from "../shell/served.js";
import { Top } from "../shell/top.js";
import { Pages } from "../lists/pages.js";
import { ArchiveFilters } from "./filters.js";
import { lockButton } from "./lock-button.js";
import { ArchiveRow } from "./row.js";
import { Thumbnails } from "./thumbnails.js";
import { ArchiveUsage } from "./usage.js";
import { Page } from "../shell/page.js";

const refreshInterval = 8000;

/** The list of archived clips by day, newest first. */
class ArchivePage extends Page {
    keeps = true;
    #filters = new ArchiveFilters(() => this.#filtered());
    #top = new Top("Archive", this.#filters.element);
    #rows = new Map();
    #thumbnails = new Thumbnails(new Scope());
    #usage = new ArchiveUsage();
    #days = new Map();
    #list = h("div", { class: "archive-days" });
    #pages = new Pages({
        path: "/api/v1/archive", size: 50, ahead: 800, still: "", query: () => this.#filters.query, receive: (items) => this.#receive(items), bones,
        missing: () => blank("archive", "There is no archive here", "Clips stay on the recorder until it has a node that keeps an archive, and somebody has a recovery code.", makeCode()),
    });

    build() {
        this.#top.element.append(...[lockButton(new Scope()), isServed("/archive/keys") && h("a", { class: "button", href: "/archive/keys" }, icon("key", true), "Keys")].filter(Boolean));
        this.append(this.#top.element, h("div", { class: "archive-body" }, this.#usage.element, this.#list, this.#pages.state, this.#pages.mark));
    }

    begin() {
        this.#top.follow(this.scope);
        this.#usage.follow(this.scope);
        this.scope.listen(store, "cameras", () => { this.#filters.show(); for (const row of this.#rows.values()) row.update(row.item); });
        this.scope.every(refreshInterval, () => { if (!document.hidden) this.#refresh(); });
    }

    open(_parameter, address) {
        this.heading = "Archive";
        const before = this.#filters.address;
        this.#filters.read(address);
        if (this.#rows.size === 0 || before !== this.#filters.address) this.#restart();
        else {
            this.#refresh();
            this.#pages.watch();
        }
    }

    close() {
        this.#pages.unwatch();
        this.#filters.close();
    }

    #filtered() {
        note(this.#filters.address);
        this.#restart();
        scrollTo(0, 0);
    }

    #restart() {
        this.#rows.clear();
        this.#thumbnails.clear();
        this.#days.clear();
        fill(this.#list);
        this.#pages.restart();
    }

    #receive(items) {
        for (const item of items) this.#put(item);
        this.#showEnd();
    }

    /** Updates states and adds new clips. */
    async #refresh() {
        try {
            for (const item of await this.#pages.newest()) this.#put(item);
            if (this.#pages.isEnd) this.#showEnd();
        } catch {
            // The list stays as it is until the next attempt.
        }
    }

    #put(item) {
        const known = this.#rows.get(item.clipId);
        if (known) return known.update(item);
        const row = new ArchiveRow(item);
        this.#rows.set(item.clipId, row);
        const day = this.#day(dayKey(item.startedAt));
        let index = day.rows.findIndex((other) => other.at < row.at);
        if (index < 0) index = day.rows.length;
        const line = h("li", {}, row.element);
        day.list.insertBefore(line, day.list.children[index] ?? null);
        day.rows.splice(index, 0, row);
        this.#thumbnails.watch(row);
    }

    #day(key) {
        const known = this.#days.get(key);
        if (known) return known;
        const list = h("ul", { class: "card archive-list" });
        const element = h("section", { class: "archive-day", "aria-label": dayTitle(key) }, h("h2", {}, dayTitle(key)), list);
        const day = { key, element, list, rows: [] };
        const earlier = [...this.#days.values()].filter((other) => other.key < key).sort((one, other) => (one.key > other.key ? -1 : 1))[0];
        this.#list.insertBefore(element, earlier?.element ?? null);
        this.#days.set(key, day);
        return day;
    }

    #showEnd() {
        if (!this.#pages.isEnd) return void fill(this.#pages.state, bones(2));
        if (this.#rows.size > 0) return void fill(this.#pages.state, h("p", { class: "end" }, this.#filters.isNarrowed ? "No more clips match." : "This is the oldest clip."));
        fill(this.#pages.state, this.#filters.isNarrowed
            ? blank("archive", "No archived clip matches", "", h("button", { class: "button", type: "button", on: { click: () => this.#filters.clear() } }, "Show all clips"))
            : blank("archive", "Nothing is archived yet", "Once somebody has a recovery code, the clips of events are kept here too, sealed so that only that code opens them.",
                makeCode()));
    }
}

/** The way to a recovery code, where codes are made: at a recorder. */
const makeCode = () => isServed("/archive/keys") && h("a", { class: "button", href: "/archive/keys" }, "Make a recovery code");

function bones(rows = 6) {
    return h("div", { class: "card archive-list bones", "aria-hidden": "true" }, ...Array.from({ length: rows }, () => h("div", { class: "archive-row" }, h("span", { class: "bone row-mark" }), h("span", { class: "row-words" }, h("span", { class: "bone line" })))));
}

customElements.define("archive-page", ArchivePage);
