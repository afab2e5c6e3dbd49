import { access, prove, send } from "./api.js";

/** How many requests wait for somebody to log in again; further ones fail. */
const mostWaiting = 32;
/** Milliseconds between two questions who is logged in, while Guardian does not answer. */
const askAgainAfter = 2000;

/**
 * Who is logged in, and what they may do. `state` is "unknown" until the server told, "in", "out", or "free" with a server that has no logins.
 * Dispatches `change` when the state, the person or their rights changed, and `other` when somebody else has logged in: what the page holds is
 * not theirs. Tabs tell one another of logins and logouts.
 */
export class Session extends EventTarget {
    state = "unknown";
    /** `{ id, name, role, permissions, cameras }`; the last person while nobody is logged in. */
    principal = null;
    #isKnown;
    /** Resolves when the server told who is logged in. */
    known = new Promise((resolve) => { this.#isKnown = resolve; });
    #asking = null;
    /** Counts logins: an answer to a question from before one is out of date. */
    #logins = 0;
    #waiting = new Set();
    /** Whether somebody else has logged in, so that the document is about to be loaded again. */
    #isOther = false;
    #channel = null;

    get isIn() { return this.state === "in" || this.state === "free"; }
    get isOut() { return this.state === "out"; }
    get hasAccount() { return this.state === "in" && this.principal.id !== null; }

    /** Whether the person may do something; `permission` is a name of the API, or `null` for what everyone may. */
    can(permission) { return permission === null || permission === undefined || this.state === "free" || (this.principal?.permissions.includes(permission) ?? false); }

    /** Whether the person sees every camera. */
    get seesAll() { return (this.principal?.cameras ?? null) === null; }

    async start() {
        access.regain = (signal) => this.#regain(signal);
        if (globalThis.BroadcastChannel) {
            this.#channel = new BroadcastChannel("guardian.session");
            this.#channel.addEventListener("message", () => this.check().catch(() => {}));
        }
        // A page that comes back from the browser's memory may be of somebody who has logged out since.
        globalThis.addEventListener?.("pageshow", ({ persisted }) => { if (persisted) this.check().catch(() => {}); });
        while (this.state === "unknown") {
            await this.check().catch(() => new Promise((resolve) => setTimeout(resolve, askAgainAfter)));
        }
    }

    /** Asks the server who is logged in. Throws a `Problem` when it does not answer. */
    check() {
        this.#asking ??= this.#ask().finally(() => { this.#asking = null; });
        return this.#asking;
    }

    /** Resolves when somebody is logged in. */
    async untilIn() {
        while (!this.isIn) await new Promise((resolve) => this.addEventListener("change", resolve, { once: true }));
    }

    /** Takes over what the server answered to a login. Returns whether the document may go on: not when somebody else was logged in. */
    begin(principal) {
        this.#logins += 1;
        const isSame = this.#take(principal);
        this.#channel?.postMessage("in");
        return isSame;
    }

    /**
     * Sends a change of how the person logs in, after which the session goes on with another secret, and learns its new key; so do the other
     * tabs. Returns the answer. Throws a `Problem`.
     */
    async change(method, path, body = undefined) {
        const answer = await send(method, path, body);
        // Who asked before, with the secret of before, must not seem to be logged out. Should the question fail, the next request asks it.
        this.#logins += 1;
        await this.#ask().catch(() => {});
        this.#channel?.postMessage("in");
        return answer;
    }

    /** Logs out. The caller leaves the document, so that nothing of the person is left in it. Throws a `Problem`. */
    async logOut() { await this.#end("/api/v1/session"); }

    /** All devices of the account, also this one. */
    async logOutEverywhere() { await this.#end("/api/v1/sessions"); }

    async #end(path) {
        await prove("DELETE", path).catch((problem) => { if (problem.status !== 401) throw problem; });
        this.#channel?.postMessage("out");
    }

    async #ask() {
        const logins = this.#logins;
        try {
            const principal = await prove("GET", "/api/v1/session");
            if (logins === this.#logins) this.#take(principal);
        } catch (error) {
            if (logins !== this.#logins) return;
            if (error.status === 401) this.#lose();
            else if (error.status === 404) this.#set("free", { id: null, name: "", role: "owner", permissions: [], cameras: null });
            else throw error;
        }
    }

    #take({ requestKey, ...principal }) {
        const before = this.principal;
        if (before && (before.id !== principal.id || before.role !== principal.role)) {
            // What the page has begun must not go on with the rights of somebody else.
            this.#isOther = true;
            this.dispatchEvent(new Event("other"));
            return false;
        }
        access.key = requestKey;
        this.#set("in", principal);
        return true;
    }

    #lose() {
        access.key = null;
        this.#set("out", this.principal);
    }

    #set(state, principal) {
        const isSame = this.state === state && JSON.stringify(this.principal) === JSON.stringify(principal);
        this.state = state;
        this.principal = principal;
        this.#isKnown();
        if (!isSame) this.dispatchEvent(new Event("change"));
        if (this.isIn) for (const go of [...this.#waiting]) go(true);
    }

    /** After a 401: finds out why, and waits until somebody has logged in again. */
    async #regain(signal) {
        await this.check();
        if (this.#isOther) return false;
        if (this.isIn) return true;
        if (this.#waiting.size >= mostWaiting) return false;
        return new Promise((resolve) => {
            const go = (isIn) => {
                this.#waiting.delete(go);
                resolve(isIn);
            };
            this.#waiting.add(go);
            signal?.addEventListener("abort", () => go(false), { once: true });
        });
    }
}

export const session = new Session();
