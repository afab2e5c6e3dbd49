import { get } from "./api.js";
import { EventFeed } from "./event-feed.js";
import { session } from "./session.js";
import { isForOperators } from "../common/server.js";

const statusEvery = 5000;
const recentCount = 24;
const knownCount = 600;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The state that all pages share: cameras, status, the newest events. Whoever may not read the status has the cameras only. Dispatches
 * `cameras` (the list or a state changed), `status`, `event` (detail: the new or changed event), `recent` (the newest events changed) and `link`
 * (Guardian became reachable or unreachable).
 */
class Store extends EventTarget {
    cameras = [];
    hasCameras = false;
    status = null;
    /** Newest first, at most `recentCount`. */
    recent = [];
    isReachable = true;
    hasRecent = false;
    #feed = new EventFeed((event) => this.#receive(event), () => this.refresh(), () => this.#readStatus());
    #timer = 0;
    #known = new Map();

    async start() {
        session.addEventListener("change", () => {
            this.#setReachable(true);
            this.#follow();
            this.refresh();
        });
        document.addEventListener("visibilitychange", () => {
            this.#follow();
            if (this.hasCameras && !document.hidden) this.#readStatus();
        });
        const isAnswered = session.start();
        // Said at once, and not only when the first question has timed out a few times.
        session.check().catch((error) => this.#setReachable(error.status !== 0));
        await isAnswered;
        if (!isForOperators) this.#feed.start();
    }

    /** Caches an event of a list, so that its page opens without waiting. */
    remember(event) {
        this.#known.delete(event.id);
        this.#known.set(event.id, event);
        if (this.#known.size > knownCount) this.#known.delete(this.#known.keys().next().value);
    }

    /** Stores an event that a response contained and notifies listeners. */
    update(event) { this.#receive(event); }

    known(id) { return this.#known.get(id) ?? null; }

    /** By its id, or by its UUID: at a node, events that were read before a recorder was back have that. */
    camera(id) { return this.cameras.find((camera) => camera.id === id || camera.cameraId === id) ?? null; }
    /** The name of a camera. A node does not know those of a recorder that is not connected: they have a number then. */
    cameraName(id) { return this.camera(id)?.name ?? (uuid.test(id ?? "") ? `Camera ${id.slice(0, 8)}` : id); }

    /** Whether an event is of a camera. */
    isOf(event, id) { return event.camera === id || this.camera(event.camera)?.id === id; }

    /** The open events of a camera. */
    inView(id) { return this.recent.filter((event) => this.isOf(event, id) && event.state === "open"); }

    async refresh() {
        // Operators have neither cameras nor events.
        if (!session.isIn || isForOperators) return;
        await Promise.all([this.#readStatus(), this.#readRecent()]);
    }

    #follow() {
        clearInterval(this.#timer);
        if (!document.hidden && session.isIn && !isForOperators) this.#timer = setInterval(() => this.#readStatus(), statusEvery);
    }

    async #readStatus() {
        if (!session.isIn) return;
        try {
            const status = session.can("read_status") && session.seesAll ? await get("/api/v1/status") : null;
            const cameras = status?.cameras ?? (await get("/api/v1/cameras")).items;
            const isFirst = !this.hasCameras;
            const before = JSON.stringify(this.cameras);
            this.status = status;
            this.cameras = cameras;
            this.hasCameras = true;
            this.#setReachable(true);
            if (isFirst || before !== JSON.stringify(this.cameras)) this.#emit("cameras");
            this.#emit("status");
        } catch (error) {
            this.#setReachable(error.status !== 0);
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
                if (!before || before.state !== event.state || before.delivery?.state !== event.delivery?.state) this.#emit("event", event);
            }
            this.#emit("recent");
        } catch {
            // Reading the status detects that Guardian is unreachable; the feed calls `refresh` when it is back.
        }
    }

    #receive(event) {
        this.remember(event);
        const index = this.recent.findIndex((other) => other.id === event.id);
        if (index >= 0) this.recent[index] = event;
        else {
            this.recent.unshift(event);
            this.recent.sort((left, right) => Date.parse(right.startedAt) - Date.parse(left.startedAt));
            this.recent.length = Math.min(this.recent.length, recentCount);
        }
        this.#emit("event", event);
        this.#emit("recent");
    }

    #setReachable(isReachable) {
        if (this.isReachable === isReachable) return;
        this.isReachable = isReachable;
        this.#emit("link");
    }

    #emit(name, detail = undefined) { this.dispatchEvent(new CustomEvent(name, { detail })); }
}

export const store = new Store();
