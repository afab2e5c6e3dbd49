import { h, svg } from "../common/dom.js";
import { minute } from "../common/format.js";
import { clockMarks, extent, hours, paths, stepsOf, ticks } from "./plot.js";

/** "06", "6 AM": short, because five stand below a chart on a phone. */
const hourFormat = new Intl.DateTimeFormat(undefined, { hour: "numeric" });

/** A line over a day with the range of its values, and the same as a table. `from`, `to`: milliseconds; `step`: seconds. */
export function chartElement({ title, words, scale, line }, { from, to, step, start }) {
    const steps = stepsOf(line, start, step, scale);
    const whole = extent(steps);
    const marks = ticks(whole.min, whole.max);
    const shapes = paths(steps, { from, to, low: marks[0], high: marks[2] });
    const summary = `${title}: lowest ${words(whole.min)}, highest ${words(whole.max)}, mean ${words(whole.mean)}`;
    const plot = svg("svg", { class: "plot", viewBox: "0 0 1000 100", preserveAspectRatio: "none", role: "img", "aria-label": summary },
        ...[0, 50, 100].map((y) => svg("path", { class: "grid-line", d: `M0 ${y}H1000` })),
        svg("path", { class: "range", d: shapes.band }), svg("path", { class: "mean", d: shapes.line }));
    return h("figure", { class: "card chart" },
        h("figcaption", {}, h("span", {}, title), h("span", { class: "figures chart-mean" }, `${words(whole.mean)} on average`)),
        h("div", { class: "chart-area" },
            h("div", { class: "values figures", "aria-hidden": "true" }, ...[...marks].reverse().map((value) => h("span", {}, value === 0 ? "0" : words(value)))),
            plot, timeAxis(from, to)),
        h("details", {}, h("summary", {}, "As a table"), table(title, hours(steps, from), words)));
}

/** Times below a chart: every six hours. */
export function timeAxis(from, to) {
    return h("div", { class: "times figures", "aria-hidden": "true" }, ...clockMarks(from, to).map(({ at, share }) => {
        const mark = h("span", {}, hourFormat.format(at));
        mark.style.left = `${share * 100}%`;
        return mark;
    }));
}

function table(title, rows, words) {
    const cells = (tag, values) => values.map((value) => h(tag, tag === "th" ? { scope: "col" } : { class: "figures" }, value));
    return h("table", { "aria-label": `${title} by hour` },
        h("thead", {}, h("tr", {}, cells("th", ["Hour", "Lowest", "Mean", "Highest"]))),
        h("tbody", {}, ...rows.map(({ at, min, mean, max }) => h("tr", {}, h("th", { scope: "row", class: "figures" }, minute(at)), cells("td", [min, mean, max].map(words))))));
}
