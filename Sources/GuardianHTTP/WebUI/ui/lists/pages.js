import { get } from "../store/api.js";
import { h, fill } from "../parts/dom.js";
import { failure } from "../parts/blank.js";

/**
 * A list of the API, read page by page as somebody comes near its end. `state` is what stands behind the list: that more is coming, a failure, or its end;
 * `mark` is what comes into sight before that end.
 */
export class Pages {
    state = h("div", { class: "list-state" });
    mark = h("div", { class: "more-mark" });
    isEnd = false;
    #list;
    #cursor = null;
    #load = null;
    #abort = new AbortController();
    #observer;

    /**
     * `list`: `{ path, size, ahead, query(), take(items, signal), bones(), missing(), still }`: where it is, items a page, pixels ahead of the end, parameters, what is
     * done with a page's items, what stands for those that come, what is said when there is no such list (optional), and what `failure` says still goes on (optional).
     */
    constructor(list) {
        this.#list = list;
        this.#observer = new IntersectionObserver((entries) => { if (entries.some((entry) => entry.isIntersecting)) this.more(); }, { rootMargin: `${list.ahead}px` });
    }

    /** Ends what is under way when the list begins anew. */
    get signal() { return this.#abort.signal; }
    get isLoading() { return this.#load !== null; }

    /** Begins with the newest again; the caller has emptied what it shows. */
    restart() {
        this.#abort.abort();
        this.#abort = new AbortController();
        this.rest();
        this.#load = null;
        this.#cursor = null;
        this.isEnd = false;
        fill(this.state, this.#list.bones());
        this.more();
    }

    watch() { this.#observer.observe(this.mark); }
    rest() { this.#observer.disconnect(); }

    more() {
        if (this.#load || this.isEnd) return this.#load ?? Promise.resolve();
        const { signal } = this.#abort;
        this.#load = this.#read(signal).catch((error) => {
            if (signal.aborted) return;
            const missing = error.isMissing ? this.#list.missing?.() : null;
            if (missing) this.isEnd = true;
            fill(this.state, missing ?? failure(error, () => { fill(this.state, this.#list.bones()); this.more(); }, this.#list.still));
        }).finally(() => {
            if (signal.aborted) return;
            this.#load = null;
            // Only a new observation tells of a mark that is still in sight.
            this.rest();
            if (!this.isEnd && !this.state.querySelector(".bad")) this.watch();
        });
        return this.#load;
    }

    /** The newest items once more: what changed, and what came. */
    async newest() {
        return (await get(this.#list.path, { ...this.#list.query(), limit: this.#list.size }, this.signal)).items;
    }

    async #read(signal) {
        const { path, query, size, take } = this.#list;
        const page = await get(path, { ...query(), limit: size, cursor: this.#cursor }, signal);
        this.#cursor = page.nextCursor;
        this.isEnd = page.nextCursor === null || page.nextCursor === undefined;
        await take(page.items, signal);
    }
}
