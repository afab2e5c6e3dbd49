import { send } from "../store/api.js";
import { h, fill } from "../common/dom.js";
import { Actions } from "../forms/actions.js";
import { announcer } from "../shell/announcer.js";
import { LoginLink } from "./login-link.js";
import { personForm } from "./person-form.js";
import { personRow } from "./person.js";
import { Section } from "./section.js";

/** Everybody who may log in. */
export class People extends Section {
    path = "/api/v1/users";
    #own;
    #place;
    #add;

    /** `own`: the account of whoever is logged in, or `null`. */
    constructor(own) {
        const place = h("div", { class: "person-place" });
        super("People", "Who may log in here.", place);
        this.#own = own;
        this.#place = place;
        this.#add = new Actions([{
            label: "Add a person",
            form: (close) => personForm({
                label: "Add a person", action: "Add", isNew: true, cancel: close, send: (values) => send("POST", "/api/v1/users", values),
                done: (account) => {
                    close();
                    this.read();
                    if (account.passwordSet) announcer.say(`${account.name} can log in now.`);
                    else this.#invite(account);
                },
            }),
        }]);
        fill(place, this.#add.element);
    }

    /** Shows the link of somebody new, who has no password. */
    #invite(account) {
        const link = new LoginLink(account, { close: () => { fill(this.#place, this.#add.element); this.#add.focus(); } });
        fill(this.#place, h("div", { class: "panel" }, link.element));
        link.make();
    }

    show({ items }) { return this.rows(items, (account) => personRow(account, account.id === this.#own, () => this.read()), "Nobody has an account."); }
}
