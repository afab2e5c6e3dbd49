import { send } from "../store/api.js";
import { h, write } from "../parts/dom.js";
import { announcer } from "../shell/announcer.js";
import { Form } from "../forms/form.js";
import { changesOf } from "./fields.js";

/** One section of the page, which is saved by itself. */
export class Section {
    #config;
    #form;
    #about;
    #saved = h("p", { class: "quiet settings-saved", props: { hidden: true } });

    /** `about`: what stands above the fields; `fields(config)`: makes them; `done(config)`: called with all settings after they were saved. */
    constructor(title, about, fields, config, done) {
        this.#config = config;
        this.#about = h("p", { class: "quiet" }, about);
        this.#form = new Form({
            label: title, action: "Save", fields: fields(config), send: (values) => this.#send(values),
            done: (answer) => {
                this.#say(answer === null ? "Nothing was changed." : "Saved. It counts from now on.");
                if (answer !== null) done(answer);
            },
        });
        this.#form.element.addEventListener("input", () => this.#say(""));
        this.element = h("section", { class: "settings-section", "aria-label": title }, h("h2", {}, title), this.#about, h("div", { class: "card" }, this.#form.element, this.#saved));
    }

    /** The settings as another section has changed them. */
    set config(config) { this.#config = config; }

    set about(text) { write(this.#about, text); }

    close() { this.#form.close(); }

    /** Returns all settings; `null` when there was nothing to save. Throws a `Problem` whose errors name the form's fields. */
    async #send(values) {
        this.#say("");
        const changes = changesOf(this.#config, values);
        if (changes === null) return null;
        try {
            return await send("PUT", "/api/v1/config", changes);
        } catch (problem) {
            for (const error of problem.errors ?? []) error.field = error.field.replace(/^recording\./, "");
            throw problem;
        }
    }

    #say(text) {
        write(this.#saved, text);
        this.#saved.hidden = text === "";
        if (text) announcer.say(text);
    }
}
