import { bytes, count, percent } from "../common/format.js";

/** How full a level is: the larger used fraction of its two limits, 0 to 1; `null` when it has no limit. */
export function fullness(level) {
    const shares = [[level.bytes, level.byteLimit], [level.objects, level.objectLimit]].filter(([, limit]) => limit !== null).map(([value, limit]) => (limit > 0 ? Math.min(1, value / limit) : 1));
    return shares.length > 0 ? Math.max(...shares) : null;
}

const amount = (level) => [
    level.byteLimit === null ? bytes(level.bytes) : `${bytes(level.bytes)} of ${bytes(level.byteLimit)}`,
    level.objectLimit === null ? count(level.objects, "file") : `${count(level.objects, "file")} of ${level.objectLimit}`,
].join(" · ");

/**
 * Describes the archive's usage for people: `{ state, headline, detail, remedy, share, problems, notes }`. It warns from 80 % on if new clips will be refused. If
 * the oldest clips are removed instead, it warns only when held clips fill the archive.
 *
 * @param name returns the name of a camera of the usage.
 */
export function room(usage, name) {
    const share = fullness(usage.all);
    const tight = usage.cameras.filter((each) => each.level.nearlyFull);
    const isHeldFull = usage.all.byteLimit !== null && usage.heldBytes >= usage.all.byteLimit * 0.8;
    const isWarning = (usage.all.nearlyFull || tight.length > 0) && (usage.whenFull === "refuse" || isHeldFull);
    const whose = usage.all.nearlyFull ? `The archive is ${percent(share)} full` : tight.map((each) => `${name(each)} has used ${percent(fullness(each.level))} of its room`).join(", ");
    const isRefusing = usage.refused.clips > 0;
    const refused = isRefusing ? `${count(usage.refused.clips, "clip")} had no room. ${usage.refused.reason ?? ""}`.trim() : "";
    const problems = usage.problems ?? [];
    return {
        share, problems, notes: usage.notes ?? [], state: isRefusing || problems.length > 0 ? "bad" : isWarning ? "warn" : "well", headline: amount(usage.all),
        detail: [
            refused || (isWarning ? `${whose}.` : ""),
            !isRefusing && !isWarning && (share === null ? "No limit is set." : usage.whenFull === "removeOldest" ? "When it is full, the oldest clips that are not held are removed." : "When it is full, new clips are refused and stay on the recorder."),
            usage.heldClips > 0 && `${count(usage.heldClips, "clip")} held, ${bytes(usage.heldBytes)}.`,
        ].filter(Boolean).join(" "),
        remedy: isRefusing || isWarning ? remedy(usage, isHeldFull, isRefusing) : null,
    };
}

function remedy(usage, isHeldFull, isRefusing) {
    const after = isRefusing ? " Refused clips are still on the recorder, and are archived automatically once there is room." : "";
    if (isHeldFull) return `Release clips that need not be held, or raise archive.quota in the node's configuration.${after}`;
    return `Raise archive.quota in the node's configuration, or set archive.keepDays${usage.whenFull === "refuse" ? " or quota.whenFull: removeOldest" : ""} there.${after}`;
}
