import { get } from "../store/api.js";

const context = new TextEncoder().encode("guardian/journal/v1\0");
const pageSize = 200;
const mostPages = 6;
/** How far entries may be from the order of their times. */
const slack = 30_000;

/**
 * Finds an event's entries in the journal and checks them in this browser: the signature of each by the device's key, and that
 * each names the hash of the one before. Gives `{ first, last, entries, openedAt }` (when it was recognised, in ms), or `{ fault }` in words when something is not as it was signed.
 * Throws an error with `reason` "unsupported" (no Ed25519 here) or "absent" (no such entry).
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
            const isOurs = JSON.stringify(entry.body ?? null).includes(event.id);
            if (before && before.sequence + 1 === item.sequence) {
                if (isOurs && !same(decode(entry.previous ?? ""), before.hash)) return { fault: `Entry ${item.sequence} does not follow the one before it.` };
            }
            if (isOurs) {
                const signed = new Uint8Array(context.length + payload.length);
                signed.set(context);
                signed.set(payload, context.length);
                if (!await crypto.subtle.verify("Ed25519", key, decode(item.signature), signed)) return { fault: `The signature of entry ${item.sequence} does not hold.` };
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

/** About the first sequence of a time: entries tell when a thing happened, which is in order but for some seconds, so halving finds it. */
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

/** Bytes of base64 or base64url, or of hex of 32 bytes. */
function decode(text) {
    if (/^[0-9a-f]{64}$/.test(text)) return Uint8Array.from(text.match(/../g), (pair) => Number.parseInt(pair, 16));
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

const same = (left, right) => left.length === right.length && left.every((byte, index) => byte === right[index]);
const failure = (reason) => Object.assign(new Error(reason), { reason });
