import { Problem, send } from "../store/api.js";
import { h, fill } from "../common/dom.js";
import { Form } from "../forms/form.js";
import { SwitchField } from "../forms/choice-fields.js";
import { TextField } from "../forms/text-field.js";
import { loginFields } from "./login-fields.js";
import { streamFields } from "./stream-fields.js";
import { Review } from "./review.js";
import { testSteps, tested } from "./check.js";
import { Waiting } from "./waiting.js";
import { candidatesOf, isStream } from "./found.js";
import { outcomeWords } from "./words.js";

/** Adds a camera of which the address is known: a stream's, or the camera's own, which is asked for its streams by ONVIF. */
export class ByAddress {
    element = h("div", { class: "by-address" });
    #waiting = new Waiting();
    #clear = new SwitchField("allowClearText", "Send the login in clear text all the same", { hint: "Only if you trust everything in your network. It is better to turn on digest authentication in the camera's settings." });
    #form;
    #review = null;
    #done;

    constructor({ done, cancel }) {
        this.#done = done;
        this.#clear.isAsked = false;
        this.#form = new Form({
            label: "Add a camera by its address", action: "Look at it", cancel, text: [this.#waiting.element],
            fields: [
                new TextField("address", "Address", { autocomplete: "off", inputmode: "url", maxlength: 2048 }, {
                    required: "Type the camera's address.", hint: "The camera's own, like 192.168.1.20, or that of its stream, which begins with rtsp:// and stands in its manual. Without user name and password: these go below.",
                }),
                ...loginFields({ hint: "If the camera wants a login." }), this.#clear, ...streamFields(),
            ],
            send: (values) => this.#candidates(values), done: (candidates) => this.#show(candidates),
        });
        fill(this.element, this.#form.element);
    }

    focus() { (this.#review ?? this.#form).focus(); }

    close() {
        this.#waiting.stop();
        this.#review?.close();
        this.#form.close();
    }

    /** Returns what can be added. Throws a `Problem` whose errors name the form's fields. */
    async #candidates({ address, username, password, allowClearText, transport, audio }) {
        const text = address.trim();
        const login = username || password ? { username, password } : null;
        this.#waiting.start(isStream(text) ? testSteps : [[0, "Asking the camera for its pictures."], [6, "Waiting for its answer."]]);
        try {
            if (isStream(text)) {
                const stream = { source: text, ...(login ?? {}), transport, audio };
                return [{ ...stream, name: "", result: await tested(() => send("POST", "/api/v1/camera-tests", stream)) }];
            }
            const { items: [found] } = await send("POST", "/api/v1/cameras/discover", { addresses: [text], ...(login ?? {}), ...(allowClearText ? { allowClearText } : {}) });
            if (found?.outcome === "streams") return candidatesOf(found, login, { transport, audio });
            this.#clear.isAsked = found?.outcome === "clear_text_only";
            throw refusal(found);
        } catch (problem) {
            throw renamed(problem);
        } finally {
            this.#waiting.stop();
        }
    }

    #show(candidates) {
        this.#review = new Review(candidates, {
            done: (cameras) => this.#done(cameras), cancelTitle: "Change the address",
            cancel: () => {
                this.#review.close();
                this.#review = null;
                fill(this.element, this.#form.element);
                this.focus();
            },
        });
        fill(this.element, this.#review.element);
        this.#review.focus();
    }
}

/** What the server says of `addresses` and `source` belongs to the field `address`. */
function renamed(problem) {
    for (const error of problem.errors ?? []) if (/^(addresses|source)\b/.test(error.field)) error.field = "address";
    return problem;
}

function refusal(found) {
    const words = found ? outcomeWords(found) : "It does not answer.";
    const field = { needs_login: "username", refused: "password", locked: "password" }[found?.outcome] ?? "address";
    return new Problem("Not found", words, "failed_precondition", 400, { errors: [{ field, detail: words }] });
}
