import { h, fill, write } from "../common/dom.js";
import { count } from "../common/format.js";
import { Form } from "../forms/form.js";
import { SwitchField } from "../forms/choice-fields.js";
import { Problem } from "../store/api.js";
import { loginFields } from "./login-fields.js";
import { Waiting } from "./waiting.js";
import { loginBodies } from "./found.js";
import { loginWords, placed, refusalWords } from "./words.js";

/** Outcomes after which another login, or the same one in clear text, can be tried. */
const repeatable = ["refused", "needs_login", "clear_text_only"];

/** Asks for one login for all chosen cameras of a maker, or for one camera. It has what `Actions` needs of a form. */
export class MakerLogin {
    element = h("div", { class: "maker-login" });
    #maker;
    #cameras;
    #options;
    #title = h("h2", {});
    #where = h("p", { class: "quiet" });
    #waiting = new Waiting();
    #clear = new SwitchField("allowClearText", "Send it in clear text all the same", { hint: "Only if you trust everything in your network. It is better to turn on digest authentication in the camera's settings." });
    #form;

    /**
     * - `send(body)`: asks the server; `take(items, login)`: takes over the answers of cameras that are not asked again;
     * - `done()`: called when all are done or left out.
     */
    constructor({ maker, cameras }, options) {
        this.#maker = maker;
        this.#cameras = cameras;
        this.#options = options;
        this.#clear.isAsked = false;
        const [username, password] = loginFields({ isRequired: true });
        this.#form = new Form({
            label: "Camera login", action: "Log in", cancel: () => this.#leaveOut(), cancelTitle: "Go on without",
            text: [this.#title, this.#where, this.#waiting.element],
            fields: [username, password, this.#clear],
            send: (login) => this.#try(login), done: () => options.done(),
        });
        this.#say();
        fill(this.element, this.#form.element);
    }

    focus() { this.#form.focus(); }

    close() {
        this.#waiting.stop();
        this.#form.close();
    }

    #say() {
        write(this.#title, this.#cameras.length === 1 ? `${placed(this.#cameras[0])} wants a login` : `The cameras by ${this.#maker} want a login`);
        write(this.#where, loginWords(this.#maker, this.#cameras));
    }

    async #try({ username, password, allowClearText }) {
        this.#waiting.start([[0, this.#cameras.length === 1 ? "Logging in to the camera." : `Logging in to ${count(this.#cameras.length, "camera")}, once each.`], [8, "Waiting for the answer."]]);
        try {
            const items = [];
            for (const body of loginBodies({ maker: this.#maker, cameras: this.#cameras }, { username, password, allowClearText })) items.push(...(await this.#options.send(body)).items);
            const again = items.filter((found) => repeatable.includes(found.outcome));
            this.#options.take(items.filter((found) => !again.includes(found)), { username, password });
            this.#cameras = again;
            if (again.length === 0) return;
            this.#say();
            this.#clear.isAsked = again.some((found) => found.outcome === "clear_text_only");
            throw new Problem("Not logged in", refusalWords(again, items.length), "unauthenticated", 400);
        } finally {
            this.#waiting.stop();
        }
    }

    #leaveOut() {
        this.#options.take(this.#cameras.map((found) => ({ ...found, outcome: found.outcome === "found" ? "needs_login" : found.outcome })));
        this.#options.done();
    }
}
