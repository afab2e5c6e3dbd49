import { h, fill } from "../common/dom.js";
import { icon } from "../common/icons.js";

const system = matchMedia("(prefers-color-scheme: light)");

/** Switches between the dark and the light theme; the system's theme applies until the user chooses one. */
export class ThemeSwitch {
    #label = h("span", {});
    #picture = h("span", {});

    constructor() {
        this.element = h("button", { class: "place theme", type: "button", on: { click: () => this.#toggle() } }, this.#picture, this.#label);
        system.addEventListener("change", () => this.#show());
        this.#show();
    }

    get #isLight() {
        const chosen = document.documentElement.dataset.theme;
        return chosen ? chosen === "light" : system.matches;
    }

    #toggle() {
        const theme = this.#isLight ? "dark" : "light";
        document.documentElement.dataset.theme = theme;
        try {
            localStorage.setItem("guardian.theme", theme);
        } catch {
            // Without storage the choice applies until the page is closed.
        }
        this.#show();
    }

    #show() {
        fill(this.#picture, icon(this.#isLight ? "moon" : "sun"));
        this.#label.textContent = this.#isLight ? "Dark" : "Light";
        this.element.setAttribute("aria-label", this.#isLight ? "Dark colours" : "Light colours");
        const colour = this.#isLight ? "#f4f5f7" : "#0b0d10";
        for (const meta of document.querySelectorAll('meta[name="theme-color"]')) meta.content = colour;
    }
}
