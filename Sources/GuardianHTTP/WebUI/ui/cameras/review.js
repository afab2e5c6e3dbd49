import { Problem, send } from "../store/api.js";
import { h } from "../common/dom.js";
import { Form } from "../forms/form.js";
import { SwitchField } from "../forms/choice-fields.js";
import { TextField } from "../forms/text-field.js";
import { CameraCheck } from "./check.js";
import { longestName } from "./found.js";

/**
 * Cameras before they are saved: each is tested and shown with its picture, named, and left out if it is not wanted. `done(cameras)`: called with
 * those that were saved. It has what `Actions` needs of a form.
 */
export class Review {
    #rows;
    #form;
    #isClosed = false;

    /** `candidates`: bodies of new cameras, with the `result` of a test if there is one. `left`: elements about cameras that cannot be added now. */
    constructor(candidates, { left = [], done, cancel, cancelTitle }) {
        this.#rows = candidates.map((candidate) => new Row(candidate));
        this.#form = new Form({
            label: "Name the cameras", action: candidates.length === 1 ? "Add the camera" : "Add the cameras", cancel, cancelTitle,
            text: [h("p", { class: "quiet" }, candidates.length === 1 ? "Give it a name that everybody in the house understands." : "This is what they show. Give each a name that everybody in the house understands."), ...left, h("ul", { class: "candidates" }, ...this.#rows.map((row) => row.element))],
            send: () => this.#save(), done,
        });
        this.element = this.#form.element;
        if (candidates.length > 0) this.#test();
    }

    focus() { this.#rows[0]?.focus(); }

    close() {
        this.#isClosed = true;
        for (const row of this.#rows) row.close();
        this.#form.close();
    }

    /** One after the other, as the server does it. */
    async #test() {
        for (const row of this.#rows) {
            if (this.#isClosed) return;
            if (row.isOpen) await row.test();
        }
    }

    async #save() {
        const wanted = this.#rows.filter((row) => row.isWanted);
        const open = wanted.filter((row) => row.isOpen);
        if (wanted.length === 0) throw new Problem("Nothing to add", "Choose at least one camera.", "invalid_argument", 400);
        let first = null;
        for (const row of open) {
            try {
                await row.save();
            } catch (problem) {
                first ??= problem;
                row.fail(problem);
            }
        }
        if (first !== null) throw new Problem(first.title, open.length === 1 ? first.message : `Not all cameras were added. ${first.message}`, first.code, first.status, { retryAfter: first.retryAfter });
        return wanted.map((row) => row.saved);
    }
}

/** A camera before it is saved. */
class Row {
    #candidate;
    #name;
    #wanted;
    #check;
    /** Of a test that was made already. */
    #result;
    /** What the server answered when it was saved. */
    saved = null;

    constructor({ name, result = null, ...candidate }) {
        this.#candidate = candidate;
        this.#name = new TextField("name", "Name", { maxlength: longestName, autocomplete: "off", autocapitalize: "sentences", spellcheck: "true" });
        this.#name.value = name;
        this.#wanted = new SwitchField("wanted", "Add this camera");
        this.#wanted.value = true;
        this.#check = new CameraCheck(name || "the camera", () => send("POST", "/api/v1/camera-tests", candidate));
        this.#result = result;
        this.element = h("li", { class: "candidate" }, this.#name.element, this.#check.element, this.#wanted.element);
    }

    get isWanted() { return this.#wanted.value; }
    get isOpen() { return this.saved === null; }

    focus() { this.#name.focus(); }
    close() { this.#check.close(); }

    async test() {
        const result = this.#result ?? await this.#check.start();
        if (this.#result !== null) this.#check.show(this.#result);
        this.#result = null;
        // One that showed no picture is added only by whoever wants it all the same.
        if (result !== null && !result.ok) this.#wanted.value = false;
    }

    async save() {
        this.#name.fail("");
        this.saved = await send("POST", "/api/v1/cameras", { ...this.#candidate, name: this.#name.value });
        this.element.classList.add("saved");
    }

    fail(problem) { this.#name.fail(problem.errors.map(({ detail }) => detail).join(" ") || problem.message); }
}
