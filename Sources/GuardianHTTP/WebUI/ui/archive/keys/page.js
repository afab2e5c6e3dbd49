import { h, fill, write } from "../../parts/dom.js";
import { copyButton } from "../../parts/copy.js";
import { icon } from "../../parts/icons.js";
import { announcer } from "../../shell/announcer.js";
import { codeField } from "../code-field.js";
import { letterOf, Mistyped, readCode, writeCode } from "../sealed/code.js";
import { OwnerKeys } from "../sealed/keys.js";
import { recipientLine } from "../sealed/recipient.js";
import { Refusal } from "../sealed/refusal.js";
import { codeSheet } from "./sheet.js";
import { Page } from "../../shell/page.js";

/** How many groups of the code the user must type again. */
const confirmedGroups = 2;
const lacking = "This browser lacks ML-KEM-768, with which clips are sealed. Use a current Chromium or Chrome, or guardian keys new on the command line.";

/** Makes a new recovery code, or shows the recipient of an existing one. Everything happens in this page; nothing is sent. */
class ArchiveKeysPage extends Page {
    #body = h("div", { class: "keys-body" });
    #code = null;
    #keys = null;

    build() {
        this.append(h("header", { class: "top" }, h("a", { class: "button back", href: "/archive" }, icon("back", true), "Archive"), h("h1", {}, "Keys of your archive")), this.#body);
    }

    begin() { this.scope.listen(window, "pagehide", () => this.#forget()); }

    open() {
        this.heading = "Keys · Archive";
        this.#choose();
    }

    close() { this.#forget(); }

    #forget() {
        this.#code = null;
        this.#keys = null;
        fill(this.#body);
    }

    #choose() {
        fill(this.#body,
            step("Make a recovery code", "It is made here, in your browser, and shown once. Clips are sealed to it at the recorder while they are recorded; only the holder of the code can open them. The code is never sent.",
                h("p", { class: "quiet" }, "This page comes from your node or recorder. If you do not trust that machine, make the code with ", h("code", {}, "guardian keys new"), " on your own."),
                button("Make a new code", "primary", () => this.#make())),
            this.#existing());
    }

    #existing() {
        const message = h("p", { class: "code-said", role: "alert" });
        const field = codeField("known-code", () => write(message, ""));
        const show = async () => {
            write(message, "");
            try {
                const secret = await readCode(field.value);
                this.#keys = await OwnerKeys.derive(secret);
                secret.fill(0);
                field.value = "";
                this.#done();
            } catch (error) {
                if (!(error instanceof Mistyped) && !(error instanceof Refusal)) throw error;
                write(message, error.message);
            }
        };
        return h("form", { class: "card keys-step", on: { submit: (event) => { event.preventDefault(); show(); } } },
            h("h2", {}, "Or show the recipient of an existing code"), h("label", { for: "known-code" }, "Recovery code, 14 groups of four"), field, message, h("button", { class: "button", type: "submit" }, "Show its recipient"));
    }

    async #make() {
        const secret = crypto.getRandomValues(new Uint8Array(32));
        const keys = await OwnerKeys.derive(secret);
        if (keys.xWing === null) {
            secret.fill(0);
            return void fill(this.#body, step("This browser cannot make one", lacking, button("Back", "", () => this.#choose())));
        }
        this.#keys = keys;
        this.#code = await writeCode(secret);
        secret.fill(0);
        this.#reveal();
    }

    #reveal() {
        fill(this.#body, codeSheet(this.#code, this.#keys.xWing.keyId), h("div", { class: "card keys-step actions" },
            h("p", {}, "Write it down or print it now. It is shown only once and stored nowhere."),
            h("div", { class: "buttons" }, button("Print", "", () => print(), "print"), button("I have it, continue", "primary", () => this.#confirm()))));
        announcer.say("The recovery code is shown");
    }

    /** Asks for two groups of the code, to check that the user has written it down. */
    #confirm() {
        const groups = this.#code.split("-");
        const places = new Set();
        while (places.size < confirmedGroups) places.add(crypto.getRandomValues(new Uint32Array(1))[0] % groups.length);
        const wanted = [...places].sort((one, other) => one - other);
        const fields = wanted.map((place) => h("input", { class: "code-field group figures", type: "text", maxlength: 6, id: `group-${place}`, autocomplete: "off", autocapitalize: "characters", autocorrect: "off", spellcheck: "false" }));
        const message = h("p", { class: "code-said", role: "alert" });
        const check = () => {
            const wrong = wanted.find((place, at) => letterOf(fields[at].value).join("") !== groups[place]);
            if (wrong === undefined) return this.#done();
            write(message, `Group ${wrong + 1} does not match. Compare it with what you wrote down.`);
        };
        fill(this.#body, h("form", { class: "card keys-step", on: { submit: (event) => { event.preventDefault(); check(); } } },
            h("h2", {}, "Type these groups from your paper"), h("p", {}, "This checks that you have written the code down correctly."),
            h("div", { class: "group-fields" }, ...wanted.map((place, at) => h("div", {}, h("label", { for: `group-${place}` }, `Group ${place + 1}`), fields[at]))), message,
            h("div", { class: "buttons" }, button("Show the code again", "", () => this.#reveal()), h("button", { class: "button primary", type: "submit" }, "Confirm"))));
        fields[0].focus();
    }

    #done() {
        this.#code = null;
        const { xWing, x25519 } = this.#keys;
        const lines = [];
        if (xWing) lines.push(line(`Key ${xWing.keyId}`, recipientLine("X-Wing", xWing)));
        else lines.push(h("p", {}, lacking));
        lines.push(h("details", {}, h("summary", {}, "For browsers without ML-KEM"), h("p", { class: "quiet" }, "A second recipient of the same code. With it, older browsers can open the clips too, but the clips are only as safe as X25519: a quantum computer could open them."),
            line(`Key ${x25519.keyId}`, recipientLine("X25519", x25519))));
        fill(this.#body, h("section", { class: "card keys-step" },
            h("h2", {}, "Configure the recorder"), h("p", {}, "Write this line into the recorder's configuration, at the recorder itself. It is not secret: it can seal clips, but not open them. The configuration may have several recipients."),
            h("pre", { class: "sample" }, "archive:\n  recipients:\n    - guardian-recipient:X-Wing:…"), ...lines, h("div", { class: "buttons" }, h("a", { class: "button", href: "/archive" }, "Go to the archive"))));
        announcer.say("The recipient is shown");
    }
}

const step = (title, text, ...rest) => h("section", { class: "card keys-step" }, h("h2", {}, title), h("p", {}, text), ...rest);

function button(label, kind, work, picture = null) {
    return h("button", { class: `button ${kind}`.trim(), type: "button", on: { click: work } }, picture && icon(picture, true), label);
}

function line(title, text) {
    const code = h("code", { class: "recipient", tabindex: "0" }, text);
    return h("div", { class: "recipient-line" }, h("div", { class: "recipient-head" }, h("strong", {}, title), copyButton(text, code)), code);
}

customElements.define("archive-keys-page", ArchiveKeysPage);
