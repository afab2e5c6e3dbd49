import { h, write } from "../common/dom.js";

let count = 0;

/**
 * One value of a form: its label, its control, a hint, and the place of its error, which screen readers read with the control. Subclasses with
 * another control override `value`, `described` and `focus`.
 */
export class Field {
    #hint;
    #error;
    #describes;
    #isGroup;
    #required;

    /**
     * `name` is that of the member in the request's body. `control`: the element that is labelled. Options: `hint`; `required`, the sentence that
     * is shown when the value is empty; `beside`, elements after the control; `isGroup`, for several controls with one label.
     */
    constructor(name, label, control, { hint = "", required = "", beside = [], isGroup = false } = {}) {
        count += 1;
        const id = `field-${count}`;
        this.name = name;
        this.control = control;
        this.#required = required;
        this.#isGroup = isGroup;
        this.#hint = h("p", { class: "field-hint", id: `${id}-hint`, props: { hidden: hint === "" } }, hint);
        this.#error = h("p", { class: "field-error", id: `${id}-error`, props: { hidden: true } });
        const title = isGroup ? h("legend", {}, label) : h("label", { for: id }, label);
        if (!isGroup) control.setAttribute("id", id);
        this.element = h(isGroup ? "fieldset" : "div", { class: "field" }, title, this.#hint, h("div", { class: "field-row" }, control, ...beside), this.#error);
        this.#describes = isGroup ? this.element : control;
        this.#describe();
    }

    get value() { return this.control.value; }
    set value(value) { this.control.value = value; }

    /** A field that is not asked for is neither shown nor sent. */
    get isAsked() { return !this.element.hidden; }
    set isAsked(isAsked) { this.element.hidden = !isAsked; }

    /** Returns what is wrong with the value before it is sent; "" when nothing is. */
    get lack() { return this.#required !== "" && this.value.length === 0 ? this.#required : ""; }

    /** Shows what is wrong with the value; "" removes it. */
    fail(text) {
        write(this.#error, text);
        this.#error.hidden = text === "";
        this.#describe();
    }

    get hasFailed() { return !this.#error.hidden; }

    hint(text) {
        write(this.#hint, text);
        this.#hint.hidden = text === "";
        this.#describe();
    }

    focus() { this.control.focus(); }

    #describe() {
        const ids = [this.#hint, this.#error].filter((element) => !element.hidden).map((element) => element.getAttribute("id"));
        if (ids.length > 0) this.#describes.setAttribute("aria-describedby", ids.join(" "));
        else this.#describes.removeAttribute("aria-describedby");
        // Groups have no such attribute; their error is read with their name.
        if (this.#isGroup) return;
        if (this.hasFailed) this.#describes.setAttribute("aria-invalid", "true");
        else this.#describes.removeAttribute("aria-invalid");
    }
}
