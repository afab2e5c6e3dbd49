import { h, write } from "../common/dom.js";
import { Countdown } from "./countdown.js";

/**
 * A form whose values are sent as JSON. What the server finds wrong is shown beside the fields that it names, anything else on top; what was
 * typed stays. While it is sent, nothing can be changed.
 */
export class Form {
    #fields;
    #options;
    #top = h("p", { class: "form-error", role: "alert", tabindex: "-1", props: { hidden: true } });
    #wait = new Countdown();
    #all;
    #submit;
    #isSending = false;
    #focused = null;

    /**
     * - `label`: the form's name for screen readers; `text`: nodes above the fields;
     * - `action`: the text of the button; `kind`: its class, "primary" or "bad";
     * - `send(values)`: sends the values of the fields that are asked for, by name, and returns the answer; throws a `Problem`;
     * - `done(answer)`: called after it; `cancel`: called by a button of its own, which is left out without it; `cancelTitle`: its text;
     * - `refused(problem)`: may return true for a problem that the caller has shown.
     */
    constructor({ fields = [], ...options }) {
        this.#fields = fields;
        this.#options = options;
        const { label, text = [], action, kind = "primary", cancel, cancelTitle = "Cancel" } = options;
        this.#submit = h("button", { class: `button ${kind}`, type: "submit" }, action);
        this.#all = h("fieldset", { class: "form-body" },
            ...text, this.#top, this.#wait.element, ...fields.map((field) => field.element),
            h("div", { class: "form-actions" }, this.#submit, cancel && h("button", { class: "button", type: "button", on: { click: () => cancel() } }, cancelTitle)));
        this.element = h("form", { class: "form", "aria-label": label, novalidate: true, on: { submit: (event) => { event.preventDefault(); this.submit(); } } }, this.#all);
        this.#wait.onEnd = () => { this.#submit.disabled = false; this.#say(""); };
    }

    get values() { return Object.fromEntries(this.#asked.map((field) => [field.name, field.value])); }

    /** Shows a sentence on top, as an error; "" removes it. */
    say(text) { this.#say(text); }

    focus() { (this.#asked.find((field) => field.value === null || field.value.length === 0) ?? this.#asked[0] ?? { focus: () => this.#submit.focus() }).focus(); }

    /** Ends what runs by itself; the form's owner calls it when the form is taken away. */
    close() { this.#wait.stop(); }

    async submit() {
        if (this.#isSending || this.#wait.isRunning) return;
        this.#say("");
        for (const field of this.#fields) field.fail(field.isAsked ? field.lack : "");
        if (this.#focusFailed()) return;
        const values = this.values;
        this.#setSending(true);
        try {
            const answer = await this.#options.send(values);
            this.#setSending(false);
            this.#options.done?.(answer);
        } catch (problem) {
            this.#setSending(false);
            if (!this.#options.refused?.(problem)) this.#show(problem);
        }
    }

    get #asked() { return this.#fields.filter((field) => field.isAsked); }

    #show(problem) {
        const unplaced = [];
        for (const { field: path, detail } of problem.errors ?? []) {
            const field = this.#asked.find((each) => each.name === path.split(".")[0]);
            if (field && !field.hasFailed) field.fail(detail);
            else if (!field) unplaced.push(detail);
        }
        const isPlaced = this.#asked.some((field) => field.hasFailed);
        if (!isPlaced && unplaced.length === 0) unplaced.push(problem.status === 0 ? `${problem.title}. ${problem.message}` : problem.message);
        this.#say(unplaced.join(" "));
        if (problem.status === 429 && problem.retryAfter > 0) {
            this.#submit.disabled = true;
            // The sentence that counts down stands in place of the server's, which screen readers read once.
            this.#top.classList.add("unseen");
            this.#wait.start(problem.retryAfter, problem.message.split(/[;.]/, 1)[0]);
        }
        if (!this.#focusFailed()) this.#top.focus();
    }

    #focusFailed() {
        const failed = this.#asked.find((field) => field.hasFailed);
        failed?.focus();
        return failed !== undefined;
    }

    #say(text) {
        write(this.#top, text);
        this.#top.hidden = text === "";
        this.#top.classList.remove("unseen");
    }

    /** What is disabled loses the focus; it gets it back. */
    #setSending(isSending) {
        const focused = document.activeElement;
        if (isSending) this.#focused = focused;
        this.#isSending = isSending;
        this.#all.disabled = isSending;
        this.element.setAttribute("aria-busy", String(isSending));
        if (!isSending && (focused === null || focused === document.body)) this.#focused?.focus?.({ preventScroll: true });
    }
}
