import { store } from "../store/store.js";
import { h, fill, isWriting } from "../common/dom.js";
import { blank } from "../common/blank.js";
import { icon } from "../common/icons.js";
import { count, dayKey, dayTitle, labelName, ms } from "../common/format.js";
import { isNode } from "../common/server.js";
import { announcer } from "../shell/announcer.js";
import { note } from "../shell/router.js";
import { Top } from "../shell/top.js";
import { Pages } from "../lists/pages.js";
import { DensityStrip } from "./density.js";
import { Filters } from "./filters.js";
import { readCoverage, readGaps, watchedWords } from "./gaps.js";
import { DayList } from "./list.js";
import { Page } from "../shell/page.js";

/** The list of events by day with infinite scrolling; it keeps its state while another page is open. */
class EventsPage extends Page {
    keeps = true;
    #filters = new Filters(() => this.#filtered());
    #top = new Top("Events", this.#filters.element);
    #list = new DayList();
    #strip = new DensityStrip((from, to) => this.#jump(from, to));
    #pages = new Pages({ path: "/api/v1/events", size: 48, ahead: 1200, query: () => this.#filters.query, receive: (events, signal) => this.#put(events, signal), bones });
    #fresh = h("button", { class: "pill fresh", type: "button", hidden: true, on: { click: () => this.#showFresh() } });
    #waiting = new Map();
    #oldest = Date.now();
    #gapsFrom = null;
    #gaps = [];
    #watchedSince = null;

