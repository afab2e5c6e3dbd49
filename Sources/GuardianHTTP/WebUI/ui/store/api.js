// Client of the HTTP API that /api/v1/openapi.yaml describes.

/** A failed request with texts for people: the server's problem+json, or that it did not answer. */
export class Problem extends Error {
    constructor(title, detail, code, status) {
        super(detail);
        this.title = title;
        this.code = code;
        this.status = status;
    }

    get isMissing() { return this.status === 404; }
}

/** Sends a GET and returns the JSON. Throws a `Problem`, or an AbortError when `signal` aborts it. */
export async function get(path, query = {}, signal = undefined) {
    const address = new URL(path, location.origin);
    for (const [name, value] of Object.entries(query)) {
        if (value !== null && value !== undefined && value !== "") address.searchParams.set(name, value);
    }
    return ask("GET", address, signal);
}

/** Sends a PUT or DELETE without a body and returns the JSON. Throws a `Problem`. */
export const send = (method, path) => ask(method, new URL(path, location.origin));

async function ask(method, address, signal = undefined) {
    let answer;
    try {
        answer = await fetch(address, { method, signal, headers: { Accept: "application/json" } });
    } catch (error) {
        if (error.name === "AbortError") throw error;
        throw new Problem("Guardian does not answer", "Check that it runs and that this device reaches it.", "unavailable", 0);
    }
    const body = await answer.json().catch(() => null);
    if (answer.ok && body) return body;
    throw new Problem(
        answer.status === 404 ? "Not found" : "The request failed",
        body?.detail ?? `Guardian answered with status ${answer.status}.`, body?.code ?? "unknown", answer.status);
}

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
