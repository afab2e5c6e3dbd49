import { h } from "../common/dom.js";
import { deviceFacts, logout } from "./devices.js";
import { passkeyFacts } from "./passkeys.js";
import { rowParts, Section, takingAway } from "./section.js";
import { revocation, tokenFacts } from "./tokens.js";

/** Where somebody else is logged in, and what lets them in: owners take it away. It has what `Actions` needs of a form. */
export class OthersAccess {
    element = h("div", { class: "others-access" });
    #sections;

    constructor({ id, name }) {
        const user = encodeURIComponent(id);
        const removal = (passkey) => ({
            action: "Remove", name: passkey.name, path: `/api/v1/passkeys/${encodeURIComponent(passkey.id)}`, body: {}, text: `It does not log in any more, and ${name} is logged out everywhere.`,
        });
        // What is taken away may take others along: a passkey ends devices, a token those that it made.
        const read = () => { for (const section of this.#sections) section.read(); };
        this.#sections = [
            new Taken(`Devices of ${name}`, `/api/v1/sessions?user=${user}`, "Logged in nowhere.", deviceFacts, logout, read),
            new Taken(`Passkeys of ${name}`, `/api/v1/users/${user}/passkeys`, "No passkeys.", passkeyFacts, removal, read),
            new Taken(`Tokens of ${name}`, `/api/v1/tokens?user=${user}`, "No tokens.", tokenFacts, revocation, read),
        ];
        this.element.append(...this.#sections.map((section) => section.element));
        read();
    }

    focus() { this.#sections[0].focus(); }

    close() {}
}

/** A list of one kind. `factsOf(item)`: what is known of it; `lossOf(item)`: how it is taken away; `onTaken`: called when it was. */
class Taken extends Section {
    #none;
    #row;

    constructor(title, path, none, factsOf, lossOf, onTaken) {
        super(title, "");
        this.path = path;
        this.#none = none;
        this.#row = (item) => {
            const loss = lossOf(item);
            return rowParts({ ...item, name: loss.name }, factsOf(item), takingAway(loss, onTaken));
        };
    }

    show({ items }) { return this.rows(items, this.#row, this.#none); }
}
