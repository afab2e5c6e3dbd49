import { SwitchField } from "../forms/choice-fields.js";
import { markFixed } from "./fields.js";

/** Whether the node may fetch recordings. */
export function relayFields({ node, fixed }) {
    const relay = new SwitchField("relay", "Let people watch recordings from the node", { hint: "Clips and pictures then pass through it when somebody there asks for them. It keeps none, and the audit log says who watched." });
    relay.value = node.relay;
    return [fixed.includes("node.relay") ? markFixed(relay) : relay];
}

/** What differs from what the recorder has, as the body of a request; `null` when nothing does. */
export const relayChanges = ({ node, fixed }, { relay }) => (relay === node.relay || fixed.includes("node.relay") ? null : { node: { relay } });
