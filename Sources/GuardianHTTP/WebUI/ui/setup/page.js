import { prove } from "../store/api.js";
import { session } from "../store/session.js";
import { h, fill } from "../common/dom.js";
import { here, isNode } from "../common/server.js";
import { failure, headed } from "../common/blank.js";
import { Form } from "../forms/form.js";
import { SwitchField } from "../forms/choice-fields.js";
import { PasswordField, TextField, passwordHint } from "../forms/text-field.js";
import { door, rememberLabel, trustLink } from "../login/door.js";
import { addressee, keepHousehold, named, needsOtherDocument } from "../login/household.js";
import { secretOf } from "../login/link.js";
import { go, note, reopen } from "../shell/router.js";
import { Page } from "../shell/page.js";

/** The first run: whoever has opened the recorder's link makes the first account, an owner's. */
class SetupPage extends Page {
    #secret = null;
    #household = "";
    #form = new Form({
        label: "First account", action: "Create the account",
        fields: [
            new TextField("name", "Your name", { autocomplete: "username", maxlength: 256 }, { required: "Type a name.", hint: "You log in with it. Others in the house can have accounts of their own later." }),
            new PasswordField("password", "Password", "new-password", { required: "Type a password.", hint: passwordHint }),
            new SwitchField("remember", rememberLabel),
        ],
        send: (values) => prove("POST", "/api/v1/setup", { secret: this.#secret, ...values }, named(this.#household)), done: (principal) => this.#begin(principal),
    });

    open(_parameter, address) {
        this.heading = "First run";
        const text = secretOf(address.hash);
        ({ household: this.#household, secret: this.#secret } = text === null ? { household: "", secret: null } : addressee(text));
        this.#ask();
    }

    close() { this.#form.close(); }

    async #ask() {
        fill(this, door("Welcome", ""));
        try {
            const { open } = await prove("GET", "/api/v1/setup", undefined, named(this.#household));
            if (!this.isConnected) return;
            if (!open) return go("/login", { replace: true });
            this.#show();
        } catch (problem) {
            if (problem.isMissing) go("/", { replace: true });
            else fill(this, headed(failure(problem, () => this.#ask(), "")));
        }
    }

    /** What comes after it: at a recorder, cameras and the owner's phone. */
    #begin(principal) {
        keepHousehold(this.#household);
        if (needsOtherDocument(this.#household)) return void location.replace("/");
        note(isNode ? "/" : "/welcome");
        if (session.begin(principal)) reopen();
    }

    #show() {
        if (this.#secret === null) return void fill(this, door("Welcome", `This ${here} has no account yet.`, withoutLink(), trustLink()));
        fill(this, door("Welcome", `Make the first account of ${this.#household === "" ? `this ${here}` : `the household ${this.#household}`}. It is an owner's: it may do everything.`, this.#form.element, trustLink()));
        this.#form.focus();
    }
}

/** How to get the link, for whoever has opened the page without it. */
function withoutLink() {
    return h("div", { class: "card steps" },
        h("p", {}, h("strong", {}, `Open the link that the ${here} printed`), " when it was started for the first time. The link holds a secret, so that only you can make the first account."),
        h("p", {}, "If it is lost, log in to the machine and let it print the link again:"), h("pre", { class: "secret", tabindex: "0", role: "group", "aria-label": "Command" }, "guardian user setup-link"));
}

customElements.define("setup-page", SetupPage);
