import { open } from "../sealed/open.js";
import { Refusal } from "../sealed/refusal.js";
import { RangeSource, SourceFailure } from "../sealed/source.js";

/**
 * Opens every part of a clip: `[{ part, clip }]` or `[{ part, fault }]` (a sentence) in order. Throws a `Refusal` when the code is of somebody
 * else or the browser lacks something: then it is no part's fault.
 */
export async function openParts(item, keys, signal) {
    const parts = [...item.parts].sort((one, other) => one.part - other.part);
    const results = [];
    let before = null;
    for (const { part } of parts) {
        const address = `/api/v1/archive/${encodeURIComponent(item.clipId)}?part=${part}`;
        try {
            const clip = await open(new RangeSource(address, signal), keys, { clipId: item.clipId, part });
            const gap = follows(before, clip, part);
            results.push({ part, clip, fault: gap });
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

/** Each part names the one before: a hidden or exchanged one shows. */
function follows(before, clip, part) {
    if (part === 0 || before === null) return null;
    if (before.header.part === part - 1 && before.bind === clip.header.previous) return null;
    return "It does not follow on the part before: one between them is missing, or one was exchanged.";
}
