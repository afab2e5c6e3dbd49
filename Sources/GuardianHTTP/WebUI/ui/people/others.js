import { send } from "../store/api.js";
import { h } from "../common/dom.js";
import { Actions } from "../forms/actions.js";
import { confirmation } from "../forms/confirmation.js";
import { deviceName } from "./agent.js";
import { deviceFacts } from "./devices.js";
import { passkeyFacts } from "./passkeys.js";
import { rowParts, Section } from "./section.js";
import { tokenFacts } from "./tokens.js";

/** Where somebody else is logged in, and what lets them in: owners take it away. It has what `Actions` needs of a form. */
export class OthersAccess {
    element = h("div", { class: "others-access" });
    #sections;

    constructor({ id, name }) {
        const user = encodeURIComponent(id);
        this.#sections = [
            new Taken(`Devices of ${name}`, `/api/v1/sessions?user=${user}`, "Logged in nowhere.", "Log out", (device) => ({
                path: `/api/v1/sessions/${encodeURIComponent(device.id)}`, name: deviceName(device.agent), facts: deviceFacts(device), text: "Whoever uses it has to log in again.",
            })),
            new Taken(`Passkeys of ${name}`, `/api/v1/users/${user}/passkeys`, "No passkeys.", "Remove", (passkey) => ({
                path: `/api/v1/passkeys/${encodeURIComponent(passkey.id)}`, body: {}, name: passkey.name, facts: passkeyFacts(passkey), text: `It does not log in any more, and ${name} is logged out everywhere.`,
            })),
            new Taken(`Tokens of ${name}`, `/api/v1/tokens?user=${user}`, "No tokens.", "Revoke", (token) => ({
                path: `/api/v1/tokens/${encodeURIComponent(token.id)}`, name: token.name, facts: tokenFacts(token), text: "The program that has it, and tokens that it made, are refused from now on.",
            })),
        ];
        this.element.append(...this.#sections.map((section) => section.element));
        this.#read();
    }

    // What is taken away may take others along: a passkey ends devices, a token those that it made.
    #read() {
        for (const section of this.#sections) {
            section.onTaken = () => this.#read();
            section.read();
        }
    }

    focus() { this.#sections[0].focus(); }

    close() {}
}

/** A list of one kind. `describe(item)` returns `{ path, body, name, facts, text }`. */
class Taken extends Section {
    onTaken = () => {};
    #none;
    #action;
    #describe;

    constructor(title, path, none, action, describe) {
        super(title, "");
        this.path = path;
        this.#none = none;
        this.#action = action;
        this.#describe = describe;
    }

    show({ items }) { return this.rows(items, (item) => this.#row(item), this.#none); }

    #row(item) {
        const { path, body, name, facts, text } = this.#describe(item);
        const label = `${this.#action} ${name}`;
        return rowParts({ ...item, name }, facts, new Actions([{
            label: this.#action, name: label,
            form: (close) => confirmation({ question: `${label}?`, text, action: this.#action, cancel: close, send: () => send("DELETE", path, body), done: () => {
                close();
                this.onTaken();
            } }),
        }]));
    }
}
