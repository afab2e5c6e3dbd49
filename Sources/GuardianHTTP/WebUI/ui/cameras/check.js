import { h, fill } from "../common/dom.js";
import { icon } from "../common/icons.js";
import { sentence, testFacts } from "./words.js";
import { Waiting } from "./waiting.js";

/** The server tests one camera at a time; milliseconds until it is asked again, and how often. */
const askAgainAfter = 2000;
const mostAttempts = 20;
export const testSteps = [[0, "Connecting to the camera."], [3, "Looking at its picture for some seconds."], [9, "Almost done."], [16, "Still waiting for the camera's answer."]];

/** Runs a test, also when another one runs now: it waits for the end of that one. `isWanted`: whether the result is still of use. */
export async function tested(run, isWanted = () => true) {
    for (let attempt = 1; ; attempt += 1) {
        try {
            return await run();
        } catch (problem) {
            if (problem.code !== "aborted" || attempt === mostAttempts || !isWanted()) throw problem;
            await new Promise((resolve) => setTimeout(resolve, askAgainAfter));
        }
    }
}

/**
 * Tests a camera and shows its picture, what was measured, and what should be set differently. It has what `Actions` needs of a form. `name`: the
 * camera's, for screen readers. `run`: sends the request. `close`: called by the button that takes it away; left out without it.
 */
export class CameraCheck {
    #run;
    #close;
    #waiting = new Waiting();
    #picture = h("div", { class: "check-picture" });
    #result = h("div", { class: "check-result", "aria-live": "polite" });
    #again = h("button", { class: "button", type: "button", props: { hidden: true }, on: { click: () => this.start() } }, "Test again");
    #buttons = h("div", { class: "buttons" }, this.#again);
    #isWanted = true;
    element = h("div", { class: "check" }, this.#picture, h("div", { class: "check-words" }, this.#waiting.element, this.#result, this.#buttons));

    constructor(name, run, { close = null } = {}) {
        this.#run = run;
        this.#again.setAttribute("aria-label", `Test again: ${name}`);
        this.#close = close;
        this.#waiting.start([[0, "Waiting for its turn."]]);
        if (close) this.#buttons.append(h("button", { class: "button", type: "button", on: { click: () => close() } }, "Close"));
    }

    focus() { (this.#close ? this.#buttons.children[1] : this.#again).focus(); }

    close() {
        this.#isWanted = false;
        this.#waiting.stop();
    }

    /** Returns the result, which is shown too; `null` when the test could not be made or is not wanted any more. Never throws. */
    async start() {
        fill(this.#result);
        this.#again.hidden = true;
        this.#picture.classList.add("bone");
        this.#waiting.start(testSteps);
        let result = null;
        try {
            result = await tested(this.#run, () => this.#isWanted);
            if (this.#isWanted) this.show(result);
        } catch (problem) {
            if (this.#isWanted) this.#fail(problem.status === 0 ? `${problem.title}. ${problem.message}` : problem.message);
        }
        return this.#isWanted ? result : null;
    }

    /** Shows a result that there is already. */
    show(result) {
        if (!result.ok) return this.#fail(`${sentence(result.reason) || "The camera does not answer."}`);
        this.#end();
        fill(this.#picture, result.picture ? h("img", { src: `data:image/jpeg;base64,${result.picture}`, alt: "What the camera sees now" }) : h("span", { class: "none" }, icon("picture")));
        fill(this.#result,
            h("dl", { class: "facts figures" }, ...testFacts(result).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
            ...result.advice.map((advice) => h("p", { class: "form-warning" }, advice)));
    }

    #fail(words) {
        this.#end();
        fill(this.#picture, h("span", { class: "none" }, icon("gap")));
        fill(this.#result, h("p", { class: "form-error" }, words));
    }

    #end() {
        this.#waiting.stop();
        this.#again.hidden = false;
        this.#picture.classList.remove("bone");
    }
}
