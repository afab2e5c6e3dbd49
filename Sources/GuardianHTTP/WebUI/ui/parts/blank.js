import { h } from "./dom.js";
import { icon } from "./icons.js";

/** What a page shows instead of nothing: what is so, what still works, what to do. */
export function blank(name, title, text, ...actions) {
    return h("div", { class: "blank" }, icon(name), h("strong", {}, title), text && h("p", {}, text), ...actions);
}

/** A failure, in words, with a way on. */
export function failure(error, again, still = error.status === 0 ? "" : "Recording goes on.") {
    const element = blank(
        "alert", error.title ?? "That did not work", `${error.message} ${still}`.trim(),
        h("button", { class: "button", type: "button", on: { click: again } }, "Try again"));
    element.classList.add("bad");
    element.setAttribute("role", "alert");
    return element;
}