    begin() {
        this.#top.follow(this.scope);
        this.scope.listen(store, "event", ({ detail }) => this.#receive(detail));
        this.scope.listen(store, "cameras", () => { this.#filters.show(); this.#list.rename(); });
        this.scope.listen(document, "scroll", () => this.#scrolled(), { passive: true });
        this.scope.listen(document, "keydown", (event) => this.#key(event));
        this.scope.every(1000, () => this.#list.tick());
        this.scope.every(30_000, () => this.#readNewGaps());
    }

    open(_parameter, address) {
        this.heading = "Events";
        const before = this.#filters.address;
        this.#filters.read(address);
        if (this.#list.size === 0 || before !== this.#filters.address) this.#restart();
        else {
            for (const event of store.recent) this.#receive(event);
            this.#pages.watch();
        }
    }

    close() {
        this.#pages.unwatch();
        this.#filters.close();
        this.#list.stop();
    }

    build() {
        this.#strip.onTotal = (day, visits) => this.#list.total(day, visits);
        // Day titles stick directly below the header, whose height depends on its text.
        new ResizeObserver(() => this.style.setProperty("--head", `${this.#top.element.offsetHeight}px`)).observe(this.#top.element);
        this.append(this.#top.element, h("div", { class: "events-body" }, h("div", { class: "events-list" }, h("div", { class: "fresh-place" }, this.#fresh), this.#list.element, this.#pages.state, this.#pages.mark), this.#strip.element));
    }

    #filtered() {
        note(this.#filters.address);
        this.#restart();
        scrollTo(0, 0);
    }

    #restart() {
        this.#gaps = [];
        this.#gapsFrom = null;
        this.#oldest = Date.now();
        this.#waiting.clear();
        this.#showFreshCount();
        this.#list.clear();
        this.#strip.reset(this.#filters.query);
        this.#strip.setGaps([]);
        this.#strip.show(this.#filters.day ?? dayKey(Date.now()));
        this.#pages.restart();
    }

    async #put(events, signal) {
        for (const event of events) {
            this.#filters.addLabel(event.label);
            store.remember(event);
            this.#list.put(event);
        }
        const reached = events.length ? ms(events.at(-1).startedAt) : this.#oldest;
        await this.#readGaps(reached, signal);
        this.#oldest = reached;
        for (const day of this.#list.days) this.#strip.load(day);
        this.#showEnd();
        this.#scrolled();
    }

    /** Reads the gaps down to the oldest event of the list; at the list's end, down to the start of the chosen day. */
    async #readGaps(reached, signal) {
        const query = this.#filters.query;
        const to = this.#gapsFrom ?? (query.to ? Math.min(Date.now(), Date.parse(query.to)) : Date.now());
        const from = this.#pages.isEnd && query.from ? Date.parse(query.from) : this.#pages.isEnd && this.#list.size === 0 ? Date.now() - 7 * 86_400_000 : reached;
        if (from >= to) return;
        try {
            const { gaps, watchedSince } = await readCoverage(from, to, this.#filters.camera, signal);
            this.#addGaps(gaps);
            this.#watchedSince = watchedSince;
            this.#gapsFrom = from;
        } catch (error) {
            if (signal.aborted) throw error;
        }
    }

    async #readNewGaps() {
        if (this.#filters.day !== null && this.#filters.day !== dayKey(Date.now()) || document.hidden) return;
        try {
            this.#addGaps(await readGaps(Date.now() - 3_600_000, Date.now(), this.#filters.camera, this.#pages.signal));
        } catch {
            // The timer tries again in 30 s.
        }
    }

    #addGaps(gaps) {
        const known = new Set(this.#gaps.map((gap) => `${gap.camera}${gap.from}`));
        this.#gaps.push(...gaps.filter((gap) => !known.has(`${gap.camera}${gap.from}`)));
        for (const gap of gaps) if (this.#list.size > 0 || this.#pages.isEnd) this.#list.putGap(gap);
        this.#strip.setGaps(this.#gaps);
    }

    #showEnd() {
        if (!this.#pages.isEnd) return void fill(this.#pages.state, bones(4));
        if (this.#list.size > 0) return void fill(this.#pages.state, h("p", { class: "end" }, this.#filters.isNarrowed ? "No more events match." : "This is the oldest event."));
        const { camera, day, label, kept } = this.#filters;
        const all = h("button", { class: "button", type: "button", on: { click: () => this.#filters.clear() } }, "Show all events");
        if (kept) return void fill(this.#pages.state, blank("keep", "No kept event matches", `Press Keep this on an event's page${isNode ? " at its recorder" : ""}: its clip stays on ${isNode ? "the" : "this"} recorder and goes to your archive.`, all));
        const where = camera ? ` at ${store.cameraName(camera)}` : "";
        const when = day ? ` ${dayTitle(day) === "Today" || dayTitle(day) === "Yesterday" ? dayTitle(day).toLowerCase() : `on ${dayTitle(day)}`}` : "";
        fill(this.#pages.state, this.#filters.isNarrowed
            ? blank("events", `${label && label !== "person" ? "Nothing" : "Nobody"}${where}${when}`, this.#watchedWords(), all)
            : blank("person", "No events yet", "Events appear here automatically."));
    }

    #watchedWords() {
        const { camera, query } = this.#filters;
        const isOver = query.to && Date.parse(query.to) <= Date.now();
        // A node knows gaps from recorders that are connected, and not whether a camera is being watched now.
        const isUnknown = isNode && !isOver && (store.status?.edges ?? []).some((edge) => !edge.connected);
        const cameras = isOver || isNode ? null : store.cameras.filter((each) => !camera || each.id === camera);
        return watchedWords({ gaps: this.#gaps, from: isUnknown ? null : this.#gapsFrom, watchedSince: this.#watchedSince, cameras });
    }

    #receive(event) {
        this.#filters.addLabel(event.label);
        if (this.#list.has(event.id)) return this.#list.put(event);
        if (this.#waiting.has(event.id)) return void this.#waiting.set(event.id, event);
        if (!this.#filters.matches(event) || this.#list.size > 0 && ms(event.startedAt) < this.#oldest || this.#pages.isLoading && this.#list.size === 0) return;
        if (scrollY < 120 && !this.#list.element.matches(":hover")) {
            this.#list.put(event, true);
            if (this.#pages.isEnd) this.#showEnd();
            this.#strip.load(dayKey(event.startedAt), true);
        } else {
            this.#waiting.set(event.id, event);
            this.#showFreshCount();
        }
        announcer.say(`${labelName(event.label)} at ${store.cameraName(event.camera)}`);
    }

    #showFreshCount() {
        this.#fresh.hidden = this.#waiting.size === 0;
        fill(this.#fresh, icon("up", true), `${count(this.#waiting.size, "new", "new")}`);
        this.#fresh.setAttribute("aria-label", `Show ${count(this.#waiting.size, "new event")}`);
    }

    #showFresh() {
        for (const event of this.#waiting.values()) this.#list.put(event, true);
        for (const day of new Set([...this.#waiting.values()].map((event) => dayKey(event.startedAt)))) this.#strip.load(day, true);
        this.#waiting.clear();
        this.#showFreshCount();
        scrollTo({ top: 0, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    }

    #scrolled() {
        if (scrollY < 40 && this.#waiting.size > 0 && !this.#list.element.matches(":hover")) this.#showFresh();
        const card = this.#list.topCard(140);
        if (!card) return;
        this.#strip.show(dayKey(card.at));
        this.#strip.mark(card.at);
    }

    /** Loads pages until that hour is in the list, then scrolls to it. */
    async #jump(from, to) {
        while (!this.#pages.isEnd && this.#oldest >= from) {
            const before = this.#oldest;
            await this.#pages.more();
            if (this.#oldest === before && !this.#pages.isEnd) return;
        }
        const card = this.#list.cardBetween(from, to);
        if (!card) return;
        card.element.scrollIntoView({ block: "start" });
        card.element.focus({ preventScroll: true });
    }

    /** Arrow keys move the focus from card to card as they are arranged on the screen. */
    #key(event) {
        if (isWriting(event) || !event.key.startsWith("Arrow")) return;
        const here = document.activeElement?.closest?.(".event-card");
        if (!here) return;
        const cards = [...this.#list.element.querySelectorAll(".event-card")];
        const at = cards.indexOf(here);
        let target = null;
        if (event.key === "ArrowLeft") target = cards[at - 1];
        else if (event.key === "ArrowRight") target = cards[at + 1];
        else {
            const box = here.getBoundingClientRect();
            const isDown = event.key === "ArrowDown";
            target = (isDown ? cards.slice(at + 1) : cards.slice(0, at).reverse()).find((card) => {
                const other = card.getBoundingClientRect();
                return Math.abs(other.left - box.left) < box.width / 2 && (isDown ? other.top > box.top : other.top < box.top);
            });
        }
        if (!target) return;
        event.preventDefault();
        target.focus({ preventScroll: true });
        target.scrollIntoView({ block: "nearest" });
    }
}

function bones(cards = 8) {
    return h("div", { class: "cards bones", "aria-hidden": "true" }, ...Array.from({ length: cards }, () => h("div", { class: "event-card card" }, h("span", { class: "view" }), h("span", { class: "words" }, h("span", { class: "bone line" }), h("span", { class: "bone line short" })))));
}

customElements.define("events-page", EventsPage);
