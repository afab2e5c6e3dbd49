import { Backoff } from "../store/backoff.js";
import { session } from "../store/session.js";
import { RecordReader } from "./records.js";

/** Milliseconds without bytes after which the connection is closed and opened again. */
const silence = 20_000;
/** Milliseconds after which a hidden page closes its connection. */
const hiddenFor = 3000;
const text = new TextDecoder();

/**
 * One connection for the live view of all these cameras. It reconnects automatically, and is closed while the page is
 * hidden. `receiver` has `start(id, codecs, init)`, `fragment(id, bytes)`, `state(id, state)` and `link(isOpen)`.
 */
export class LiveFeed {
    #cameras;
    #receiver;
    #abort = null;
    #isClosed = false;
    #backoff = new Backoff(400, 8000);
    #wake = null;
    #hidden = 0;
    #onVisibility = () => this.#follow();

    constructor(cameras, receiver) {
        this.#cameras = cameras;
        this.#receiver = receiver;
        document.addEventListener("visibilitychange", this.#onVisibility);
        this.#run();
    }

    close() {
        this.#isClosed = true;
        document.removeEventListener("visibilitychange", this.#onVisibility);
        clearTimeout(this.#hidden);
        this.#abort?.abort();
        this.#wake?.();
    }

    #follow() {
        clearTimeout(this.#hidden);
        if (document.hidden) this.#hidden = setTimeout(() => this.#abort?.abort(), hiddenFor);
        else this.#wake?.();
    }

    async #run() {
        while (!this.#isClosed) {
            if (document.hidden && this.#abort) {
                await new Promise((resolve) => { this.#wake = resolve; });
                this.#wake = null;
                continue;
            }
            await session.untilIn();
            if (this.#isClosed) return;
            await this.#read();
            if (this.#isClosed) return;
            this.#receiver.link(false);
            await new Promise((resolve) => {
                const timer = setTimeout(resolve, this.#backoff.next());
                this.#wake = () => { clearTimeout(timer); resolve(); };
            });
            this.#wake = null;
        }
    }

    async #read() {
        const abort = new AbortController();
        this.#abort = abort;
        let timer = 0;
        const restartTimer = () => {
            clearTimeout(timer);
            timer = setTimeout(() => abort.abort(), silence);
        };
        restartTimer();
        try {
            const answer = await fetch(`/api/v1/live?cameras=${this.#cameras.map(encodeURIComponent).join(",")}`, { signal: abort.signal });
            if (answer.status === 401) return void await session.check();
            if (!answer.ok) return;
            const records = new RecordReader((index, kind, bytes) => this.#receive(this.#cameras[index], kind, bytes));
            const reader = answer.body.getReader();
            this.#receiver.link(true);
            for (;;) {
                const { done, value } = await reader.read();
                if (done) return;
                restartTimer();
                this.#backoff.reset();
                records.push(value);
            }
        } catch {
            // The connection ended or was aborted: the loop in #run reconnects.
        } finally {
            clearTimeout(timer);
            abort.abort();
        }
    }

    #receive(camera, kind, bytes) {
        if (camera === undefined) return;
        if (kind === RecordReader.fragment) this.#receiver.fragment(camera, bytes);
        else if (kind === RecordReader.start) {
            const length = (bytes[0] << 8) | bytes[1];
            this.#receiver.start(camera, text.decode(bytes.subarray(2, 2 + length)), bytes.subarray(2 + length));
        } else if (kind === RecordReader.state) {
            let state = null;
            try {
                state = JSON.parse(text.decode(bytes));
            } catch {
                return;
            }
            if (typeof state === "string") state = { state };
            if (state !== null && typeof state === "object") this.#receiver.state(camera, state);
        }
    }
}
