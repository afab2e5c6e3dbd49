import { get, send } from "../store/api.js";
import { h, fill, write } from "../common/dom.js";
import { failure } from "../common/blank.js";
import { Actions } from "../forms/actions.js";
import { confirmation } from "../forms/confirmation.js";
import { Form } from "../forms/form.js";
import { TextField } from "../forms/text-field.js";
import { announcer } from "../shell/announcer.js";
import { factRows, linkRows } from "./node-words.js";

const path = "/api/v1/node";
const about = "A node keeps a copy of every entry of the journal, and what is archived, on another machine.";
const fixed = "It is set in the configuration file (node), and can be changed only there.";
const starting = "The recorder starts again, which takes a few seconds: nothing is recorded meanwhile. Then it sends to the node that is shown here.";

/** How often it is asked whether the recorder has started again, in milliseconds. */
const pause = 1000;

/** The node: what it does, and the code of another one. `changed()` is called once the recorder has started again. */
export class NodeSection {
    #facts = h("dl", { class: "settings-facts" });
    #link = h("dl", { class: "settings-facts" });
    #note = h("p", { class: "quiet" });
    #place = h("div", {});
    #actions = null;
    #timer = null;
    #isClosed = false;
    #changed;
    element = h("section", { class: "settings-section", "aria-label": "Node" }, h("h2", {}, "Node"), h("p", { class: "quiet" }, about), h("div", { class: "card" }, this.#facts, this.#link, this.#note, this.#place));

    constructor(changed) {
        this.#changed = changed;
        this.read();
    }

    /** `node` of the status; `null` when that cannot be read. */
    set link(link) { this.#fill(this.#link, linkRows(link)); }

    close() {
        this.#isClosed = true;
        clearTimeout(this.#timer);
        this.#actions?.close();
    }

    async read() {
        try {
            this.#show(await get(path));
        } catch (problem) {
            fill(this.#place, failure(problem, () => this.read(), ""));
        }
    }

    #show(node) {
        if (this.#isClosed) return;
        this.#actions?.close();
        this.#actions = null;
        this.#fill(this.#facts, factRows(node));
        this.#link.hidden = node.address === null || node.startingAgain;
        write(this.#note, node.startingAgain ? starting : node.origin === "file" ? fixed : "");
        this.#note.hidden = this.#note.textContent === "";
        if (node.startingAgain) this.#await();
        else if (node.origin !== "file") this.#actions = new Actions(node.origin === "none" ? [this.#enrolment("Enter a code", "primary")] : [this.#enrolment("Enter another code"), this.#departure(node)]);
        fill(this.#place, this.#actions?.element);
    }

    #enrolment(label, kind = "") {
        return {
            label, kind,
            form: (close) => new Form({
                label: "Enter a node's code", action: "Enrol", cancel: close,
                fields: [
                    new TextField("node", "The node's address", { autocomplete: "off", inputmode: "url", maxlength: 260, placeholder: "node.example" }, { required: "Type the address.", hint: "Whoever runs the node tells you, with the code." }),
                    new TextField("code", "Code", { autocomplete: "off", autocapitalize: "characters", maxlength: 200 }, { required: "Type the code.", hint: "It is good for one recorder and one day. Small letters and spaces do not matter." })],
                send: (values) => send("POST", `${path}/enrolment`, values), done: (node) => this.#show(node),
            }),
        };
    }

    #departure({ address }) {
        return {
            label: "Leave the node",
            form: (close) => confirmation({
                question: address === null ? "Leave the node?" : `Leave the node ${address}?`, action: "Leave it", cancel: close,
                text: "Nothing is sent there any more, and nothing is archived: a thief who takes this recorder takes the footage with it. What the node has stays there. The recorder starts again, which takes a few seconds.",
                send: () => send("DELETE", path), done: (node) => this.#show(node),
            }),
        };
    }

    /** Asks until the recorder has started again. It does not answer meanwhile. */
    #await() {
        announcer.say(starting);
        const ask = async () => {
            const node = await get(path).catch(() => null);
            if (this.#isClosed) return;
            if (node === null || node.startingAgain) this.#timer = setTimeout(ask, pause);
            else {
                this.#show(node);
                this.#changed();
            }
        };
        this.#timer = setTimeout(ask, pause);
    }

    #fill(list, rows) { fill(list, ...rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", { class: "figures" }, value)))); }
}
