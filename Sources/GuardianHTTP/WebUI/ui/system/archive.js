import { get } from "../store/api.js";
import { nameOf } from "../archive/usage.js";
import { room } from "../archive/room.js";
import { bitrate, bytes, count, figure } from "../common/format.js";

/** Returns the rows of the archive's card on this recorder's uploads. */
export function uplinkRows({ configured, leaving, waiting, limit, waitsUntil }) {
    if (!configured) return [["Sealing", "no key set up"]];
    const backlog = waiting > 0 && waitsUntil ? `${count(waiting, "clip")} · until ${waitsUntil}` : waiting > 0 ? count(waiting, "clip") : "none";
    return [["Uploading", leaving > 0 ? count(leaving, "clip") : "none"], ["Waiting", backlog], ["Bandwidth", limit === null ? "no limit" : `${bitrate(limit)} at most`]];
}

/** Reads the archive's usage from the node and returns the archive's card as plain values. */
export async function archiveCard(signal) {
    const blank = { picture: "archive", title: "Archive", rows: [] };
    try {
        const usage = await get("/api/v1/archive/usage", {}, signal);
        const { share, state, headline, detail, remedy, problems, notes } = room(usage, nameOf);
        return {
            ...blank, state, headline, remedy, detail: [...problems, detail, ...notes].filter(Boolean).join(" "),
            meter: share === null ? null : { name: `The archive is ${Math.round(share * 100)} % full`, bars: [{ share, kind: "ours" }] },
            rows: [
                ["Refused", usage.refused.clips > 0 ? figure(usage.refused.clips) : "none"], ["Held", usage.heldClips > 0 ? `${figure(usage.heldClips)} · ${bytes(usage.heldBytes)}` : "none"],
                ["Kept for", usage.days === null ? "as long as there is room" : `${figure(usage.days)} days`],
            ],
        };
    } catch (error) {
        if (error.name === "AbortError") throw error;
        return { ...blank, state: "warn", headline: "Usage unknown", detail: error.message };
    }
}
