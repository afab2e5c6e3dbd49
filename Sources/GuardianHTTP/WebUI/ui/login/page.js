import { prove } from "../store/api.js";
import { session } from "../store/session.js";
import { h } from "../common/dom.js";
import { isNode } from "../common/server.js";
import { Form } from "../forms/form.js";
import { SwitchField } from "../forms/choice-fields.js";
import { CodeField, PasswordField, TextField } from "../forms/text-field.js";
import { go, note, reopen } from "../shell/router.js";
import { Page } from "../shell/page.js";
import { door, rememberLabel, trustLink } from "./door.js";
import { addressee, HouseholdField, keepHousehold, named, needsOtherDocument } from "./household.js";
import { secretOf } from "./link.js";
import { PasskeyButton } from "./passkey-button.js";

/** Logs in. The shell also shows it in place of a page whose login has ended; what the page shows is kept meanwhile. */
class LoginPage extends Page {
    #household = isNode ? new HouseholdField() : null;
    #name = new TextField("name", "Name", { autocomplete: "username", maxlength: 256 }, { required: "Type your name." });
    #password = new PasswordField("password", "Password", "current-password", { required: "Type your password." });
    #code = new CodeField("Code", "Of your authenticator app, or one of your recovery codes.");
    #remember = new SwitchField("remember", rememberLabel, { hint: "For 30 days without use. Leave it off on a device that others use." });
    #form = new Form({
        label: "Log in", fields: [this.#household, this.#name, this.#password, this.#code, this.#remember].filter((field) => field !== null), action: "Log in",
        send: ({ household = "", ...values }) => prove("POST", "/api/v1/session", values, named(household)), done: (principal) => this.#begin(principal), refused: (problem) => this.#askForCode(problem),
    });

    #passkey = new PasskeyButton({
        isRemembered: () => this.#remember.value, household: () => named(this.#household?.value ?? ""), done: (principal) => this.#begin(principal), fail: (problem) => this.#form.say(problem === null ? "" : words(problem)),
    });

    build() {
        this.#code.isAsked = false;
        // The code is asked for once the server knows whose it is.
        this.#name.control.addEventListener("input", () => this.#forgetCode());
        this.append(door("Log in", "", this.#form.element, this.#passkey.element, isNode && withoutAccount(), trustLink()));
    }

    open(_parameter, address) {
        this.heading = "Log in";
        const secret = address.pathname === "/login" ? secretOf(address.hash, "once") : null;
        // The address is in the browser's history and in its list of suggestions.
        if (address.pathname === "/login" && address.hash) history.replaceState(history.state, "", address.pathname + address.search);
        if (secret) this.#useLink(secret);
        else if (!isNode) this.#askForSetup();
        this.#form.focus();
    }

    close() { this.#form.close(); }

    async #useLink(text) {
        const { household, secret } = addressee(text);
        try {
            const principal = await prove("POST", "/api/v1/session/link", { secret }, named(household));
            if (this.#household) this.#household.value = household;
            this.#begin(principal, await hasNoPassword(principal) ? "/password" : "/");
        } catch (problem) {
            this.#form.say(words(problem));
        }
    }

    async #askForSetup() {
        const { open } = await prove("GET", "/api/v1/setup").catch(() => ({ open: false }));
        if (open && this.isConnected) go("/setup", { replace: true });
    }

    #askForCode(problem) {
        const asked = problem.status === 401 && problem.errors.find((error) => error.field === "code");
        if (!asked || this.#code.isAsked) return false;
        this.#code.isAsked = true;
        this.#form.say("");
        this.#code.hint(`${asked.detail} A recovery code does as well.`);
        this.#code.focus();
        return true;
    }

    #forgetCode() {
        this.#code.isAsked = false;
        this.#code.value = "";
    }

    /** `next`: what is opened after a login at the login page's own address. */
    #begin(principal, next = "/") {
        this.#password.value = "";
        this.#forgetCode();
        const household = this.#household?.value ?? "";
        keepHousehold(household);
        if (needsOtherDocument(household)) return void location.replace(next);
        const isOwnAddress = location.pathname === "/login";
        // Before the session begins: when it is somebody else's, the document is loaded again at this address.
        if (isOwnAddress) note(next);
        if (session.begin(principal) && isOwnAddress) reopen();
    }
}

/** What to do at a node, which has several households: whether the first account of one is still to be made is not said to everybody. */
const withoutAccount = () => h("p", { class: "door-foot quiet" }, "No account yet? Open the link that you were given.");

/** What went wrong, as a sentence or two. */
const words = ({ status, title, message }) => (status === 0 ? `${title}. ${message}` : message);

/** Whether somebody has yet to choose a password. One who cannot be asked now is asked at their account. */
async function hasNoPassword({ id }) {
    const account = await prove("GET", `/api/v1/users/${encodeURIComponent(id)}`).catch(() => null);
    return account?.passwordSet === false;
}

customElements.define("login-page", LoginPage);
