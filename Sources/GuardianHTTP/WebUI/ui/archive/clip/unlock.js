import { h, write } from "../../common/dom.js";
import { icon } from "../../common/icons.js";
import { codeField } from "../code-field.js";
import { Mistyped, readCode } from "../sealed/code.js";
import { OwnerKeys } from "../sealed/keys.js";
import { Refusal } from "../sealed/refusal.js";

/** The form for the recovery code. The code stays in the field and the derived keys in WebCrypto; nothing is sent or stored elsewhere. */
export class Unlock {
    #onKeys;
    #field = codeField("recovery-code", () => this.say(""));
    #message = h("p", { class: "code-said", id: "code-said", role: "alert" });
    #button = h("button", { class: "button primary", type: "submit" }, "Open");

    /** `onKeys(keys)` may throw a `Refusal`, whose message is shown here. `aside`: elements below the form. */
    constructor(onKeys, ...aside) {
        this.#onKeys = onKeys;
        this.#field.setAttribute("aria-describedby", "code-said code-honest");
        this.element = h("form", { class: "unlock", on: { submit: (event) => { event.preventDefault(); this.#submit(); } } },
            h("span", { class: "unlock-mark" }, icon("lock")), h("h2", {}, "Only your recovery code opens this"),
            h("label", { for: "recovery-code" }, "Recovery code, 14 groups of four"), this.#field, this.#message, this.#button,
            h("div", { class: "code-honest", id: "code-honest" }, ...aside));
    }

    /** Shows an error; an empty text hides it. */
    say(text) {
        write(this.#message, text);
        this.#field.setAttribute("aria-invalid", String(text !== ""));
    }

    focus() { this.#field.focus({ preventScroll: true }); }

    async #submit() {
        this.#button.disabled = true;
        this.say("");
        try {
            const secret = await readCode(this.#field.value);
            const keys = await OwnerKeys.derive(secret);
            secret.fill(0);
            await this.#onKeys(keys);
            this.#field.value = "";
        } catch (error) {
            if (!(error instanceof Mistyped) && !(error instanceof Refusal)) throw error;
            this.say(error.message);
            this.focus();
        } finally {
            this.#button.disabled = false;
        }
    }
}
