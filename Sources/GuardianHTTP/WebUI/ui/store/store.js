import { get } from "./api.js";
import { EventFeed } from "./event-feed.js";

const statusEvery = 5000;
const recentCount = 24;
const knownCount = 600;

/**
 * What every page knows: cameras, status, the newest events. Tells by events of its own:
 * `cameras` (the list or a state changed), `status`, `event` (detail: the event, new or changed), `link` (reachable or not).
 */
class Store extends EventTarget {
    cameras = [];
    status = null;
    /** Newest first, at most `recentCount`. */
    recent = [];
    isReachable = true;
    hasRecent = false;
    #feed = new EventFeed((event) => this.#take(event), () => this.refresh(), () => this.#readStatus());
    #timer = 0;
    #known = new Map();

    start() {
        this.refresh();
        this.#feed.start();
        document.addEventListener("visibilitychange", () => this.#follow());
        this.#follow();
    }

    /** Keeps an event that a list brought, so that its page opens at once. */
    remember(event) {
        this.#known.delete(event.id);
        this.#known.set(event.id, event);
        if (this.#known.size > knownCount) this.#known.delete(this.#known.keys().next().value);
    }

    /** An event as an answer told it: for all who follow it. */
    learn(event) { this.#take(event); }

    known(id) { return this.#known.get(id) ?? null; }

    camera(id) { return this.cameras.find((camera) => camera.id === id) ?? null; }
    cameraName(id) { return this.camera(id)?.name ?? id; }

    /** Who is in view of a camera right now. */
    inView(id) { return this.recent.filter((event) => event.camera === id && event.state === "open"); }

    async refresh() {
        await Promise.all([this.#readStatus(), this.#readRecent()]);
    }

    #follow() {
        clearInterval(this.#timer);
        if (document.hidden) return;
        this.#timer = setInterval(() => this.#readStatus(), statusEvery);
        if (this.status) this.#readStatus();
    }

    async #readStatus() {
        try {
            const status = await get("/api/v1/status");
            const isFirst = this.status === null;
            this.status = status;
            const before = JSON.stringify(this.cameras);
            this.cameras = status.cameras;
            this.#reach(true);
            if (isFirst || before !== JSON.stringify(this.cameras)) this.#tell("cameras");
            this.#tell("status");
        } catch (error) {
            this.#reach(error.status !== 0, error);
        }
    }

    async #readRecent() {
        try {
            const page = await get("/api/v1/events", { limit: recentCount });
            const known = new Map(this.recent.map((event) => [event.id, event]));
            this.recent = page.items;
            for (const event of page.items) this.remember(event);
            this.hasRecent = true;
            for (const event of [...page.items].reverse()) {
                const before = known.get(event.id);
                if (!before || before.state !== event.state || before.delivery?.state !== event.delivery?.state) this.#tell("event", event);
            }
            this.#tell("recent");
        } catch {
            // The status says whether Guardian answers; the feed asks again when it is back.
        }
    }

    #take(event) {
        this.remember(event);
        const place = this.recent.findIndex((other) => other.id === event.id);
        if (place >= 0) this.recent[place] = event;
        else {
            this.recent.unshift(event);
            this.recent.sort((left, right) => Date.parse(right.startedAt) - Date.parse(left.startedAt));
            this.recent.length = Math.min(this.recent.length, recentCount);
        }
        this.#tell("event", event);
        this.#tell("recent");
    }

    #reach(isReachable) {
        if (this.isReachable === isReachable) return;
        this.isReachable = isReachable;
        this.#tell("link");
    }

    #tell(name, detail = undefined) { this.dispatchEvent(new CustomEvent(name, { detail })); }
}

export const store = new Store();
