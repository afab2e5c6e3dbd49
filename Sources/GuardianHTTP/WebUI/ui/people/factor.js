import { send } from "../store/api.js";
import { session } from "../store/session.js";
import { h, fill, write } from "../common/dom.js";
import { icon } from "../common/icons.js";
import { copyButton } from "../common/copy.js";
import { Actions } from "../forms/actions.js";
import { Form } from "../forms/form.js";
import { qrCode } from "../forms/qr-code.js";
import { shownOnce } from "../forms/shown-once.js";
import { CodeField, ownPasswordField } from "../forms/text-field.js";

const codeHint = "Six digits that change every 30 seconds.";
const codeOrRecovery = "Of your authenticator app, or one of your recovery codes.";

const others = "Your other devices are logged out then.";

/** With so few recovery codes left it is time for new ones. */
const few = 3;

/** Turns one's second factor on and off. */
export class SecondFactor {
    #passwordSet;
    #state = h("span", { class: "quiet" });
    #title = h("strong", { tabindex: "-1" }, "Second factor");
    #place = h("div", { class: "factor-place" });
    element = h("div", { class: "row-parts" }, h("div", { class: "row-text" }, this.#title, this.#state), this.#place);

    constructor({ recoveryCodesLeft, passwordSet }) {
        this.#passwordSet = passwordSet;
        this.#show(recoveryCodesLeft);
    }

    /** `left`: how many recovery codes there are; `null` without a second factor. */
    #say(left) {
        this.#state.className = left !== null && left <= few ? "form-warning" : "quiet";
        write(this.#state, left === null ? "Off: whoever knows your password can log in."
            : `On: a login also needs a code of your authenticator app, or one of ${left === 1 ? "1 recovery code that is" : `${left} recovery codes that are`} left.`);
    }

    #show(left) {
        this.#say(left);
        const actions = new Actions(left === null ? [{ label: "Turn on", name: "Turn on the second factor", form: (close) => this.#begin(close) }] : [
            { label: "New recovery codes", form: (close) => this.#renew(close) },
            { label: "Turn off", name: "Turn off the second factor", form: (close) => this.#off(close) },
        ]);
        fill(this.#place, actions.element);
    }

    #end(left) {
        this.#show(left);
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
            label: "Confirm the second factor", action: "Turn on", cancel: () => this.#end(null),
            text: [
                h("ol", { class: "steps" },
                    h("li", {}, "Add Guardian to your authenticator app: scan the code with it, open the link on the phone itself, or type the key.",
                        qrCode(link, "Key for the authenticator app", "Scan this code with the app."),
                        h("div", { class: "buttons" }, h("a", { class: "button", href: link }, icon("key", true), "Open in the app"), copyButton(keyOf(link).replaceAll(" ", ""), key)), key),
                    h("li", {}, `Type the code that the app shows now. ${others}`)),
            ],
            fields: [new CodeField("Code", codeHint)],
            send: (values) => session.change("PUT", "/api/v1/session/factor", values), done: ({ recoveryCodes }) => this.#showCodes(recoveryCodes),
        });
        fill(this.#place, h("div", { class: "panel" }, form.element));
        key.focus();
    }

    #showCodes(codes, before = "The second factor is on.") {
        this.#say(codes.length);
        const shown = shownOnce({
            title: "Recovery codes", lines: codes, file: "guardian-recovery-codes.txt", close: "I have kept them", done: () => this.#end(codes.length),
            text: `${before} Without your phone, each of these codes logs you in once. They are shown only now: keep them on paper or in your password manager.`,
        });
        fill(this.#place, h("div", { class: "panel" }, shown.element));
        shown.focus();
    }

    #renew(close) {
        return new Form({
            label: "New recovery codes", action: "Make new codes", cancel: close, text: [h("p", { class: "quiet" }, `Those that you have are of no use then. ${others}`)], fields: [new CodeField("Code", codeOrRecovery)],
            send: (values) => session.change("POST", "/api/v1/session/factor/codes", values), done: ({ recoveryCodes }) => this.#showCodes(recoveryCodes, "The codes from before are of no use any more."),
        });
    }

    #off(close) {
        return new Form({
            label: "Turn off the second factor", action: "Turn off", kind: "bad", cancel: close, text: [h("p", { class: "quiet" }, others)], fields: [new CodeField("Code", codeOrRecovery)],
            send: (values) => session.change("DELETE", "/api/v1/session/factor", values), done: () => this.#end(null),
        });
    }
}

/** The key of an `otpauth` link, in groups of four for typing; "" when it has none. */
export function keyOf(link) {
    const [, key = ""] = /[?&]secret=([A-Z2-7]+)/i.exec(link) ?? [];
    return key.match(/.{1,4}/g)?.join(" ") ?? "";
}
