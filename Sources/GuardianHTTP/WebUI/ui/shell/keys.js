import { h } from "../common/dom.js";
import { icon } from "../common/icons.js";

const groups = [
    ["Everywhere", [["?", "These keys"], ["Esc", "Back"]]],
    ["Live", [["1 – 9", "Show that camera large"], ["← →", "Previous, next camera"], ["F", "Full screen"], ["L", "Show the delay"]]],
    ["Events", [["← ↑ ↓ →", "Move between events"], ["Enter", "Open"]]],
    ["Event", [["Space", "Play, pause"], ["← →", "Two seconds back, forward"], [", .", "One frame back, forward"], ["B", "Best view"], ["[ ]", "Earlier, later event"], ["F", "Full screen"]]],
];

const dialog = h("dialog", { class: "keys", "aria-label": "Keys" },
    h("header", {}, h("h2", {}, "Keys"), h("button", { class: "control close", type: "button", "aria-label": "Close", on: { click: () => dialog.close() } }, icon("cross"))),
    h("div", { class: "key-groups" }, ...groups.map(([title, keys]) => h("section", {}, h("h3", {}, title),
        h("dl", {}, ...keys.map(([key, meaning]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, meaning))))))));
dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
document.body.append(dialog);

export const show = () => { if (!dialog.open) dialog.showModal(); };
