import { h } from "../common/dom.js";
import { here } from "../common/server.js";

export const rememberLabel = "Stay logged in on this device";

/** A link to why browsers warn about the recorder. */
export const trustLink = () => h("p", { class: "door-foot" }, h("a", { class: "text-link", href: "/trust" }, `Did your browser warn about this ${here}?`));

/** What is shown to somebody who is not logged in: one card in the middle. */
export function door(title, text, ...content) {
    return h("div", { class: "door" }, h("img", { class: "door-mark", src: "/guardian.svg", alt: "", width: 44, height: 44 }), h("h1", {}, title), text && h("p", { class: "quiet" }, text), ...content);
}
