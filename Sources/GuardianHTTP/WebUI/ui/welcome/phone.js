import { get } from "../store/api.js";
import { session } from "../store/session.js";
import { h, fill } from "../common/dom.js";
import { failure } from "../common/blank.js";
import { qrCode } from "../forms/qr-code.js";
import { isThisMachine, LoginLink } from "../people/login-link.js";

/** The step that opens Guardian on the owner's phone: a link that logs in, and why the phone warns at first. */
export class OnYourPhone {
    #done;
    #link = null;
    #login = h("div", { class: "card phone-card" });
    element;

    constructor({ done }) {
        this.#done = done;
        this.element = h("div", { class: "phone" },
            h("p", { class: "welcome-lead" }, "See your cameras on the phone, too. It must be in the same network as this recorder."), this.#login, trustCard());
        this.#show();
    }

    close() { this.#link?.close(); }

    async #show() {
        const { id } = session.principal;
        // Root of this machine has no account.
        if (id === null) return void (this.#login.hidden = true);
        try {
            const account = await get(`/api/v1/users/${encodeURIComponent(id)}`);
            this.#link?.close();
            this.#link = new LoginLink(account, { isOwn: true, cancel: null, close: () => { this.#done(); this.#show(); } });
            fill(this.#login, h("h2", {}, "Log in on the phone"), this.#link.element);
        } catch (problem) {
            fill(this.#login, failure(problem, () => this.#show(), ""));
        }
    }
}

function trustCard() {
    const address = new URL("/trust", location.origin).href;
    return h("div", { class: "card phone-card" }, h("h2", {}, "If the phone warns"),
        h("p", {}, "A browser that opens this recorder for the first time does not know it yet, and warns. ", h("a", { class: "text-link", href: "/trust", target: "_blank", rel: "noopener" }, "Why, and how to end it")),
        !isThisMachine(location.hostname) && qrCode(address, "How to end the warning", "The same page for the phone."));
}
