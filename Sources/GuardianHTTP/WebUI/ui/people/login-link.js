import { send } from "../store/api.js";
import { h, fill } from "../common/dom.js";
import { dayKey, dayTitle, minute } from "../common/format.js";
import { here, isNode } from "../common/server.js";
import { Form } from "../forms/form.js";
import { qrCode } from "../forms/qr-code.js";
import { shownOnce } from "../forms/shown-once.js";
import { ownPasswordField } from "../forms/text-field.js";

/** The address of a link for other devices: this page's, with what the server answered. */
export const addressOf = (path) => new URL(path, location.origin).href;

/** Whether a name leads to the machine itself, from which the browser runs too. */
export const isThisMachine = (name) => name === "localhost" || name.endsWith(".localhost") || name === "[::1]" || /^127\.[\d.]+$/.test(name);

/** "Friday 27 November, 16:05". */
const until = (time) => `${dayTitle(dayKey(time))}, ${minute(time)}`;

/**
 * Makes a link that logs an account in once, and shows it. `isOwn`: for another device of whoever asks. `close`: takes it away; `cancel`: called
 * by the button before the link is made, left out when it is `null`. It has what `Actions` needs of a form.
 */
export class LoginLink {
    element = h("div", { class: "login-link" });
    #form;
    #shown = null;

    constructor({ id, name, passwordSet }, { isOwn = false, close, cancel = close }) {
        // It lets somebody in without password and second factor, so a borrowed browser must not make one.
        const password = isOwn && passwordSet ? ownPasswordField({ required: "Type your password." }) : null;
        this.#form = new Form({
            label: isOwn ? "Login link" : `Login link for ${name}`, action: "Make the link", cancel,
            text: [h("p", { class: "quiet" }, isOwn
                ? "The link logs in another device of yours, once and within a day. One that you made before is of no use then."
                : `For somebody who is new or has lost the password. The link logs ${name} in, once and within a day. One that was made before is of no use then.`)],
            fields: password ? [password] : [],
            send: (values = {}) => send("POST", `/api/v1/users/${encodeURIComponent(id)}/link`, values), done: (link) => this.#show(link, isOwn ? null : name, close),
        });
        fill(this.element, this.#form.element);
    }

    focus() { (this.#shown ?? this.#form).focus(); }

    close() { this.#form.close(); }

    /** Makes the link without a further question; what goes wrong is shown with a button to try again. */
    make() { return this.#form.submit(); }

    /** `name`: whom the link logs in; `null` for oneself. */
    #show({ path, endsAt }, name, close) {
        const address = addressOf(path);
        this.#shown = shownOnce({
            title: name === null ? "Your login link" : `Login link for ${name}`, lines: [address], close: "Done", done: close,
            text: `It works once, until ${until(endsAt)}. Whoever has it gets in as ${name === null ? "you" : `${name}: send it to nobody else`}. It is shown only now.`,
            share: { title: "Guardian", text: name === null ? "Log in to Guardian" : `Log in to Guardian as ${name}`, url: address },
            more: [
                isThisMachine(location.hostname) ? h("p", { class: "form-warning" }, `This address works only on the ${here} itself. For another device, open this page by the ${here}'s name or address${isNode ? "" : " in your network"}, and make the link there.`)
                    : qrCode(address, name === null ? "Login link for your phone" : `Login link for ${name}`, "Or point the phone's camera at this code."),
                // In another tab: this page would not show the link again.
                h("p", { class: "quiet" }, "A browser that opens it for the first time may warn. ", h("a", { class: "text-link", href: "/trust", target: "_blank", rel: "noopener" }, "Why, and how to end it")),
            ],
        });
        fill(this.element, this.#shown.element);
        this.#shown.focus();
    }
}
