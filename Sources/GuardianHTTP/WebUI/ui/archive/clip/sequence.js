/** Each part names the one before: a hidden or exchanged one shows. A sentence on it, `null` when all is well or nothing can be said. */
export function follows(before, clip) {
    if (before === null || before.header.part === clip.header.part - 1 && before.bind === clip.header.previous) return null;
    return "It does not follow on the part before: one between them is missing, or one was exchanged.";
}
