import { h, write } from "../common/dom.js";
import { Field } from "./field.js";

/** A line of text. `attributes` are those of the input; the options are those of `Field`. */
export class TextField extends Field {
    constructor(name, label, attributes = {}, options = {}) {
        super(name, label, h("input", { class: "input", type: "text", spellcheck: "false", autocapitalize: "none", autocorrect: "off", ...attributes, name }), options);
    }

    focus() {
        this.control.focus();
        if (this.control.value) this.control.select();
    }
}

/** A password, with a button that shows it. */
export class PasswordField extends TextField {
    /** `autocomplete` tells password managers which one: "current-password" or "new-password". */
    constructor(name, label, autocomplete, options = {}) {
        const text = h("span", { "aria-hidden": "true" }, "Show");
        const button = h("button", { class: "button show", type: "button", "aria-label": `Show: ${label}` }, text);
        super(name, label, { type: "password", autocomplete, maxlength: 256 }, { ...options, beside: [button] });
        button.addEventListener("click", () => {
            const isShown = this.control.type === "password";
            this.control.type = isShown ? "text" : "password";
            button.setAttribute("aria-label", `${isShown ? "Hide" : "Show"}: ${label}`);
            write(text, isShown ? "Hide" : "Show");
        });
    }
}

/** The rules of a new password, as the server has them. */
export const passwordHint = "At least 8 characters. A few words in a row are easy to remember and hard to guess.";

/** Asks for one's own password again. */
export const ownPasswordField = (options) => new PasswordField("password", "Your password", "current-password", options);

/** Whoever was let in by a link has no password, and leaves the field empty. */
export const proofOf = ({ password }) => (password === "" ? {} : { password });

/** Asks for a name of something. */
export const nameField = (required, hint) => new TextField("name", "Name", { autocomplete: "off", maxlength: 64, autocapitalize: "sentences" }, { required, hint });

/** A code of the second factor, or a recovery code in its place; spaces that apps show do not count. */
export class CodeField extends TextField {
    constructor(label, hint) {
        super("code", label, { autocomplete: "one-time-code", autocapitalize: "characters", maxlength: 32 }, { hint, required: "Type the code." });
    }

    get value() { return this.control.value.replaceAll(/\s/g, ""); }
    set value(value) { this.control.value = value; }
}
