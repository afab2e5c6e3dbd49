import { h } from "../parts/dom.js";

export const rememberLabel = "Stay logged in on this device";

/** What is shown to somebody who is not logged in: one card in the middle. */
export function door(title, text, ...content) {
    return h("div", { class: "door" }, h("img", { class: "door-mark", src: "/guardian.svg", alt: "", width: 44, height: 44 }), h("h1", {}, title), text && h("p", { class: "quiet" }, text), ...content);
}
