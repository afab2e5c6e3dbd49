import { prove } from "../store/api.js";
import { h } from "../common/dom.js";
import { usePasskey, whyNot } from "./authenticator.js";

const path = "/api/v1/session/passkey";

/** Logs in with a passkey, which asks for no name, or says why that is not possible here. */
export class PasskeyButton {
    #button = h("button", { class: "button", type: "button", on: { click: () => this.#logIn() } }, "Log in with a passkey");
    #options;

    /** - `isRemembered()`: whether to stay logged in; - `household()`: whose accounts; - `done(principal)`; - `fail(problem)`: `null` when there is none any more. */
    constructor(options) {
        this.#options = options;
        const reason = whyNot();
        this.element = h("div", { class: "passkey-login" }, reason === "" ? this.#button : h("p", { class: "quiet" }, reason));
    }

    async #logIn() {
        this.#button.disabled = true;
        this.#options.fail(null);
        try {
            const household = this.#options.household();
            const used = await usePasskey(await prove("POST", `${path}/challenge`, undefined, household));
            this.#options.done(await prove("POST", path, { ...used, remember: this.#options.isRemembered() }, household));
        } catch (problem) {
            this.#options.fail(problem);
        } finally {
            this.#button.disabled = false;
        }
    }
}
