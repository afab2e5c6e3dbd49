import { send } from "../store/api.js";
import { h } from "../parts/dom.js";
import { Actions } from "../forms/actions.js";
import { announcer } from "../shell/announcer.js";
import { personForm } from "./person-form.js";
import { personRow } from "./person.js";
import { Section } from "./section.js";

/** Everybody who may log in. */
export class People extends Section {
    path = "/api/v1/users";
    #own;

    /** `own`: the account of whoever is logged in, or `null`. */
    constructor(own) {
        const place = h("div", {});
        super("People", "Who may log in here.", place);
        this.#own = own;
        const add = new Actions([{
            label: "Add a person",
            form: (close) => personForm({
                label: "Add a person", action: "Add", isNew: true, cancel: close, send: (values) => send("POST", "/api/v1/users", values),
                done: ({ name }) => {
                    close();
                    announcer.say(`${name} can log in now.`);
                    this.read();
                },
            }),
        }]);
        place.append(add.element);
    }

    show({ items }) { return this.rows(items, (account) => personRow(account, account.id === this.#own, () => this.read()), "Nobody has an account."); }
}
