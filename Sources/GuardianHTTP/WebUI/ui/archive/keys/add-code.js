import { send } from "../../store/api.js";
import { session } from "../../store/session.js";
import { h, fill } from "../../common/dom.js";
import { announcer } from "../../shell/announcer.js";
import { Form } from "../../forms/form.js";
import { TextField } from "../../forms/text-field.js";
import { recipientLine } from "../sealed/recipient.js";
import { NewCode } from "./new-code.js";

export const path = "/api/v1/config/recipients";
const text = "It is made here, in your browser, and shown once. Clips are sealed to it at the recorder while they are recorded; only the holder of the code can open them. Only a public key is sent to the recorder, never the code.";
const hint = "So that you know later whose paper to look for.";

export const nameField = (value = "") => {
    const field = new TextField("name", "Whose code is it?", { autocomplete: "off", autocapitalize: "words", maxlength: 64 }, { hint, required: "Type a name." });
    field.value = value;
    return field;
};

/** Makes a recovery code, and gives the recorder its public key: from then on clips are sealed to it. */
export class AddCode {
    #done;
    #cancel;
    #new;
    #form = null;
    element = h("div", { class: "add-code" });

    /** `done(recipient)`: called with the recipient as the recorder has it; `cancel`: called by a button, which is left out without it. */
    constructor({ done, cancel = null }) {
        this.#done = done;
        this.#cancel = cancel;
        this.#new = new NewCode({ text, done: (keys) => this.#name(keys) });
        fill(this.element, this.#new.element);
    }

    focus() { (this.#form ?? this.#new).focus(); }

    close() {
        this.#new.close();
        this.#form?.close();
    }

    #name({ xWing }) {
        const line = recipientLine("X-Wing", xWing);
        this.#form = new Form({
            label: "Name the code", action: "Seal clips to it", cancel: this.#cancel, fields: [nameField(session.principal?.name)],
            text: [h("p", { class: "question" }, h("strong", {}, `Key ${xWing.keyId} is ready`)), h("p", { class: "quiet" }, "The key stands on your paper too.")],
            send: ({ name }) => send("POST", path, { name, key: line }),
            done: (recipient) => {
                announcer.say("Clips are sealed to the new code from now on.");
                this.#done(recipient);
            },
        });
        fill(this.element, h("div", { class: "card keys-name" }, this.#form.element));
        this.#form.focus();
    }
}
