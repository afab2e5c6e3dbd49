import { get, iso } from "../store/api.js";
import { store } from "../store/store.js";
import { h, fill } from "../common/dom.js";
import { failure } from "../common/blank.js";
import { bitrate, bytes, count, dayBounds, dayKey, dayTitle, ms } from "../common/format.js";
import { icon } from "../common/icons.js";
import { GapRow, reasons } from "../events/gaps.js";
import { announcer } from "../shell/announcer.js";
import { Page } from "../shell/page.js";
import { go } from "../shell/router.js";
import { chartElement } from "./chart.js";
import { chartsOf, metrics } from "./charts.js";
import { visitsElement } from "./visits.js";
import { cameraWords, sentenceOf, storageWords } from "./words.js";

const nameOf = (camera) => store.cameraName(camera);

/** How the recorder and its cameras did on one day, which stands in the address. */
class ReportPage extends Page {
    #title = h("h1", {}, "Report");
    #before = h("a", { class: "button", "aria-label": "The day before" }, icon("back", true));
    #after = h("a", { class: "button", role: "link", "aria-label": "The day after" }, icon("on", true));
    #day = h("input", { type: "date", class: "report-day", "aria-label": "Day", on: { change: () => { if (dayBounds(this.#day.value)) go(`/report?day=${this.#day.value}`); } } });
    #body = h("div", { class: "report-body" });
    #reading = null;

    build() {
        this.append(
            h("header", { class: "top" }, h("a", { class: "button back", href: "/system" }, icon("back", true), "System"), this.#title,
                h("span", { class: "push" }), h("nav", { class: "report-days", "aria-label": "Days" }, this.#before, this.#day, this.#after)),
            this.#body);
    }

    open(_parameter, address) {
        this.heading = "Report";
        const asked = address.searchParams.get("day");
        const today = dayKey(Date.now());
        // Nothing is known of days to come.
        const key = dayBounds(asked) && asked <= today ? asked : today;
        const { from, to } = dayBounds(key);
        this.#day.value = key;
        this.#day.max = today;
        this.#before.href = `/report?day=${dayKey(from - 1)}`;
        if (key < today) {
            this.#after.href = `/report?day=${dayKey(to)}`;
            this.#after.removeAttribute("aria-disabled");
        } else {
            this.#after.removeAttribute("href");
            this.#after.setAttribute("aria-disabled", "true");
        }
        this.#title.textContent = key === today || dayTitle(key) === "Yesterday" ? `Report, ${dayTitle(key).toLowerCase()}` : `Report, ${dayTitle(key)}`;
        fill(this.#body, h("div", { class: "bone report-bone", "aria-hidden": "true" }));
        this.#read(from, to);
    }

    close() { this.#reading?.abort(); }

    async #read(from, to) {
        this.#reading?.abort();
        const { signal } = this.#reading = new AbortController();
        const range = { from: iso(from), to: iso(to) };
        try {
            const [report, telemetry] = await Promise.all([
                get("/api/v1/telemetry/report", range, signal), get("/api/v1/telemetry", { ...range, step: 900, metric: metrics }, signal)]);
            this.#show(report, telemetry, from, to);
            announcer.say(`${this.#title.textContent}. ${this.#body.firstElementChild.textContent}`);
            // The cameras' names may be known only later.
            if (!store.hasCameras) store.addEventListener("cameras", () => this.#show(report, telemetry, from, to), { once: true, signal });
        } catch (error) {
            if (error.name !== "AbortError") fill(this.#body, failure(error, () => this.#read(from, to)));
        }
    }

    #show(report, telemetry, from, to) {
        const time = { from, to, step: telemetry.step, start: ms(telemetry.from) };
        const cameras = report.edges.flatMap((edge) => edge.cameras);
        const storage = report.edges.flatMap((edge) => storageWords(edge.storage, bytes));
        const charts = chartsOf(telemetry.items, nameOf).map((chart) => chartElement(chart, time));
        fill(this.#body,
            h("p", { class: "card report-sentence" }, sentenceOf(report, { nameOf, reasons, now: Date.now() })),
            cameras.length > 0 && section("Cameras", h("ul", { class: "card report-cameras" }, ...cameras.map(cameraRow))),
            section("Events", visitsElement(report.events, from, to)),
            storage.length > 0 && section("Storage", h("dl", { class: "card report-storage" }, ...storage.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", { class: "figures" }, value))))),
            report.incidents.length > 0 && section("Gaps", h("div", { class: "report-gaps" }, ...report.incidents.map((gap) => new GapRow(gap).element),
                report.incidentsOmitted > 0 && h("p", { class: "sub" }, `And ${count(report.incidentsOmitted, "older one")}.`))),
            charts.length > 0 && section("Measurements", h("div", { class: "report-charts" }, ...charts)));
    }
}

function section(title, ...children) {
    return h("section", { class: "report-section", "aria-label": title }, h("h2", {}, title), ...children);
}

function cameraRow(camera) {
    const { words, up, away } = cameraWords(camera, bitrate);
    const bars = [["up", up], ["away", away]].map(([name, share]) => {
        const bar = h("span", { class: name });
        // A short loss is still seen.
        bar.style.width = `${share > 0 ? Math.max(0.6, share * 100) : 0}%`;
        return bar;
    });
    return h("li", {}, h("strong", {}, nameOf(camera.camera)), h("span", { class: "sub figures" }, words), h("span", { class: "uptime", "aria-hidden": "true" }, ...bars));
}

customElements.define("report-page", ReportPage);
