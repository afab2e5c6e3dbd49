import { Backoff } from "./backoff.js";
import { session } from "./session.js";

/** Milliseconds after which a hidden page closes its stream. */
const hiddenFor = 10_000;

/**
 * The stream of events. The browser resumes it after the last id. When the browser gives up, a new stream is opened, and `onBack` is called to
 * read what was missed. A page that has been hidden for some seconds closes its connection, because all tabs together have only six HTTP/1.1
 * connections; nobody who is logged out has one.
 */
export class EventFeed {
    #source = null;
    #onEvent;
    #onBack;
    #onStatus;
    #backoff = new Backoff(1000, 15_000);
    #timer = 0;
    #hasGap = false;

    constructor(onEvent, onBack, onStatus) {
        this.#onEvent = onEvent;
        this.#onBack = onBack;
        this.#onStatus = onStatus;
    }

    start() {
        this.#open();
        let hidden = 0;
        document.addEventListener("visibilitychange", () => {
            clearTimeout(hidden);
            if (document.hidden) hidden = setTimeout(() => this.#close(), hiddenFor);
            else if (!this.#source) this.#open();
        });
        addEventListener("pagehide", () => this.#close());
        addEventListener("pageshow", (event) => { if (event.persisted) this.#open(); });
        session.addEventListener("change", () => {
            if (!session.isIn) this.#close();
            else if (!this.#source && !document.hidden) this.#open();
        });
    }

    #open() {
        clearTimeout(this.#timer);
        this.#source?.close();
        if (!session.isIn) return;
        const source = new EventSource("/api/v1/events/stream");
        this.#source = source;
        source.addEventListener("open", () => {
            this.#backoff.reset();
            if (this.#hasGap) this.#onBack();
            this.#hasGap = false;
        });
        source.addEventListener("event", (message) => {
            const event = parse(message.data);
            if (event) this.#onEvent(event);
        });
        source.addEventListener("status", () => this.#onStatus());
        source.addEventListener("error", () => {
            this.#hasGap = true;
            if (source.readyState !== EventSource.CLOSED || source !== this.#source) return;
            // The browser does not tell the status: it may be that the login has ended.
            session.check().catch(() => {});
            this.#timer = setTimeout(() => this.#open(), this.#backoff.next());
        });
    }

    #close() {
        clearTimeout(this.#timer);
        this.#source?.close();
        this.#source = null;
        this.#hasGap = true;
    }
}

function parse(text) {
    try {
        const event = JSON.parse(text);
        return typeof event?.id === "string" ? event : null;
    } catch {
        return null;
    }
}
