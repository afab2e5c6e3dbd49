import { h, write } from "../common/dom.js";
import { date } from "../common/format.js";
import { here } from "../common/server.js";
import { Actions } from "../forms/actions.js";
import { announcer } from "../shell/announcer.js";
import { SecondFactor } from "./factor.js";
import { LoginLink } from "./login-link.js";
import { ownPasswordForm } from "./own-password.js";
import { roleName } from "./roles.js";
import { Section } from "./section.js";

/** Name and role, the password, the second factor, and how other devices get in. */
export class OwnAccount extends Section {
    #id;
    #changed = h("span", { class: "quiet figures" });

    constructor({ id }) {
        super("How you log in", "");
        this.#id = id;
    }

    get path() { return `/api/v1/users/${encodeURIComponent(this.#id)}`; }

    show(account) {
        return h("ul", { class: "card rows" },
            h("li", { class: "row" }, h("div", { class: "row-text" }, h("strong", {}, account.name), h("span", { class: "quiet" }, roleName(account.role)))),
            h("li", { class: "row" }, h("div", { class: "row-text" }, h("strong", {}, "Password", !account.passwordSet && h("span", { class: "tag warn" }, "None yet")), this.#changed), this.#password(account)),
            h("li", { class: "row" }, new SecondFactor(account).element),
            h("li", { class: "row" },
                h("div", { class: "row-text" }, h("strong", {}, "Open on your phone"), h("span", { class: "quiet" }, "A link logs in another device of yours, without typing the password.")),
                new Actions([{ label: "Make a link", name: "Make a link for your phone", form: (close) => new LoginLink(account, { isOwn: true, close }) }]).element),
            h("li", { class: "row" },
                h("div", { class: "row-text" }, h("strong", {}, "Browser warnings"), h("span", { class: "quiet" }, `Why a browser warns about this ${here}, and how to end it.`)),
                h("div", { class: "actions" }, h("div", { class: "buttons" }, h("a", { class: "button", href: "/trust" }, `Trust this ${here}`)))));
    }

    #password(account) {
        write(this.#changed, account.passwordSet ? `Changed ${date(account.passwordChangedAt)}` : "A link let you in. Choose a password, so that you can log in again.");
        const change = new Actions([account.passwordSet
            ? { label: "Change password", form: (close) => ownPasswordForm(account, { cancel: close, done: () => {
                close();
                write(this.#changed, "Changed just now");
                announcer.say("The password is changed.");
            } }) }
            : { label: "Choose a password", kind: "primary", form: (close) => ownPasswordForm(account, { cancel: close, done: () => {
                close();
                announcer.say("The password is saved.");
                this.read();
            } }) }]);
        return change.element;
    }
}
