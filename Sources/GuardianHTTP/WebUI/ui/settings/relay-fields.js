import { SwitchField } from "../forms/choice-fields.js";
import { markFixed } from "./fields.js";

/** Whether people can watch from the node. */
export function relayFields({ node, fixed }) {
    const relay = new SwitchField("relay", "Let people watch from the node", { hint: "Recordings and live pictures then pass through it when somebody there asks for them, and it learns the names of your cameras. It keeps nothing, and the audit log says who watched what." });
    relay.value = node.relay;
    return [fixed.includes("node.relay") ? markFixed(relay) : relay];
}

/** What differs from what the recorder has, as the body of a request; `null` when nothing does. */
export const relayChanges = ({ node, fixed }, { relay }) => (relay === node.relay || fixed.includes("node.relay") ? null : { node: { relay } });
