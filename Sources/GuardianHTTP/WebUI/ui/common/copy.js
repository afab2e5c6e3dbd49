import { h, write } from "./dom.js";
import { icon } from "./icons.js";

/** A button that copies a text. Where the browser forbids it, the text in `source` is selected instead. */
export function copyButton(text, source) {
    const label = h("span", { "aria-live": "polite" }, "Copy");
    const copy = async () => {
        try {
            await navigator.clipboard.writeText(text);
            write(label, "Copied");
        } catch {
            getSelection().selectAllChildren(source);
        }
    };
    return h("button", { class: "button", type: "button", on: { click: copy } }, icon("copy", true), label);
}
