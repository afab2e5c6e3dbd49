import { send } from "../store/api.js";
import { h, fill, write } from "../common/dom.js";
import { announcer } from "../shell/announcer.js";
import { confirmation } from "../forms/confirmation.js";
import { Form } from "../forms/form.js";
import { changesOf } from "./fields.js";

/** One section of the page, which is saved by itself. */
export class Section {
    #config;
    #form;
    #about;
    #done;
    #changes;
    #question = null;
    #asked = h("div", { class: "panel", props: { hidden: true } });
    #saved = h("p", { class: "quiet settings-saved", props: { hidden: true } });

    /** `about`: what stands above the fields; `fields(config)`: makes them; `done(config)`: called with all settings after they were
     * saved; `changes(config, values)`: what of the values is sent. */
    constructor(title, about, fields, config, done, changes = changesOf) {
        this.#changes = changes;
        this.#config = config;
        this.#done = done;
        this.#about = h("p", { class: "quiet" }, about);
        this.#form = new Form({
            label: title, action: "Save", fields: fields(config), send: (values) => this.#send(values),
            refused: (problem) => this.#ask(problem),
            done: (answer) => this.#saw(answer),
        });
        this.#form.element.addEventListener("input", () => { this.#say(""); this.#forget(); });
        this.element = h("section", { class: "settings-section", "aria-label": title }, h("h2", {}, title), this.#about, h("div", { class: "card" }, this.#form.element, this.#asked, this.#saved));
    }

    /** The settings as another section has changed them. */
    set config(config) { this.#config = config; }

    set about(text) { write(this.#about, text); }

    close() {
        this.#form.close();
        this.#forget();
    }

    /** Returns all settings; `null` when there was nothing to save. Throws a `Problem` whose errors name the form's fields. */
    async #send(values, confirmed = {}) {
        this.#say("");
        this.#forget();
        const changes = this.#changes(this.#config, values);
        if (changes === null) return null;
        try {
            return await send("PUT", "/api/v1/config", { ...changes, ...confirmed });
        } catch (problem) {
            for (const error of problem.errors ?? []) error.field = error.field.replace(/^(recording|archive|node)\./, "");
            throw problem;
        }
    }

    #saw(answer) {
        this.#say(answer === null ? "Nothing was changed." : "Saved. It counts from now on.");
        if (answer !== null) this.#done(answer);
    }

    /** Asks whether clips may be deleted, when the server says that they would be. Returns whether it is that. */
    #ask({ errors = [] }) {
        const reason = errors.find((error) => error.field === "confirmDeletion");
        if (reason === undefined) return false;
        const values = this.#form.values;
        this.#question = confirmation({
            question: "Delete old clips?", text: reason.detail.replace(/ Send confirmDeletion .*$/, ""), action: "Delete them and save", cancel: () => this.#forget(),
            send: () => this.#send(values, { confirmDeletion: true }), done: (answer) => this.#saw(answer),
        });
        fill(this.#asked, this.#question.element);
        this.#asked.hidden = false;
        this.#question.focus();
        return true;
    }

    #forget() {
        this.#question?.close();
        this.#question = null;
        fill(this.#asked);
        this.#asked.hidden = true;
    }

    #say(text) {
        write(this.#saved, text);
        this.#saved.hidden = text === "";
        if (text) announcer.say(text);
    }
}
