import { span } from "../../common/format.js";

/**
 * Checks that a part names the previous one, which detects a missing or replaced part. Returns a sentence for people; `null` when there is no
 * fault, or no previous part to compare with.
 */
export function follows(before, clip) {
    if (before === null || before.header.part === clip.header.part - 1 && before.bind === clip.header.previous) return null;
    return "It does not follow the previous part: one between them is missing, or one was replaced.";
}

/** Describes the transition from an interrupted part to the next: `gap` seconds are missing between them, `null` while that is unknown. */
export function junction(gap) {
    if (gap === null) return "The next part continues after it.";
    return gap < 0.5 ? "The next part continues where it ended: nothing is missing." : `The next part follows; ${span(gap * 1000)} between them are missing.`;
}
