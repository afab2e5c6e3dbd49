// Client of the HTTP API that /api/v1/openapi.yaml describes.

/** A failed request with texts for people: the server's problem+json, or that it did not answer. */
export class Problem extends Error {
    /** `more`: `errors`, what is wrong with single members of the body, as `[{ field, detail }]`; `retryAfter`, in seconds. */
    constructor(title, detail, code, status, { errors = [], retryAfter = null } = {}) {
        super(detail);
        this.title = title;
        this.code = code;
        this.status = status;
        this.errors = errors;
        this.retryAfter = retryAfter;
    }

    get isMissing() { return this.status === 404; }
}

/**
 * What requests need of the session: `key`, the header of requests that change something, and `regain`, called after a 401. It resolves with
 * whether the request may be sent again: to the same person, who has logged in again or whose key was renewed.
 */
export const access = { key: null, regain: async () => false };

/** Sends a GET and returns the JSON. Throws a `Problem`, or an AbortError when `signal` aborts it. */
export async function get(path, query = {}, signal = undefined) {
    const address = new URL(path, location.origin);
    for (const [name, value] of Object.entries(query)) {
        if (value !== null && value !== undefined && value !== "") address.searchParams.set(name, value);
    }
    return ask("GET", address, { signal });
}

/** Sends a request that changes something, with `body` as JSON, and returns the JSON of the answer, `null` without one. Throws a `Problem`. */
export const send = (method, path, body = undefined) => ask(method, new URL(path, location.origin), { body });

/** Sends a request whose answer is a picture, and returns it as a Blob. Throws a `Problem`. */
export const sendForPicture = (path, body) => ask("POST", new URL(path, location.origin), { body, reads: (answer) => answer.blob() });

/** Sends a request that logs in, to a household of a node, or asks who is logged in: a 401 is its answer. Throws a `Problem`. */
export const prove = (method, path, body = undefined, household = "") => ask(method, new URL(path, location.origin), { body, household, isProof: true });

async function ask(method, address, { body = undefined, household = "", signal = undefined, isProof = false, reads = (answer) => answer.json() }) {
    const first = await attempt(method, address, body, signal, household);
    const isLoggedOut = first.status === 401 && !isProof;
    const { answer, status } = isLoggedOut && await access.regain(signal) ? await attempt(method, address, body, signal) : first;
    if (status === 204) return null;
    const content = await (answer.ok ? reads(answer) : answer.json()).catch(() => null);
    if (answer.ok && content) return content;
    throw new Problem(
        status === 404 ? "Not found" : "The request failed", content?.detail ?? `Guardian answered with status ${status}.`, content?.code ?? "unknown", status,
        { errors: content?.errors, retryAfter: seconds(answer.headers.get("Retry-After")) });
}

async function attempt(method, address, body, signal, household = "") {
    const headers = { Accept: "application/json" };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (household !== "") headers["X-Guardian-Tenant"] = household;
    if (access.key !== null && method !== "GET" && method !== "HEAD") headers["X-Guardian-Request"] = access.key;
    try {
        const answer = await fetch(address, { method, signal, headers, body: body === undefined ? undefined : JSON.stringify(body) });
        return { answer, status: answer.status };
    } catch (error) {
        if (error.name === "AbortError") throw error;
        throw new Problem("Guardian does not answer", "Check that it runs and that this device reaches it.", "unavailable", 0);
    }
}

/** The seconds of a `Retry-After` header; `null` for a date, which Guardian does not send. */
const seconds = (text) => (/^\d{1,6}$/.test(text ?? "") ? Number(text) : null);

export const iso = (milliseconds) => new Date(milliseconds).toISOString();

/** Reads all pages of a list, up to about `most` items. */
export async function all(path, query, most = 2000, signal = undefined) {
    const items = [];
    let cursor = null;
    do {
        const page = await get(path, { ...query, cursor }, signal);
        items.push(...page.items);
        cursor = page.nextCursor;
    } while (cursor && items.length < most);
    return items;
}
