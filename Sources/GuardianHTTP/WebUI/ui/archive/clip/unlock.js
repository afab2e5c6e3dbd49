import { h, write } from "../../parts/dom.js";
import { icon } from "../../parts/icons.js";
import { codeField } from "../code-field.js";
import { Mistyped, readCode } from "../sealed/code.js";
import { OwnerKeys } from "../sealed/keys.js";
import { Refusal } from "../sealed/refusal.js";

/** Asks for the recovery code. What is typed stays in the field, what is made of it in WebCrypto: nothing is sent or kept elsewhere. */
export class Unlock {
    #onKeys;
    #field = codeField("recovery-code", () => this.say(""));
    #said = h("p", { class: "code-said", id: "code-said", role: "alert" });
    #button = h("button", { class: "button primary", type: "submit" }, "Open");

    /** `onKeys(keys)` may throw a `Refusal`: then it is said here. `aside`: elements below, where else the clip can be opened. */
    constructor(onKeys, ...aside) {
        this.#onKeys = onKeys;
        this.#field.setAttribute("aria-describedby", "code-said code-honest");
        this.element = h("form", { class: "unlock", on: { submit: (event) => { event.preventDefault(); this.#submit(); } } },
            h("span", { class: "unlock-mark" }, icon("lock")), h("h2", {}, "Only your recovery code opens this"),
            h("label", { for: "recovery-code" }, "Recovery code, 14 groups of four"), this.#field, this.#said, this.#button,
            h("div", { class: "code-honest", id: "code-honest" }, ...aside));
    }

    /** Says what is the matter. */
    say(words) {
        write(this.#said, words);
        this.#field.setAttribute("aria-invalid", String(words !== ""));
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
