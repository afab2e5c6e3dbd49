import { get, send } from "../../store/api.js";
import { h, fill, write } from "../../common/dom.js";
import { failure } from "../../common/blank.js";
import { Actions } from "../../forms/actions.js";
import { confirmation } from "../../forms/confirmation.js";
import { Form } from "../../forms/form.js";
import { TextField } from "../../forms/text-field.js";
import { AddCode, nameField, path } from "./add-code.js";
import { factsOf, lackOf, lossOf, titleOf } from "./words.js";

const about = "Clips are sealed while they are recorded, and the sealed files go to your node. Only the codes of these people open them; the recorder itself cannot.";

/** Who can open what is archived from now on: a section of the page Settings. */
export class Recipients {
    #lack = h("p", { class: "form-warning", props: { hidden: true } });
    #rows = h("div", { class: "recipient-rows" });
    #actions = null;
    #place = h("div", {});
    #rowActions = [];
    element = h("section", { class: "settings-section", "aria-label": "Archive" }, h("h2", {}, "Archive"), h("p", { class: "quiet" }, about), this.#lack, h("div", { class: "card" }, this.#rows, this.#place));

    constructor() { this.read(); }

    close() {
        this.#actions?.close();
        for (const actions of this.#rowActions) actions.close();
    }

    async read() {
        try {
            this.#show(await get(path));
        } catch (problem) {
            fill(this.#rows, failure(problem, () => this.read(), ""));
        }
    }

    #show(view) {
        this.close();
        const lack = lackOf(view);
        write(this.#lack, lack);
        this.#lack.hidden = lack === "";
        this.#rowActions = [];
        fill(this.#rows, ...view.items.map((recipient) => this.#row(recipient, view.items)));
        this.#actions = view.items.length >= view.limit ? null : new Actions([
            { label: "Make a recovery code", kind: view.items.length === 0 ? "primary" : "", form: (close) => new AddCode({ cancel: close, done: () => this.read() }) },
            { label: "Add a code that exists", form: (close) => this.#existing(close) },
        ]);
        fill(this.#place, this.#actions?.element ?? h("p", { class: "quiet" }, `Clips are sealed to at most ${view.limit} codes.`));
    }

    #row(recipient, all) {
        const title = titleOf(recipient);
        const text = h("div", { class: "row-text" }, h("strong", {}, title), h("span", { class: "quiet figures" }, factsOf(recipient)), h("span", { class: "quiet" }, lossOf(all)));
        if (recipient.fixed) return h("div", { class: "recipient-row" }, text);
        const only = all.length === 1 ? " It is the only code: from now on nothing is archived." : "";
        const actions = new Actions([{
            label: "Stop sealing", name: `Stop sealing for ${title}`,
            form: (close) => confirmation({
                question: `Stop sealing for ${title}?`, action: "Stop sealing", cancel: close,
                text: `New clips cannot be opened with this code any more. What is sealed to it already stays readable with it.${only}`,
                send: () => send("DELETE", `${path}/${encodeURIComponent(recipient.keyId)}`), done: () => this.read(),
            }),
        }]);
        this.#rowActions.push(actions);
        return h("div", { class: "recipient-row" }, text, actions.element);
    }

    /** For a code that was made elsewhere: the recorder needs only its line. */
    #existing(close) {
        return new Form({
            label: "Add a code that exists", action: "Seal clips to it", cancel: close,
            fields: [
                new TextField("key", "Recipient line", { autocomplete: "off", maxlength: 2000, placeholder: "guardian-recipient:X-Wing:…" }, { required: "Paste the line.", hint: "It is shown under Archive → Keys, and by guardian keys show. It is not secret. Never type the code itself here." }),
                nameField()],
            send: ({ name, key }) => send("POST", path, { name, key }), done: () => this.read(),
        });
    }
}
