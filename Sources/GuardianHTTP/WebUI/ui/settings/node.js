import { h, fill } from "../common/dom.js";
import { count, moment } from "../common/format.js";

const about = "A node keeps a copy of every entry of the journal, and what is archived, on another machine. It is set in the configuration file (node), and can be changed only there.";

/** What is said of the node, as pairs of name and value; `null` link: nothing is known now. */
export function nodeRows(link) {
    if (link === null) return [["Node", "What it does is not known now."]];
    if (!link.configured) return [["Node", "None is set up: events and clips stay on this recorder."]];
    return [
        ["Address", link.address ?? "–"],
        [link.connected ? "Connected" : "Not connected", link.since ? `since ${moment(link.since)}` : "not yet"],
        link.connected || !link.reason ? null : ["Reason", link.reason],
        ["Last delivery", link.lastAcknowledgedAt ? moment(link.lastAcknowledgedAt) : "none yet"],
        link.waiting > 0 ? ["Waiting to be sent", count(link.waiting, "entry", "entries")] : null,
    ].filter(Boolean);
}

/** The node, which the page only shows. */
export class NodeSection {
    #rows = h("dl", { class: "settings-facts" });
    element = h("section", { class: "settings-section", "aria-label": "Node" }, h("h2", {}, "Node"), h("p", { class: "quiet" }, about), h("div", { class: "card" }, this.#rows));

    /** `node` of the status; `null` when that cannot be read. */
    set link(link) { fill(this.#rows, ...nodeRows(link).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", { class: "figures" }, value)))); }
}
