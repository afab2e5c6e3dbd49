import { h, fill, Scope, write } from "../../parts/dom.js";
import { icon } from "../../parts/icons.js";
import { announcer } from "../../shell/announcer.js";
import { codeField } from "../code-field.js";
import { letterOf, Mistyped, readCode, writeCode } from "../sealed/code.js";
import { OwnerKeys } from "../sealed/keys.js";
import { recipientLine } from "../sealed/recipient.js";
import { Refusal } from "../sealed/refusal.js";
import { codeSheet } from "./sheet.js";

const asked = 2;
const lacking = "This browser lacks ML-KEM-768, with which clips are sealed. Use a current Chromium or Chrome, or guardian keys new on the command line.";

/** A new recovery code, or the recipient of one that there is. Everything happens in this page; nothing is sent. */
class ArchiveKeysPage extends HTMLElement {
    #scope = new Scope();
    #body = h("div", { class: "keys-body" });
    #code = null;
    #keys = null;

    enter() {
        document.title = "Keys · Archive · Guardian";
        if (!this.#body.isConnected) {
            this.append(h("header", { class: "top" }, h("a", { class: "button back", href: "/archive" }, icon("back", true), "Archive"), h("h1", {}, "Keys of your archive")), this.#body);
            this.#scope.listen(window, "pagehide", () => this.#forget());
        }
        this.#choose();
    }

    leave() {
        this.#scope.end();
        this.#forget();
    }

    #forget() {
        this.#code = null;
        this.#keys = null;
        fill(this.#body);
    }

    #choose() {
        fill(this.#body,
            step("Make a recovery code", "It is made here, in your browser, and shown once. Clips are sealed to it at the recorder while they are recorded; only who has the code opens them. Nothing of it is sent.",
                h("p", { class: "quiet" }, "This page comes from your node or recorder. If you do not trust that machine, make the code with ", h("code", {}, "guardian keys new"), " on your own."),
                button("Make a new code", "primary", () => this.#make())),
            this.#known());
    }

    #known() {
        const said = h("p", { class: "code-said", role: "alert" });
        const field = codeField("known-code", () => write(said, ""));
        const show = async () => {
            write(said, "");
            try {
                const secret = await readCode(field.value);
                this.#keys = await OwnerKeys.derive(secret);
                secret.fill(0);
                field.value = "";
                this.#done();
            } catch (error) {
                if (!(error instanceof Mistyped) && !(error instanceof Refusal)) throw error;
                write(said, error.message);
            }
        };
        return h("form", { class: "card keys-step", on: { submit: (event) => { event.preventDefault(); show(); } } },
            h("h2", {}, "Or show the recipient of a code that you have"), h("label", { for: "known-code" }, "Recovery code, 14 groups of four"), field, said, h("button", { class: "button", type: "submit" }, "Show its recipient"));
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
            h("p", {}, "Write it down or print it now. It is shown this once and kept nowhere."),
            h("div", { class: "buttons" }, button("Print", "", () => print(), "print"), button("I have it: go on", "primary", () => this.#confirm()))));
        announcer.say("The recovery code is shown");
    }

    /** Two groups, retyped: nobody goes on without having written it down. */
    #confirm() {
        const groups = this.#code.split("-");
        const places = new Set();
        while (places.size < asked) places.add(crypto.getRandomValues(new Uint32Array(1))[0] % groups.length);
        const wanted = [...places].sort((one, other) => one - other);
        const fields = wanted.map((place) => h("input", { class: "code-field group figures", type: "text", maxlength: 6, id: `group-${place}`, autocomplete: "off", autocapitalize: "characters", autocorrect: "off", spellcheck: "false" }));
        const said = h("p", { class: "code-said", role: "alert" });
        const check = () => {
            const wrong = wanted.find((place, at) => letterOf(fields[at].value).join("") !== groups[place]);
            if (wrong === undefined) return this.#done();
            write(said, `Group ${wrong + 1} is another one. Compare it with what you wrote down.`);
        };
        fill(this.#body, h("form", { class: "card keys-step", on: { submit: (event) => { event.preventDefault(); check(); } } },
            h("h2", {}, "Read it from your paper"), h("p", {}, "So that it is known to be there when it is needed."),
            h("div", { class: "group-fields" }, ...wanted.map((place, at) => h("div", {}, h("label", { for: `group-${place}` }, `Group ${place + 1}`), fields[at]))), said,
            h("div", { class: "buttons" }, button("Show it once more", "", () => this.#reveal()), h("button", { class: "button primary", type: "submit" }, "Confirm"))));
        fields[0].focus();
    }

    #done() {
        this.#code = null;
        const { xWing, x25519 } = this.#keys;
        const lines = [];
        if (xWing) lines.push(line(`Key ${xWing.keyId}`, recipientLine("X-Wing", xWing)));
        else lines.push(h("p", {}, lacking));
        lines.push(h("details", {}, h("summary", {}, "For browsers without ML-KEM"), h("p", { class: "quiet" }, "A second recipient of the same code. It makes clips open in older browsers, and makes them only as safe as X25519: a quantum computer would open them."),
            line(`Key ${x25519.keyId}`, recipientLine("X25519", x25519))));
        fill(this.#body, h("section", { class: "card keys-step" },
            h("h2", {}, "Tell the recorder"), h("p", {}, "Write this line into the recorder's configuration, at the recorder itself. It is no secret: it seals, and opens nothing. Several may stand there side by side."),
            h("pre", { class: "sample" }, "archive:\n  recipients:\n    - guardian-recipient:X-Wing:…"), ...lines, h("div", { class: "buttons" }, h("a", { class: "button", href: "/archive" }, "To the archive"))));
        announcer.say("The recipient is shown");
    }
}

const step = (title, text, ...rest) => h("section", { class: "card keys-step" }, h("h2", {}, title), h("p", {}, text), ...rest);

function button(word, kind, work, picture = null) {
    return h("button", { class: `button ${kind}`.trim(), type: "button", on: { click: work } }, picture && icon(picture, true), word);
}

function line(title, text) {
    const word = h("span", {}, "Copy");
    const copy = async () => {
        await navigator.clipboard.writeText(text).catch(() => getSelection().selectAllChildren(code));
        write(word, "Copied");
    };
    const code = h("code", { class: "recipient", tabindex: "0" }, text);
    return h("div", { class: "recipient-line" }, h("div", { class: "recipient-head" }, h("strong", {}, title), h("button", { class: "button", type: "button", on: { click: copy } }, icon("copy", true), word)), code);
}

customElements.define("archive-keys-page", ArchiveKeysPage);
