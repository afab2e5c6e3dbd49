import { get } from "../store/api.js";

const context = new TextEncoder().encode("guardian/journal/v1\0");
const pageSize = 200;
const mostPages = 6;
/** By how many ms the times of entries may deviate from their order in the journal. */
const slack = 30_000;

/**
 * Finds an event's entries in the journal and verifies them in this browser: each entry's signature with the device key, and the hash of the
 * previous entry that it contains. Returns `{ first, last, entries, openedAt }` (`openedAt`: when the event was recognised, in ms), or
 * `{ fault }`, a sentence for people, when verification fails.
 * Throws an error with `reason` "unsupported" (the browser lacks Ed25519) or "absent" (no such entry).
 */
export async function checkSignatures(event, newest, signal) {
    if (!globalThis.crypto?.subtle) throw failure("unsupported");
    const from = Date.parse(event.startedAt);
    let after = Math.max(0, await firstSince(from - slack, newest, signal) - 1);
    const until = Math.max(Date.parse(event.endedAt), from) + 3 * slack;
    let openedAt = null;
    const found = [];
    let before = null;
    let key = null;
    for (let page = 0; page < mostPages; page += 1) {
        const { deviceKey, items } = await get("/api/v1/journal", { after, limit: pageSize }, signal);
        key ??= await importKey(deviceKey);
        for (const item of items) {
            const payload = decode(item.payload);
            const entry = JSON.parse(new TextDecoder().decode(payload));
            const isOfEvent = JSON.stringify(entry.body ?? null).includes(event.id);
            if (before && before.sequence + 1 === item.sequence) {
                if (isOfEvent && !same(decode(entry.previous ?? ""), before.hash)) return { fault: `Entry ${item.sequence} does not follow the one before it.` };
            }
            if (isOfEvent) {
                const signed = new Uint8Array(context.length + payload.length);
                signed.set(context);
                signed.set(payload, context.length);
                if (!await crypto.subtle.verify("Ed25519", key, decode(item.signature), signed)) return { fault: `The signature of entry ${item.sequence} is not valid.` };
                found.push(item.sequence);
                if (entry.kind === "event_opened") openedAt = entry.at;
            }
            before = { sequence: item.sequence, hash: new Uint8Array(await crypto.subtle.digest("SHA-256", payload)) };
            after = item.sequence;
            if (entry.at > until) page = mostPages;
        }
        if (items.length < pageSize) break;
    }
    if (found.length === 0) throw failure("absent");
    return { first: found[0], last: found.at(-1), entries: found.length, openedAt };
}

/** Finds the approximate first sequence at or after a time by binary search: the times of entries are in order except for some seconds. */
async function firstSince(time, newest, signal) {
    let low = 1;
    let high = Math.max(1, newest);
    while (low < high) {
        const middle = Math.floor((low + high) / 2);
        const { items } = await get("/api/v1/journal", { after: middle - 1, limit: 1 }, signal);
        const entry = items[0] && JSON.parse(new TextDecoder().decode(decode(items[0].payload)));
        if (!entry || entry.at >= time) high = middle;
        else low = middle + 1;
    }
    return low;
}

async function importKey(deviceKey) {
    try {
        return await crypto.subtle.importKey("raw", decode(deviceKey), "Ed25519", false, ["verify"]);
    } catch {
        throw failure("unsupported");
    }
}

/** Decodes base64, base64url, or 32 bytes in hex. */
function decode(text) {
    if (/^[0-9a-f]{64}$/.test(text)) return Uint8Array.from(text.match(/../g), (pair) => Number.parseInt(pair, 16));
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

const same = (left, right) => left.length === right.length && left.every((byte, index) => byte === right[index]);
const failure = (reason) => Object.assign(new Error(reason), { reason });
