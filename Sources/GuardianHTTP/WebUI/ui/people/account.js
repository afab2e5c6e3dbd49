import { send } from "../store/api.js";
import { session } from "../store/session.js";
import { h, write } from "../parts/dom.js";
import { date } from "../parts/format.js";
import { Actions } from "../forms/actions.js";
import { Form } from "../forms/form.js";
import { PasswordField, passwordHint } from "../forms/text-field.js";
import { announcer } from "../shell/announcer.js";
import { SecondFactor } from "./factor.js";
import { roleName } from "./roles.js";
import { Section } from "./section.js";

/** Name and role, the password, and the second factor. */
export class OwnAccount extends Section {
    #id;
    #changed = h("span", { class: "quiet figures" });

    constructor({ id }) {
        super("How you log in", "");
        this.#id = id;
    }

    get path() { return `/api/v1/users/${encodeURIComponent(this.#id)}`; }

    show(account) {
        write(this.#changed, `Changed ${date(account.passwordChangedAt)}`);
        const password = new Actions([{ label: "Change password", form: (close) => this.#passwordForm(account, close) }]);
        return h("ul", { class: "card rows" },
            h("li", { class: "row" }, h("div", { class: "row-text" }, h("strong", {}, account.name), h("span", { class: "quiet" }, roleName(account.role)))),
            h("li", { class: "row" }, h("div", { class: "row-text" }, h("strong", {}, "Password"), this.#changed), password.element),
            h("li", { class: "row" }, new SecondFactor(account.secondFactor).element));
    }

    #passwordForm(account, close) {
        return new Form({
            label: "Change password", action: "Change password", cancel: close,
            // For password managers, which store a password under a name.
            text: [h("input", { type: "text", autocomplete: "username", hidden: true, readonly: true, value: account.name })],
            fields: [
                new PasswordField("current", "Current password", "current-password", { required: "Type your current password." }),
                new PasswordField("password", "New password", "new-password", { required: "Type a new password.", hint: `${passwordHint} Your other devices are logged out.` }),
            ],
            send: (values) => send("PUT", "/api/v1/session/password", values),
            done: (principal) => {
                // The session that asked has a new secret.
                if (principal) session.begin(principal);
                close();
                write(this.#changed, "Changed just now");
                announcer.say("The password is changed.");
            },
        });
    }
}
