import { h } from "../parts/dom.js";
import { icon } from "../parts/icons.js";
import { copyButton } from "../parts/copy.js";
import { download } from "../parts/download.js";

/**
 * A secret that is shown once, with buttons to copy and, with a `file` name, to download it. `done`: called by the button that takes it away.
 */
export function shownOnce({ title, text, lines, file = null, close, done }) {
    const secret = h("pre", { class: "secret figures", tabindex: "0", role: "group", "aria-label": title }, lines.join("\n"));
    const heading = h("h3", { tabindex: "-1" }, title);
    const element = h("div", { class: "shown-once" }, heading, h("p", {}, text), secret, h("div", { class: "buttons" },
        copyButton(lines.join("\n"), secret),
        file && h("button", { class: "button", type: "button", on: { click: () => download(new Blob([`${lines.join("\n")}\n`], { type: "text/plain" }), file) } }, icon("save", true), "Download"),
        h("button", { class: "button primary", type: "button", on: { click: () => done() } }, close)));
    return { element, focus: () => heading.focus() };
}
