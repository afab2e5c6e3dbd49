/** Whether a node has sent the page: it has no cameras of its own, and lacks what only a recorder can do. */
export const isNode = globalThis.document?.documentElement?.dataset?.server === "node";

/** What the server is called in sentences. */
export const here = isNode ? "node" : "recorder";
