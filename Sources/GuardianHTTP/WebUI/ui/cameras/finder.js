import { get, send } from "../store/api.js";
import { h, fill } from "../common/dom.js";
import { blank, failure } from "../common/blank.js";
import { count } from "../common/format.js";
import { Form } from "../forms/form.js";
import { FoundField } from "./found-field.js";
import { MakerLogin } from "./maker-login.js";
import { Review } from "./review.js";
import { Waiting } from "./waiting.js";
import { candidatesOf, loginGroups, portions, withDistinctNames } from "./found.js";
import { foundWords, outcomeWords, saidOf } from "./words.js";

const path = "/api/v1/cameras/discover";
/** How long a search lasts, in seconds. */
const searchFor = 4;

/**
 * Looks for cameras in the network, and goes on in steps: choose some, log in to those that want it, see and name them. The search begins at
 * once. It has what `Actions` needs of a form.
 */
export class Finder {
    element = h("div", { class: "finder" });
    #done;
    #cancel;
    #waiting = new Waiting();
    /** The part that is shown: it has `element`, `focus` and `close`. */
    #part = null;
    #isClosed = false;
    /** What is to be saved, and elements about the cameras that cannot be. */
    #candidates = [];
    #left = [];

    /** `done(cameras)`: called with those that were added. `cancel`: called when the person does not want it any more; left out without it. */
    constructor({ done, cancel = null }) {
        this.#done = done;
        this.#cancel = cancel;
        this.search();
    }

    focus() { this.#part?.focus(); }

    close() {
        this.#isClosed = true;
        this.#candidates = [];
        this.#waiting.stop();
        this.#part?.close();
    }

    async search() {
        this.#candidates = [];
        this.#left = [];
        this.#wait([[0, "Looking for cameras in your network. It takes some seconds."], [searchFor + 4, "Still looking."]]);
        try {
            const { items } = await send("POST", path, { seconds: searchFor });
            if (!this.#isClosed) this.#choose(items);
        } catch (problem) {
            if (!this.#isClosed) this.#fail(problem, () => this.search());
        }
    }

    #choose(items) {
        const isAnyNew = items.some((found) => found.camera === null);
        const again = h("button", { class: "button", type: "button", on: { click: () => this.search() } }, "Look again");
        if (!isAnyNew) {
            const known = items.length === 0 ? null : new FoundField(items).element;
            const text = "Cameras are found when they are switched on, in the same network, and have ONVIF turned on. Others are added by their address.";
            return this.#show({ element: h("div", { class: "found-nothing" }, blank("gap", foundWords(items), text, again), known), focus: () => again.focus(), close: () => {} });
        }
        const field = new FoundField(items);
        this.#show(new Form({
            label: "Found cameras", action: "Go on with these", cancel: this.#cancel ?? undefined, fields: [field],
            text: [h("div", { class: "found-head" }, h("p", { role: "status" }, foundWords(items)), again)],
            send: async ({ addresses }) => addresses, done: (addresses) => this.#ask(addresses),
        }));
    }

    /** Asks the chosen cameras for their streams, without a login: some want none. */
    async #ask(addresses) {
        this.#wait([[0, `Asking ${count(addresses.length, "camera")} for ${addresses.length === 1 ? "its" : "their"} pictures.`], [6, "Waiting for their answers."]]);
        try {
            const items = [];
            for (const portion of portions(addresses)) items.push(...(await send("POST", path, { addresses: portion })).items);
            if (this.#isClosed) return;
            this.#take(items.filter((found) => found.outcome !== "needs_login"));
            this.#logIn(loginGroups(items.filter((found) => found.outcome === "needs_login")));
        } catch (problem) {
            if (!this.#isClosed) this.#fail(problem, () => this.#ask(addresses));
        }
    }

    /** Asks for the login of each group in turn, then shows what there is. */
    #logIn([group, ...rest]) {
        if (!group) return void this.#review();
        this.#show(new MakerLogin(group, {
            send: (body) => send("POST", path, body),
            take: (items, login) => this.#take(items, login),
            done: () => this.#logIn(rest),
        }));
    }

    /** Takes over what cameras answered: `streams` become candidates, of the others it is said why not. */
    #take(items, login = null) {
        for (const found of items) {
            if (found.outcome === "streams") this.#candidates.push(...candidatesOf(found, login));
            else this.#left.push(h("p", { class: "form-warning" }, h("strong", {}, saidOf(found)), outcomeWords(found)));
        }
    }

    async #review() {
        if (this.#candidates.length === 0) {
            const again = h("button", { class: "button", type: "button", on: { click: () => this.search() } }, "Look again");
            return this.#show({ element: h("div", { class: "found-nothing" }, ...this.#left, h("p", {}, "No camera can be added from here."), h("div", { class: "buttons" }, again)), focus: () => again.focus(), close: () => {} });
        }
        const taken = await get("/api/v1/cameras").then(({ items }) => items.map(({ name }) => name), () => []);
        if (this.#isClosed) return;
        const candidates = withDistinctNames(this.#candidates, taken);
        // The review has them now, with their passwords.
        this.#candidates = [];
        this.#show(new Review(candidates, { left: this.#left, done: (cameras) => this.#done(cameras), cancel: () => this.search(), cancelTitle: "Back to the search" }));
    }

    #wait(steps) {
        this.#part?.close();
        this.#part = null;
        fill(this.element, this.#waiting.element);
        this.#waiting.start(steps);
    }

    #fail(problem, again) {
        this.#waiting.stop();
        this.#show({ element: failure(problem, again, ""), focus: () => {}, close: () => {} });
    }

    #show(part) {
        const hadFocus = this.element.contains(document.activeElement) || document.activeElement === document.body;
        this.#waiting.stop();
        this.#part?.close();
        this.#part = part;
        fill(this.element, part.element);
        if (hadFocus) part.focus();
    }
}
