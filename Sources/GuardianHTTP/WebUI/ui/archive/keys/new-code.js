import { h, fill, write } from "../../common/dom.js";
import { download } from "../../common/download.js";
import { icon } from "../../common/icons.js";
import { announcer } from "../../shell/announcer.js";
import { letterOf, writeCode } from "../sealed/code.js";
import { OwnerKeys } from "../sealed/keys.js";
import { codeSheet } from "./sheet.js";

/** How many groups of the code the user must type again. */
const confirmedGroups = 2;
export const lacking = "This browser lacks ML-KEM-768, with which clips are sealed. Use a current Chromium or Chrome, or guardian keys new on the command line.";

/** Makes a recovery code in the browser: it is shown once, and counts when groups of it were typed again. Nothing is sent or stored here. */
export class NewCode {
    #options;
    #code = null;
    #keys = null;
    element = h("div", { class: "keys-body" });

    /** `title`, `text`: of what is shown first; `more()`: elements below it; `done(keys)`: called with the key pairs once the code counts. */
    constructor(options) {
        this.#options = options;
        this.#begin();
    }

    focus() { this.element.querySelector("button")?.focus(); }

    /** Forgets the code; whoever shows this calls it when it is taken away. */
    close() {
        this.#code = null;
        this.#keys = null;
        fill(this.element);
    }

    #begin() {
        const { title = "Make a recovery code", text, more = () => [] } = this.#options;
        fill(this.element, step(title, text,
            h("p", { class: "quiet" }, "This page comes from your node or recorder. If you do not trust that machine, make the code with ", h("code", {}, "guardian keys new"), " on your own."),
            button("Make a new code", "primary", () => this.#make())), ...more());
    }

    async #make() {
        const secret = crypto.getRandomValues(new Uint8Array(32));
        const keys = await OwnerKeys.derive(secret);
        if (keys.xWing === null) {
            secret.fill(0);
            return void fill(this.element, step("This browser cannot make one", lacking, button("Back", "", () => this.#begin())));
        }
        this.#keys = keys;
        this.#code = await writeCode(secret);
        secret.fill(0);
        this.#reveal();
    }

    #reveal() {
        // The file is one that `guardian archive open --code-file` reads.
        const save = () => download(new Blob([`${this.#code}\n`], { type: "text/plain" }), "guardian-recovery-code.txt");
        fill(this.element, codeSheet(this.#code, this.#keys.xWing.keyId), h("div", { class: "card keys-step actions" },
            h("p", {}, "Write it down or print it now. It is shown only once and stored nowhere."),
            h("p", { class: "quiet" }, "A saved file can be read by whoever uses this computer: move it to a place of its own, such as a memory stick."),
            h("div", { class: "buttons" }, button("Print", "", () => print(), "print"), button("Save as a file", "", save, "save"), button("I have it, continue", "primary", () => this.#confirm()))));
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
            if (wrong === undefined) return this.#finish();
            write(message, `Group ${wrong + 1} does not match. Compare it with what you wrote down.`);
        };
        fill(this.element, h("form", { class: "card keys-step", "aria-label": "Confirm the code", on: { submit: (event) => { event.preventDefault(); check(); } } },
            h("h2", {}, "Type these groups from your paper"), h("p", {}, "This checks that you have written the code down correctly."),
            h("div", { class: "group-fields" }, ...wanted.map((place, at) => h("div", {}, h("label", { for: `group-${place}` }, `Group ${place + 1}`), fields[at]))), message,
            h("div", { class: "buttons" }, button("Show the code again", "", () => this.#reveal()), h("button", { class: "button primary", type: "submit" }, "Confirm"))));
        fields[0].focus();
    }

    #finish() {
        const keys = this.#keys;
        this.close();
        this.#options.done(keys);
    }
}

export const step = (title, text, ...rest) => h("section", { class: "card keys-step" }, h("h2", {}, title), h("p", {}, text), ...rest);

export function button(label, kind, work, picture = null) {
    return h("button", { class: `button ${kind}`.trim(), type: "button", on: { click: work } }, picture && icon(picture, true), label);
}
