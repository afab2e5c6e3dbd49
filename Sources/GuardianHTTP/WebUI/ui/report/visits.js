import { h } from "../common/dom.js";
import { count, labelName, minute } from "../common/format.js";
import { timeAxis } from "./chart.js";

const hour = 3_600_000;

/** The events of a day by hour, as bars, and how many there were of each label. */
export function visitsElement(events, from, to) {
    const length = Math.ceil((to - from) / hour);
    const hours = Array.from({ length }, (_, index) => events.reduce((sum, { hours }) => sum + (hours[index] ?? 0), 0));
    const most = Math.max(1, ...hours);
    const totals = events.map(({ label, total }) => `${labelName(label)}: ${total}`).join(" · ");
    const bars = hours.map((value, index) => {
        const name = `${minute(from + index * hour)}, ${count(value, "event")}`;
        const bar = h("li", { title: name }, h("span", { class: "unseen" }, name));
        bar.style.setProperty("--share", value / most);
        return bar;
    });
    return h("figure", { class: "card chart" },
        h("figcaption", {}, h("span", {}, "Events by hour"), h("span", { class: "figures chart-mean" }, totals || "None")),
        h("div", { class: "chart-area" },
            h("div", { class: "values figures", "aria-hidden": "true" }, h("span", {}, most), h("span", {}, 0)),
            h("ol", { class: "visit-bars" }, ...bars), timeAxis(from, to)));
}
