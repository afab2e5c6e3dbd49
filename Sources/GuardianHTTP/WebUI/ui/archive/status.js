import { clock, ms } from "../parts/format.js";

/** What a clip's status in the archive means: `{ kind, word, icon }`. */
const meanings = {
    pending: { kind: "run", word: "Waiting at the recorder", icon: "clock" },
    uploading: { kind: "run", word: "Coming in", icon: "clock" },
    stored: { kind: "well", word: "Stored", icon: "check" },
    interrupted: { kind: "warn", word: "Ends early", icon: "alert" },
    failed: { kind: "bad", word: "Not stored yet", icon: "cross" },
    refused: { kind: "bad", word: "Refused", icon: "cross" },
};
const unknown = (status) => ({ kind: "calm", word: status, icon: "clock" });

export const statuses = Object.keys(meanings);
export const meaning = (status) => meanings[status] ?? unknown(status);

/** Whether there is anything sealed to open: at the node, or in the store. */
export const hasBytes = (item) => item.parts.some((part) => part.size > 0 && part.status !== "refused");

/** A sentence on what is the matter with it; `null` when nothing is. */
export function remark(item) {
    const reason = item.reason ? `${item.reason.charAt(0).toUpperCase()}${item.reason.slice(1).replace(/\.$/, "")}. ` : "";
    if (item.status === "interrupted") return `${reason}The recorder fell silent${until(item)}: everything before is here.`;
    if (item.status === "pending") return `${reason}It is sealed and sent as soon as the node answers.`;
    if (item.status === "uploading") return "It is being recorded or sent; what has arrived can be opened.";
    if (item.status === "failed") return `${reason || "The store does not take it now. "}The node goes on trying.`;
    if (item.status === "refused") return `${reason || "The node refused it. "}The clip itself is on the recorder.`;
    return null;
}

function until(item) {
    const at = item.parts.map((part) => part.checkpoint?.at).filter(Boolean).map(ms);
    return at.length > 0 ? ` at ${clock(Math.max(...at))}` : "";
}
