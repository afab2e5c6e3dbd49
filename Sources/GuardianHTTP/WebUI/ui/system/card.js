import { h } from "../common/dom.js";
import { icon } from "../common/icons.js";

/** The card of one thing and its state: a headline, what it means, and rows of figures, `[name, value, full]`. */
export function card({ picture, title, state, headline, detail, meter, rows, remedy }) {
    const bar = meter && h("div", { class: "meter", role: "img", "aria-label": meter.name }, ...meter.bars.map(({ share, kind }) => {
        const element = h("span", { class: kind });
        element.style.width = `${Math.max(share > 0 ? 0.6 : 0, share * 100)}%`;
        return element;
    }));
    return h("section", { class: `card system-card ${state}`, "aria-label": title },
        h("header", {}, h("span", { class: "card-icon" }, icon(picture)), h("h2", {}, title), h("span", { class: `dot ${state}` })),
        h("p", { class: "headline figures" }, headline), detail && h("p", { class: "detail" }, detail), remedy && h("p", { class: "remedy" }, remedy), bar,
        h("dl", {}, ...rows.map(([name, value, full]) => h("div", {}, h("dt", {}, name), h("dd", { class: "figures", title: full }, value)))));
}
