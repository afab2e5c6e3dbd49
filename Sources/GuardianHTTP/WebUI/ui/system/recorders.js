import { ago, count, figure } from "../common/format.js";

const words = { healthy: ["well", "Well"], degraded: ["warn", "Not all is well"], offline: ["bad", "Not connected"] };

/** Returns the cards of a node's recorders as plain values. */
export function recorderCards({ edges }) {
    return edges.map((edge) => {
        const [state, headline] = words[edge.health?.state] ?? (edge.connected ? ["well", "Connected"] : words.offline);
        const entries = edge.chains.reduce((sum, chain) => sum + chain.verifiedThrough, 0);
        const missing = edge.chains.reduce((sum, chain) => sum + chain.missingTail + chain.gaps.reduce((inner, { first, last }) => inner + last - first + 1, 0), 0);
        return {
            picture: "node", title: edges.length === 1 ? "Recorder" : `Recorder ${edge.fingerprint.slice(0, 8)}`, state, headline,
            detail: (edge.health?.reasons ?? []).join(" ") || (edge.connected ? "Its events arrive within moments." : "What it sent before is here."),
            rows: [
                ["Last heard of", edge.lastSeenAt ? ago(edge.lastSeenAt) : "never"],
                ["Its journal", `${count(entries, "entry", "entries")}, signatures checked`],
                missing > 0 ? ["Still on their way", figure(missing)] : null,
                ["Last measured", edge.health?.measuredAt ? ago(edge.health.measuredAt) : "not yet"],
                ["Fingerprint", `${edge.fingerprint.slice(0, 16)}…`, edge.fingerprint],
            ].filter(Boolean),
        };
    });
}
