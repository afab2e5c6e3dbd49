import { ago, bytes, count, figure } from "../common/format.js";

/** Returns the cards of a node's households as plain values. */
export function tenantCards(tenants) {
    return tenants.map(({ name, problem, devices, recorders, lastSeenAt, archive }) => {
        const all = recorders.healthy + recorders.degraded + recorders.offline + recorders.unknown;
        const { state, headline } = problem !== null ? { state: "bad", headline: "Cannot be read" } : all === 0 ? { state: "off", headline: "No recorder yet" }
            : recorders.offline > 0 ? { state: "bad", headline: `${figure(recorders.offline)} of ${count(all, "recorder")} not connected` }
                : recorders.unknown > 0 ? { state: "warn", headline: `Not known how ${count(recorders.unknown, "recorder is", "recorders are")}` } : recorders.degraded > 0 ? { state: "warn", headline: `${figure(recorders.degraded)} of ${count(all, "recorder")} not well` }
                    : { state: "well", headline: all === 1 ? "Its recorder is well" : `All ${figure(all)} recorders are well` };
        return {
            picture: "node", title: name, state, headline, detail: problem ?? (archive.nearlyFull ? "Its archive is nearly full." : ""),
            rows: [
                ["Last heard of", lastSeenAt ? ago(lastSeenAt) : "never"],
                ["Recorders let in", figure(devices.accepted)],
                devices.locked > 0 ? ["Locked", figure(devices.locked)] : null,
                devices.retired > 0 ? ["Retired", figure(devices.retired)] : null,
                ["Archive", archive.byteLimit === null ? bytes(archive.bytes) : `${bytes(archive.bytes)} of ${bytes(archive.byteLimit)}`],
            ].filter(Boolean),
        };
    });
}
