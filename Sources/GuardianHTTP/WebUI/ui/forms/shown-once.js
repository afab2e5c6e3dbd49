import { h } from "../common/dom.js";
import { icon } from "../common/icons.js";
import { copyButton } from "../common/copy.js";
import { download } from "../common/download.js";

/**
 * A secret that is shown once, with buttons to copy it, with a `file` name to download it, and with `share`, what `navigator.share` takes, to hand
 * it to another app where the browser can. `more`: elements below the secret. `done`: called by the button that takes it away.
 */
export function shownOnce({ title, text, lines, file = null, share = null, more = [], close, done }) {
    const secret = h("pre", { class: "secret figures", tabindex: "0", role: "group", "aria-label": title }, lines.join("\n"));
    const heading = h("h3", { tabindex: "-1" }, title);
    const element = h("div", { class: "shown-once" }, heading, h("p", {}, text), secret, ...more, h("div", { class: "buttons" },
        copyButton(lines.join("\n"), secret),
        share && navigator.share && h("button", { class: "button", type: "button", on: { click: () => handOver(share, secret) } }, icon("out", true), "Share"),
        file && h("button", { class: "button", type: "button", on: { click: () => download(new Blob([`${lines.join("\n")}\n`], { type: "text/plain" }), file) } }, icon("save", true), "Download"),
        h("button", { class: "button primary", type: "button", on: { click: () => done() } }, close)));
    return { element, focus: () => heading.focus() };
}

/** Where no app took it, the secret is selected, so that it can be copied; not when the person closed the list of apps. */
async function handOver(content, secret) {
    try {
        await navigator.share(content);
    } catch (error) {
        if (error.name !== "AbortError") getSelection().selectAllChildren(secret);
    }
}
