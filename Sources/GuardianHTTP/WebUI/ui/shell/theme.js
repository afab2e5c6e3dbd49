import { h, fill } from "../parts/dom.js";
import { icon } from "../parts/icons.js";

const system = matchMedia("(prefers-color-scheme: light)");

/** Dark or light: the system's wish until somebody chooses. */
export class ThemeSwitch {
    #word = h("span", {});
    #picture = h("span", {});

    constructor() {
        this.element = h("button", { class: "place theme", type: "button", on: { click: () => this.#turn() } }, this.#picture, this.#word);
        system.addEventListener("change", () => this.#show());
        this.#show();
    }

    get #isLight() {
        const chosen = document.documentElement.dataset.theme;
        return chosen ? chosen === "light" : system.matches;
    }

    #turn() {
        const theme = this.#isLight ? "dark" : "light";
        document.documentElement.dataset.theme = theme;
        try {
            localStorage.setItem("guardian.theme", theme);
        } catch {
            // It holds until the page is closed.
        }
        this.#show();
    }

    #show() {
        fill(this.#picture, icon(this.#isLight ? "moon" : "sun"));
        this.#word.textContent = this.#isLight ? "Dark" : "Light";
        this.element.setAttribute("aria-label", this.#isLight ? "Dark colours" : "Light colours");
        const colour = this.#isLight ? "#f4f5f7" : "#0b0d10";
        for (const meta of document.querySelectorAll('meta[name="theme-color"]')) meta.content = colour;
    }
}
