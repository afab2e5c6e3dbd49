import { send } from "../store/api.js";
import { session } from "../store/session.js";
import { h, fill } from "../common/dom.js";
import { date } from "../common/format.js";
import { Actions } from "../forms/actions.js";
import { confirmation } from "../forms/confirmation.js";
import { Form } from "../forms/form.js";
import { nameField, ownPasswordField, proofOf } from "../forms/text-field.js";
import { makePasskey, whyNot } from "../login/authenticator.js";
import { deviceName } from "./agent.js";
import { rowParts, Section } from "./section.js";

/** What is known of a passkey. */
export const passkeyFacts = ({ host, createdAt }) => [`for ${host}`, `added ${date(createdAt)}`];

/** One's passkeys, with which devices log in without a password. */
export class Passkeys extends Section {
    #id;
    #add;

    constructor({ id }) {
        const place = h("div", { class: "passkey-place" });
        super("Passkeys", "A passkey logs you in with the finger, face or PIN of a device, without a password and without a code.", place);
        this.#id = id;
        this.#add = new Actions([{ label: "Add a passkey", form: (close) => this.#form(close) }]);
        const reason = whyNot();
        fill(place, reason === "" ? this.#add.element : h("p", { class: "quiet" }, reason));
    }

    get path() { return `/api/v1/users/${encodeURIComponent(this.#id)}/passkeys`; }

    show({ items }) { return this.rows(items, (passkey) => this.#row(passkey), "No passkeys."); }

    #row(passkey) {
        const path = `/api/v1/passkeys/${encodeURIComponent(passkey.id)}`;
        const actions = new Actions([
            { label: "Rename", name: `Rename ${passkey.name}`, form: (close) => this.#rename(passkey, path, close) },
            {
                label: "Remove", name: `Remove ${passkey.name}`,
                form: (close) => confirmation({
                    question: `Remove ${passkey.name}?`, text: "It does not log in any more, and your other devices are logged out.", action: "Remove", cancel: close,
                    fields: [ownPasswordField({ hint: "So that nobody else removes it." })],
                    send: (values) => session.change("DELETE", path, proofOf(values)), done: () => this.read(),
                }),
            },
        ]);
        return rowParts(passkey, passkeyFacts(passkey), actions);
    }

    #rename(passkey, path, close) {
        const name = newName();
        name.value = passkey.name;
        return new Form({ label: `Rename ${passkey.name}`, action: "Save", cancel: close, fields: [name], send: (values) => send("PUT", path, values), done: () => this.read() });
    }

    #form(close) {
        const name = newName();
        name.value = deviceName(navigator.userAgent ?? "");
        return new Form({
            label: "Add a passkey", action: "Go on", cancel: close,
            fields: [name, ownPasswordField({ hint: "So that nobody else adds one. Your other devices are logged out then." })],
            send: async ({ name: chosen, ...values }) => {
                const made = await makePasskey(await send("POST", `${this.path}/challenge`, proofOf(values)));
                return session.change("POST", this.path, { name: chosen, ...made });
            },
            done: () => {
                this.#add.close();
                this.read();
            },
        });
    }
}

const newName = () => nameField("Type which device it is.", "Which device has it.");
