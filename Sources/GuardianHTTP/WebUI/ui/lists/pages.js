import { get } from "../store/api.js";
import { h, fill } from "../common/dom.js";
import { failure } from "../common/blank.js";

/**
 * A list of the API that is read page by page as the user scrolls near its end. The element `state`, after the list, shows that more is loading,
 * a failure, or the end of the list. The element `mark` triggers the next page when it comes near the visible area.
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
     * `list`: `{ path, size, ahead, query(), receive(items, signal), bones(), missing(), still }`: path, items per page, distance in pixels at which
     * the next page is loaded, query parameters, callback for a page's items, placeholder while loading, placeholder when the list does not exist
     * (optional), and the `still` of `failure` (optional).
     */
    constructor(list) {
        this.#list = list;
        this.#observer = new IntersectionObserver((entries) => { if (entries.some((entry) => entry.isIntersecting)) this.more(); }, { rootMargin: `${list.ahead}px` });
    }

    /** Aborted when the list restarts. */
    get signal() { return this.#abort.signal; }
    get isLoading() { return this.#load !== null; }

    /** Starts again with the first page; the caller has cleared its own elements. */
    restart() {
        this.#abort.abort();
        this.#abort = new AbortController();
        this.unwatch();
        this.#load = null;
        this.#cursor = null;
        this.isEnd = false;
        fill(this.state, this.#list.bones());
        this.more();
    }

    watch() { this.#observer.observe(this.mark); }
    unwatch() { this.#observer.disconnect(); }

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
            // An observer reports a mark that is still visible only when it is observed anew.
            this.unwatch();
            if (!this.isEnd && !this.state.querySelector(".bad")) this.watch();
        });
        return this.#load;
    }

    /** Reads the first page again, for changed and new items. */
    async newest() {
        return (await get(this.#list.path, { ...this.#list.query(), limit: this.#list.size }, this.signal)).items;
    }

    async #read(signal) {
        const { path, query, size, receive } = this.#list;
        const page = await get(path, { ...query(), limit: size, cursor: this.#cursor }, signal);
        this.#cursor = page.nextCursor;
        this.isEnd = page.nextCursor === null || page.nextCursor === undefined;
        await receive(page.items, signal);
    }
}
