import { server } from "../common/server.js";
import { pages } from "./pages.js";

/** The pages of a server: of a recorder, of a node, or of a node for its operators. */
export const pagesOf = (server) => pages.filter(({ servers }) => servers?.includes(server) ?? true);

/** The pages of the server that has sent the document. */
export const served = pagesOf(server);

/** Whether the server has a page at this address. */
export const isServed = (path) => served.some(({ paths }) => paths.includes(path));
