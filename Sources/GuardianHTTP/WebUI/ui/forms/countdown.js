import { h, write } from "../common/dom.js";
import { span } from "../common/format.js";
import { announcer } from "../shell/announcer.js";

/** Says why and how long somebody has to wait until they may try again. Only the end is announced to screen readers. */
export class Countdown {
    element = h("p", { class: "countdown form-error figures", "aria-hidden": "true", props: { hidden: true } });
    onEnd = () => {};
    #why = "";
    #end = 0;
    #timer = 0;

    get isRunning() { return !this.element.hidden; }

    /** `why`: a sentence without its end. */
    start(seconds, why) {
        this.stop();
        this.#why = why;
        this.#end = Date.now() + seconds * 1000;
        this.element.hidden = false;
        this.#timer = setInterval(() => this.tick(), 1000);
        this.tick();
    }

    stop() {
        clearInterval(this.#timer);
        this.element.hidden = true;
    }

    tick() {
        const left = Math.ceil((this.#end - Date.now()) / 1000);
        if (left > 0) return write(this.element, `${this.#why}. You can try again in ${span(left * 1000)}.`);
        this.stop();
        this.onEnd();
        announcer.say("You can try again now.");
    }
}
