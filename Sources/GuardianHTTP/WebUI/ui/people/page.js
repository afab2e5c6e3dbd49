import { session } from "../store/session.js";
import { h, fill } from "../common/dom.js";
import { icon } from "../common/icons.js";
import { Page } from "../shell/page.js";
import { OwnAccount } from "./account.js";
import { Devices } from "./devices.js";
import { Passkeys } from "./passkeys.js";
import { People } from "./people.js";
import { Tokens } from "./tokens.js";

/** One's own account, and for whoever manages people everybody's. */
class PeoplePage extends Page {
    #title = h("h1", {});
    #body = h("div", { class: "people-body" });
    #sections = [];

    build() {
        this.append(
            h("header", { class: "top" }, this.#title, h("span", { class: "push" }),
                session.can("read_audit") && session.seesAll && h("a", { class: "button", href: "/audit" }, icon("events", true), "Audit log")),
            this.#body);
    }

    open() {
        const isForAll = session.can("manage_people");
        this.heading = this.#title.textContent = isForAll ? "People and access" : "Your account";
        const { id } = session.principal;
        this.#sections = [
            ...(isForAll ? [new People(id)] : []),
            // Root of this machine has no account.
            ...(id === null ? [] : [new OwnAccount(session.principal), new Passkeys(session.principal), new Devices(), new Tokens()]),
        ];
        fill(this.#body, ...this.#sections.map((section) => section.element));
        for (const section of this.#sections) section.read();
    }
}

customElements.define("people-page", PeoplePage);
