import { h, write } from "../common/dom.js";

/** Shows that something runs, and in words what; the words change with the time that it takes. */
export class Waiting {
    #words = h("p", { role: "status" });
    #timers = [];
    element = h("div", { class: "waiting", props: { hidden: true } }, h("progress", { "aria-hidden": "true" }), this.#words);

    /** `steps`: `[[seconds, sentence]]`, the sentence that is shown from that time on. */
    start(steps) {
        this.stop();
        this.element.hidden = false;
        for (const [seconds, words] of steps) {
            if (seconds === 0) write(this.#words, words);
            else this.#timers.push(setTimeout(() => write(this.#words, words), seconds * 1000));
        }
    }

    stop() {
        for (const timer of this.#timers.splice(0)) clearTimeout(timer);
        this.element.hidden = true;
    }
}
