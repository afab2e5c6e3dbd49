import { ago, bytes, count, figure, moment, shortly } from "../common/format.js";

/** "12 days", in whole days. */
export const days = (value) => (value >= 365 ? "more than a year" : value >= 2 ? `${Math.floor(value)} days` : value >= 1 ? "a day" : "less than a day");

/** Returns the cards below the cameras as plain values; the page draws them only when one has changed. */
export function facts(status) {
    return [storage(status.storage), node(status.node), inference(status.inference), components(status.components ?? []), journal(status)].filter(Boolean);
}

function storage(disk) {
    const used = disk.capacity - disk.free;
    const other = Math.max(0, used - disk.clipBytes);
    return {
        picture: "disk", title: "Storage", state: disk.recording && !disk.away ? "well" : "bad",
        headline: disk.away ? "The clips' disk is away" : !disk.recording ? "Not recording: the disk is full" : disk.daysLeft == null ? `${bytes(disk.free)} free` : `Room for ${days(disk.daysLeft)}`,
        detail: disk.away ? (disk.recording ? "Clips are recorded into the emergency folder." : "Recording has paused: the emergency folder is full.") : disk.daysLeft == null ? "The remaining time is known after some hours of recording." : disk.keepDays == null ? "When the disk is full, the oldest clips are deleted." : `Clips are deleted after ${count(disk.keepDays, "day")}, or before when the disk is full.`,
        remedy: disk.away ? "Connect or mount the disk again." : disk.recording ? null : "Free some space, or put the recordings on a larger disk.",
        meter: {
            name: `${bytes(disk.clipBytes)} of clips, ${bytes(other)} of other things, ${bytes(disk.free)} free`,
            bars: [{ share: disk.clipBytes / disk.capacity, kind: "ours" }, { share: other / disk.capacity, kind: "other" }],
        },
        rows: [
            ["Clips", `${figure(disk.clips)} · ${bytes(disk.clipBytes)}`], ["Free", `${bytes(disk.free)} of ${bytes(disk.capacity)}`],
            ["Oldest clip", disk.oldestClipAt ? shortly(disk.oldestClipAt) : "none yet"], disk.keepDays == null ? null : ["Deleted for their age", `${figure(disk.deletedForAge)} since the start`], ["Folder", disk.path, disk.path],
        ].filter(Boolean),
    };
}

function node(link) {
    if (!link.configured) {
        return {
            picture: "node", title: "Node", state: "", headline: "Not set up", detail: "Events stay on this recorder. Name a node in the configuration and they are kept there too.", rows: [],
        };
    }
    const isWaiting = link.waiting > 0;
    return {
        picture: "node", title: "Node", state: link.connected ? "well" : "warn",
        headline: link.connected ? (isWaiting ? `${count(link.waiting, "entry", "entries")} on their way` : "Up to date") : "Unreachable",
        detail: link.connected ? "Events are delivered within moments." : `${link.reason ? `${link.reason.replace(/\.$/, "")}. ` : ""}Recording continues; waiting entries are delivered automatically.`,
        remedy: link.connected ? null : "Check that the node runs and that this machine reaches it.",
        rows: [
            [link.connected ? "Connected" : "Unreachable", link.since ? `since ${shortly(link.since)}` : "–"], ["Waiting here", count(link.waiting, "entry", "entries")],
            isWaiting && link.oldestWaitingAt ? ["Oldest waiting since", shortly(link.oldestWaitingAt)] : null,
            ["Last arrived there", link.lastAcknowledgedAt ? shortly(link.lastAcknowledgedAt) : "nothing yet"],
        ].filter(Boolean),
    };
}

/** Says when the AI service last found the person in the picture that it knows. */
function proofWords(proof) {
    switch (proof?.state) {
    case "passed": return ago(proof.passedAt);
    case "failed": return proof.passedAt ? `failed · last ${ago(proof.passedAt)}` : "failed";
    case "pending": return "not yet";
    default: return "not available";
    }
}

function inference(ai) {
    const isBlind = ai.state === "up" && ai.proof?.state === "failed";
    const state = isBlind ? "bad" : { up: "well", starting: "warn", down: "bad" }[ai.state] ?? "";
    const latency = ai.latencyMs;
    return {
        picture: "eye", title: "Watching", state, headline: isBlind ? "Running, but blind" : { up: "Running", starting: "Starting", down: "Not running" }[ai.state] ?? ai.state,
        detail: ai.state === "up" ? "The AI service watches every camera." : `${ai.reason ? `${ai.reason.replace(/\.$/, "")}. ` : ""}Cameras can be seen live, but people are not detected.`,
        remedy: ai.state === "down" ? "The AI service is restarted automatically. If this lasts, guardian doctor says what is missing." : null,
        rows: [
            ["Model", ai.model?.name ?? "–", ai.model ? `SHA-256 ${ai.model.sha256}` : undefined],
            ["One analysis takes", latency ? `${latency.p50.toFixed(1)} ms, rarely ${latency.p99.toFixed(1)}` : "–"],
            ["Last proof that it sees", proofWords(ai.proof), ai.proof?.reason ?? undefined],
            ["Waiting", count(ai.queue, "packet")], ["Restarts", `${figure(ai.restarts)}${ai.since ? ` · since ${shortly(ai.since)}` : ""}`],
            ["Sandbox", ai.sandbox ? (ai.sandbox.active ? "active" : "not active") : "–", ai.sandbox?.detail],
        ],
    };
}

/** The components that recording does not depend on. */
function components(list) {
    if (list.length === 0) return null;
    const failing = list.filter((component) => component.state === "failing");
    const words = { starting: "Starting", running: "Running", failing: "Failing" };
    return {
        picture: "system", title: "Components", state: failing.length > 0 ? "bad" : "well",
        headline: failing.length > 0 ? `${count(failing.length, "component")} failing` : "All running",
        detail: "Recording depends on none of these. One that fails is tried again by itself.",
        rows: list.map((component) => [
            component.name[0].toUpperCase() + component.name.slice(1), `${words[component.state] ?? component.state} · since ${shortly(component.since)}`,
            component.reason ? `Last failure: ${component.reason}` : undefined,
        ]),
    };
}

function journal({ journal: head, version, startedAt }) {
    return {
        picture: "seal", title: "Journal", state: "well", headline: `No. ${figure(head.sequence)}`, detail: "Each entry is signed and contains the hash of the previous one.",
        rows: [
            ["Recorder's key", head.deviceKey ? `${head.deviceKey.slice(0, 8)} … ${head.deviceKey.slice(-8)}` : "–", head.deviceKey],
            ["Chain", head.chain ? head.chain.slice(0, 13) : "–", head.chain ?? undefined],
            ["Guardian", version], ["Started", shortly(startedAt), moment(startedAt)],
        ],
    };
}
