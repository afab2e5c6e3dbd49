import { h } from "./dom.js";
import { icon } from "./icons.js";
import { isNode } from "./server.js";

/** The placeholder of an empty page or list: a title, an explanation and actions. */
export function blank(name, title, text, ...actions) {
    return h("div", { class: "blank" }, icon(name), h("strong", {}, title), text && h("p", {}, text), ...actions);
}

/** Makes the title of a placeholder that stands in place of a whole page the page's heading. */
export function headed(element) {
    const title = element.querySelector("strong");
    title.replaceWith(h("h1", {}, title.textContent));
    return element;
}

/** An error message with a button to try again. `still`: a sentence on what still works. */
export function failure(error, again, still = error.status === 0 || isNode ? "" : "Recording continues.") {
    const element = blank(
        "alert", error.title ?? "The request failed", `${error.message} ${still}`.trim(),
        h("button", { class: "button", type: "button", on: { click: again } }, "Try again"));
    element.classList.add("bad");
    element.setAttribute("role", "alert");
    return element;
}
