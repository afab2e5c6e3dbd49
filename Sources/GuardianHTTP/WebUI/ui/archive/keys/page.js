import { h, fill, write } from "../../common/dom.js";
import { copyButton } from "../../common/copy.js";
import { icon } from "../../common/icons.js";
import { announcer } from "../../shell/announcer.js";
import { codeField } from "../code-field.js";
import { Mistyped, readCode } from "../sealed/code.js";
import { OwnerKeys } from "../sealed/keys.js";
import { recipientLine } from "../sealed/recipient.js";
import { Refusal } from "../sealed/refusal.js";
import { lacking, NewCode } from "./new-code.js";
import { Page } from "../../shell/page.js";

const text = "It is made here, in your browser, and shown once. Clips are sealed to it at the recorder while they are recorded; only the holder of the code can open them. The code is never sent.";

/** Makes a new recovery code, or shows the recipient of an existing one. Everything happens in this page; nothing is sent. */
class ArchiveKeysPage extends Page {
    #body = h("div", { class: "keys-body" });
    #new = null;

    build() {
        this.append(h("header", { class: "top" }, h("a", { class: "button back", href: "/archive" }, icon("back", true), "Archive"), h("h1", {}, "Keys of your archive")), this.#body);
    }

    begin() { this.scope.listen(window, "pagehide", () => this.#forget()); }

    open() {
        this.heading = "Keys · Archive";
        this.#forget();
        this.#new = new NewCode({ text, more: () => [this.#existing()], done: (keys) => this.#show(keys) });
        fill(this.#body, this.#new.element);
    }

    close() { this.#forget(); }

    #forget() {
        this.#new?.close();
        this.#new = null;
        fill(this.#body);
    }

    #existing() {
        const message = h("p", { class: "code-said", role: "alert" });
        const field = codeField("known-code", () => write(message, ""));
        const show = async () => {
            write(message, "");
            try {
                const secret = await readCode(field.value);
                const keys = await OwnerKeys.derive(secret);
                secret.fill(0);
                field.value = "";
                this.#show(keys);
            } catch (error) {
                if (!(error instanceof Mistyped) && !(error instanceof Refusal)) throw error;
                write(message, error.message);
            }
        };
        return h("form", { class: "card keys-step", on: { submit: (event) => { event.preventDefault(); show(); } } },
            h("h2", {}, "Or show the line of a code that you have"), h("label", { for: "known-code" }, "Recovery code, 14 groups of four"), field, message, h("button", { class: "button", type: "submit" }, "Show its recipient"));
    }

    #show({ xWing, x25519 }) {
        const lines = [];
        if (xWing) lines.push(line(`Key ${xWing.keyId}`, recipientLine("X-Wing", xWing)));
        else lines.push(h("p", {}, lacking));
        lines.push(h("details", {}, h("summary", {}, "For browsers without ML-KEM"), h("p", { class: "quiet" }, "A second recipient of the same code. With it, older browsers can open the clips too, but the clips are only as safe as X25519: a quantum computer could open them."),
            line(`Key ${x25519.keyId}`, recipientLine("X25519", x25519))));
        fill(this.#body, h("section", { class: "card keys-step" },
            h("h2", {}, "Give the line to the recorder"), h("p", {}, "Add this line on the recorder's page Settings, under Archive, or write it into its configuration file. It is not secret: it can seal clips, but not open them. There may be lines of several codes."),
            h("pre", { class: "sample", tabindex: "0", role: "group", "aria-label": "The line in a configuration file" }, "archive:\n  recipients:\n    - {name: Family, key: \"guardian-recipient:X-Wing:…\"}"), ...lines, h("div", { class: "buttons" }, h("a", { class: "button", href: "/archive" }, "Go to the archive"))));
        announcer.say("The recipient is shown");
    }
}

function line(title, text) {
    const code = h("code", { class: "recipient", tabindex: "0" }, text);
    return h("div", { class: "recipient-line" }, h("div", { class: "recipient-head" }, h("strong", {}, title), copyButton(text, code)), code);
}

customElements.define("archive-keys-page", ArchiveKeysPage);
