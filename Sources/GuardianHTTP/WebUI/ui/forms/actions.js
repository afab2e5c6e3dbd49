import { h, fill } from "../common/dom.js";

/** Buttons of which one at a time opens its form below them. Closing returns the focus to the button. */
export class Actions {
    #panel = h("div", { class: "panel", props: { hidden: true } });
    #buttons = h("div", { class: "buttons" });
    element = h("div", { class: "actions" }, this.#buttons, this.#panel);
    #open = null;
    #shows = new Map();

    /** `actions`: `[{ label, name, kind, form(close) }]`. `name` is the button's name for screen readers; `form` returns a `Form`. */
    constructor(actions) {
        for (const action of actions) {
            const button = h("button", { class: `button ${action.kind ?? ""}`.trim(), type: "button", "aria-expanded": "false", "aria-label": action.name }, action.label);
            button.addEventListener("click", () => this.#toggle(action, button));
            this.#shows.set(action.label, () => this.#toggle(action, button));
            this.#buttons.append(button);
        }
        this.element.addEventListener("keydown", (event) => {
            if (event.key !== "Escape" || this.#open === null) return;
            event.stopPropagation();
            this.close();
        });
    }

    focus() { this.#buttons.firstChild?.focus(); }

    /** Opens the form of an action. */
    show(label) { this.#shows.get(label)(); }

    get isOpen() { return this.#open !== null; }

    close() {
        const open = this.#open;
        if (open === null) return;
        this.#open = null;
        open.form.close();
        open.button.setAttribute("aria-expanded", "false");
        fill(this.#panel);
        this.#panel.hidden = true;
        open.button.focus();
    }

    #toggle(action, button) {
        const isSame = this.#open?.button === button;
        this.close();
        if (isSame) return;
        const form = action.form(() => this.close());
        this.#open = { form, button };
        button.setAttribute("aria-expanded", "true");
        fill(this.#panel, form.element);
        this.#panel.hidden = false;
        form.focus();
    }
}
