import { span } from "../../parts/format.js";

/** Each part names the one before: a hidden or exchanged one shows. A sentence on it, `null` when all is well or nothing can be said. */
export function follows(before, clip) {
    if (before === null || before.header.part === clip.header.part - 1 && before.bind === clip.header.previous) return null;
    return "It does not follow on the part before: one between them is missing, or one was exchanged.";
}

/** How an interrupted part and the next hang together: `gap` seconds are missing between them, `null` while that is not known. */
export function junction(gap) {
    if (gap === null) return "The next part goes on behind it.";
    return gap < 0.5 ? "The next part goes on where it ended: nothing is missing." : `The next part follows; ${span(gap * 1000)} between them are missing.`;
}
