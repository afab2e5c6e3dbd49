import { send } from "../store/api.js";
import { session } from "../store/session.js";
import { h, fill, write } from "../common/dom.js";
import { icon } from "../common/icons.js";
import { copyButton } from "../common/copy.js";
import { Actions } from "../forms/actions.js";
import { Form } from "../forms/form.js";
import { shownOnce } from "../forms/shown-once.js";
import { CodeField, ownPasswordField } from "../forms/text-field.js";

const codeHint = "Six digits that change every 30 seconds.";

const others = "Your other devices are logged out then.";

/** Turns one's second factor on and off. */
export class SecondFactor {
    #passwordSet;
    #state = h("span", { class: "quiet" });
    #title = h("strong", { tabindex: "-1" }, "Second factor");
    #place = h("div", { class: "factor-place" });
    element = h("div", { class: "row-parts" }, h("div", { class: "row-text" }, this.#title, this.#state), this.#place);

    constructor({ secondFactor, passwordSet }) {
        this.#passwordSet = passwordSet;
        this.#show(secondFactor);
    }

    #say(isOn) {
        write(this.#state, isOn ? "On: a login also needs a code of your authenticator app." : "Off: whoever knows your password can log in.");
    }

    #show(isOn) {
        this.#say(isOn);
        const actions = new Actions([isOn
            ? { label: "Turn off", name: "Turn off the second factor", form: (close) => this.#off(close) }
            : { label: "Turn on", name: "Turn on the second factor", form: (close) => this.#begin(close) }]);
        fill(this.#place, actions.element);
    }

    #end(isOn) {
        this.#show(isOn);
        this.#title.focus();
    }

    #begin(close) {
        return new Form({
            label: "Second factor", action: "Begin", cancel: close,
            text: [h("p", {}, "You need an authenticator app on your phone, such as the one of your password manager. Then a stolen password is not enough to log in.")],
            // A borrowed browser must not lock its person out.
            fields: this.#passwordSet ? [ownPasswordField({ required: "Type your password." })] : [],
            send: (values) => send("POST", "/api/v1/session/factor", values), done: ({ link }) => this.#confirm(link),
        });
    }

    /** Shows the key for the app, and asks for the first code of it. */
    #confirm(link) {
        const key = h("code", { class: "secret figures", tabindex: "0" }, keyOf(link));
        const form = new Form({
            label: "Confirm the second factor", action: "Turn on", cancel: () => this.#end(false),
            text: [
                h("ol", { class: "steps" },
                    h("li", {}, "Add Guardian to your authenticator app: on the phone itself with the link, otherwise by typing the key.",
                        h("div", { class: "buttons" }, h("a", { class: "button", href: link }, icon("key", true), "Open in the app"), copyButton(keyOf(link).replaceAll(" ", ""), key)), key),
                    h("li", {}, `Type the code that the app shows now. ${others}`)),
            ],
            fields: [new CodeField("Code", codeHint)],
            send: (values) => session.change("PUT", "/api/v1/session/factor", values), done: ({ recoveryCodes }) => this.#showCodes(recoveryCodes),
        });
        fill(this.#place, h("div", { class: "panel" }, form.element));
        key.focus();
    }

    #showCodes(codes) {
        this.#say(true);
        const shown = shownOnce({
            title: "Recovery codes", lines: codes, file: "guardian-recovery-codes.txt", close: "I have kept them", done: () => this.#end(true),
            text: "The second factor is on. Without your phone, each of these codes logs you in once. They are shown only now: keep them on paper or in your password manager.",
        });
        fill(this.#place, h("div", { class: "panel" }, shown.element));
        shown.focus();
    }

    #off(close) {
        return new Form({
            label: "Turn off the second factor", action: "Turn off", kind: "bad", cancel: close, text: [h("p", { class: "quiet" }, others)], fields: [new CodeField("Code", "Of your authenticator app, or one of your recovery codes.")],
            send: (values) => session.change("DELETE", "/api/v1/session/factor", values), done: () => this.#end(false),
        });
    }
}

/** The key of an `otpauth` link, in groups of four for typing; "" when it has none. */
export function keyOf(link) {
    const [, key = ""] = /[?&]secret=([A-Z2-7]+)/i.exec(link) ?? [];
    return key.match(/.{1,4}/g)?.join(" ") ?? "";
}
