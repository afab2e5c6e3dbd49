// What is said of the node, for people, as pairs of name and value.

import { count, date, moment } from "../common/format.js";

/** Which node it is, as /api/v1/node has it. */
export function factRows({ address, origin, tenant, device, certificateEnd }) {
    if (origin === "none") return [["Node", "None: events and clips stay on this recorder."]];
    return [
        ["Address", address ?? "It cannot be read."],
        tenant === null ? null : ["Known there as", tenant],
        ["This recorder's fingerprint", device],
        certificateEnd === null ? null : ["Certificate", `until ${date(certificateEnd)}${origin === "enrolment" ? ", renewed by itself" : ""}`],
    ].filter(Boolean);
}

/** What goes on between the two, as `node` of the status has it; `null`: nothing is known now. */
export function linkRows(link) {
    if (link === null) return [["Connection", "It is not known now."]];
    return [
        [link.connected ? "Connected" : "Not connected", link.since ? `since ${moment(link.since)}` : "not yet"],
        link.connected || !link.reason ? null : ["Reason", link.reason],
        ["Last delivery", link.lastAcknowledgedAt ? moment(link.lastAcknowledgedAt) : "none yet"],
        link.waiting > 0 ? ["Waiting to be sent", count(link.waiting, "entry", "entries")] : null,
    ].filter(Boolean);
}
