import { inspect, open } from "../sealed/open.js";
import { Refusal } from "../sealed/refusal.js";
import { RangeSource, SourceFailure } from "../sealed/source.js";
import { follows } from "./sequence.js";

/**
 * Opens every part of a clip. Returns `{ part, clip, fault, isMissing }` in order; `fault` is a sentence for people, or `null`. Throws a `Refusal`
 * when the clip is sealed to another key or the browser lacks an algorithm, which concerns all parts.
 */
export async function openParts(item, keys, signal) {
    const parts = [...item.parts].sort((one, other) => one.part - other.part);
    const results = [];
    let before = null;
    for (const { part } of parts) {
        try {
            const clip = await open(new RangeSource(addressOf(item, part), signal), keys, { clipId: item.clipId, part });
            results.push({ part, clip, fault: follows(before, clip) });
            before = clip;
        } catch (error) {
            if (signal.aborted || !(error instanceof Refusal) && !(error instanceof SourceFailure)) throw error;
            if (["not sealed to this key", "no ML-KEM", "no X25519"].includes(error.reason)) throw error;
            results.push({ part, clip: null, fault: error.message, isMissing: error.status === 404 });
            before = null;
        }
    }
    return results;
}

/** Checks each part without keys. Returns `{ part, fault, isMissing }`; `fault` is `null` for a valid sealed clip. */
export async function inspectParts(item, signal) {
    return Promise.all(item.parts.map(async ({ part }) => {
        try {
            await inspect(new RangeSource(addressOf(item, part), signal));
            return { part, fault: null };
        } catch (error) {
            if (signal.aborted || !(error instanceof Refusal) && !(error instanceof SourceFailure)) throw error;
            return { part, fault: error.message, isMissing: error.status === 404 };
        }
    }));
}

const addressOf = (item, part) => `/api/v1/archive/${encodeURIComponent(item.clipId)}?part=${part}`;
