import { h } from "../../common/dom.js";

const groups = (code) => h("ol", { class: "code-groups" }, ...code.split("-").map((group) => h("li", {}, h("span", { class: "figures" }, group))));

/** The recovery code as it is shown and printed. */
export function codeSheet(code, keyId) {
    return h("section", { class: "card sheet", "aria-label": "Recovery code" },
        h("header", {}, h("strong", {}, "Guardian recovery code"), h("span", { class: "figures" }, `Made on ${new Date().toLocaleDateString()} · key ${keyId}`)),
        groups(code),
        h("p", {}, "The holder of this code can open every clip that is sealed to it. Nobody can open them without it, not even the maker of Guardian. Keep it on paper, away from the recorder, and where a second person finds it."),
        h("p", { class: "print-only" }, "To open a clip, use the Archive page of your Guardian, the page open.html (without a network), or guardian archive open FILE --code-file CODE --output clip.mp4."));
}
