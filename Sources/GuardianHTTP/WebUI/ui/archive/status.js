import { clock, ms } from "../common/format.js";

/** How each status of an archived clip is shown. */
const meanings = {
    pending: { kind: "run", text: "Waiting at the recorder", icon: "clock" },
    uploading: { kind: "run", text: "Uploading", icon: "clock" },
    stored: { kind: "well", text: "Stored", icon: "check" },
    interrupted: { kind: "warn", text: "Ends early", icon: "alert" },
    failed: { kind: "bad", text: "Not stored yet", icon: "cross" },
    refused: { kind: "bad", text: "Refused", icon: "cross" },
};
const unknown = (status) => ({ kind: "calm", text: status, icon: "clock" });

export const statuses = Object.keys(meanings);
export const meaning = (status) => meanings[status] ?? unknown(status);

/** Whether the node or the object store has sealed bytes that can be opened. */
export const hasBytes = (item) => item.parts.some((part) => part.size > 0 && part.status !== "refused");

/** Returns a sentence about a clip that is not stored completely; `null` for a stored clip. */
export function remark(item) {
    const reason = item.reason ? `${item.reason.charAt(0).toUpperCase()}${item.reason.slice(1).replace(/\.$/, "")}. ` : "";
    if (item.status === "interrupted") return `${reason}The recorder stopped sending${until(item)}: everything before that is here.`;
    if (item.status === "pending") return `${reason}It is sealed and sent as soon as the node answers.`;
    if (item.status === "uploading") return "It is being recorded or sent; what has arrived can be opened.";
    if (item.status === "failed") return `${reason || "The object store does not accept it now. "}The node keeps retrying.`;
    if (item.status === "refused") return `${reason || "The node refused it. "}The clip itself is on the recorder.`;
    return null;
}

function until(item) {
    const at = item.parts.map((part) => part.checkpoint?.at).filter(Boolean).map(ms);
    return at.length > 0 ? ` at ${clock(Math.max(...at))}` : "";
}
