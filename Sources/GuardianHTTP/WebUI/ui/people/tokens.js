import { iso, send } from "../store/api.js";
import { session } from "../store/session.js";
import { h, fill } from "../common/dom.js";
import { date } from "../common/format.js";
import { Actions } from "../forms/actions.js";
import { ChecksField, SelectField } from "../forms/choice-fields.js";
import { Form } from "../forms/form.js";
import { shownOnce } from "../forms/shown-once.js";
import { nameField, ownPasswordField, proofOf } from "../forms/text-field.js";
import { permissionName, scopeChoices } from "./scope.js";
import { rowParts, Section, takingAway } from "./section.js";

const day = 86_400_000;
const ends = [{ value: "30", title: "In 30 days" }, { value: "90", title: "In 90 days" }, { value: "365", title: "In a year" }];

/** The time at which a token of so many days ends, as the API has it. */
export const endOf = (days, now = Date.now()) => iso(now + days * day);

/** What is known of a token. */
export const tokenFacts = ({ scope, endsAt }) => [scope.map(permissionName).join(", "), endsAt ? `ends ${date(endsAt)}` : "has no end"];

/** How a token is revoked. */
export const revocation = ({ id, name }) => ({ action: "Revoke", name, path: `/api/v1/tokens/${encodeURIComponent(id)}`, text: "The program that has it, and tokens that it made, are refused from now on." });

/** One's tokens, with which programs use the API. */
export class Tokens extends Section {
    path = "/api/v1/tokens";
    #place;
    #make;

    constructor() {
        const place = h("div", { class: "token-place" });
        super("Tokens", "A token lets a program use Guardian's API in your name, for example home automation.", place);
        this.#place = place;
        this.#make = new Actions([{ label: "Make a token", form: (close) => this.#form(close) }]);
        fill(place, this.#make.element);
    }

    show({ items }) { return this.rows(items, (token) => rowParts(token, tokenFacts(token), takingAway(revocation(token), () => this.read())), "No tokens."); }

    #form(close) {
        const end = new SelectField("days", "Ends", ends);
        end.value = "90";
        return new Form({
            label: "Make a token", action: "Make the token", cancel: close,
            fields: [
                nameField("Type what the token is for.", "What it is for."),
                new ChecksField("scope", "What it may do", scopeChoices(session.principal.permissions), { required: "Choose what the token may do." }), end,
                ownPasswordField({ hint: "So that nobody else makes one." }),
            ],
            send: ({ days, password, ...values }) => send("POST", this.path, { ...values, ...proofOf({ password }), endsAt: endOf(days) }),
            done: (token) => {
                this.#make.close();
                this.#showOnce(token);
                this.read();
            },
        });
    }

    #showOnce(token) {
        const shown = shownOnce({
            title: `Token ${token.name}`, lines: [token.token], close: "I have copied it", done: () => fill(this.#place, this.#make.element),
            text: "It is shown only now and stored nowhere. Programs send it in the header Authorization: Bearer TOKEN.",
        });
        fill(this.#place, h("div", { class: "panel" }, shown.element));
        shown.focus();
    }
}
