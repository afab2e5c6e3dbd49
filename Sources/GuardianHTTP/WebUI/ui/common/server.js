/** What has sent the page: a recorder ("edge"), a node, or a node to its operators. */
export const server = globalThis.document?.documentElement?.dataset?.server ?? "edge";

/** Whether it is for a node's operators, who see how households are and nothing of what they recorded. */
export const isForOperators = server === "operators";

/** Whether it is a node: it has no cameras of its own, and lacks what only a recorder can do. */
export const isNode = server === "node" || isForOperators;

/** What the server is called in sentences. */
export const here = isNode ? "node" : "recorder";
