import { h, fill } from "../common/dom.js";
import { go } from "../shell/router.js";
import { Page } from "../shell/page.js";
import { FindCameras } from "./find.js";
import { RecoveryCode } from "./recovery-code.js";
import { OnYourPhone } from "./phone.js";
import { addressOf, after, placeOf, steps } from "./steps.js";
import { WalkPast } from "./walk.js";

const parts = { cameras: FindCameras, walk: WalkPast, code: RecoveryCode, phone: OnYourPhone };

/** The first run after the first account: one step after the other, each of which can be skipped and found again. */
class WelcomePage extends Page {
    #progress = h("ol", { class: "welcome-steps" });
    #title = h("h1", {});
    #body = h("div", { class: "welcome-part" });
    #skip = h("a", { class: "button" });
    #step = null;
    #part = null;

    build() {
        this.append(h("div", { class: "welcome" },
            h("nav", { "aria-label": "Steps" }, this.#progress), h("header", { class: "welcome-head" }, this.#title), this.#body, h("p", { class: "welcome-foot" }, this.#skip)));
    }

    open(_parameter, address, how) {
        const { step, cameras } = placeOf(address);
        const number = steps.findIndex(({ id }) => id === step);
        this.heading = this.#title.textContent = steps[number].title;
        fill(this.#progress, ...steps.map(({ id, title }, index) => h("li", { class: index < number ? "done" : index === number ? "now" : "" },
            h("a", { href: addressOf(id, cameras), "aria-current": index === number ? "step" : null },
                h("span", { class: "welcome-mark", "aria-hidden": "true" }, String(index + 1)), h("span", { class: "welcome-name" }, title)))));
        this.#part?.close();
        this.#skip.href = addressOf(after(step), cameras);
        this.#words("Skip");
        this.#part = new parts[step]({
            cameras,
            /** Goes on, with these cameras. */
            goOn: (known = cameras) => go(addressOf(after(step), known)),
            /** The step is done: what skipped it goes on now. */
            done: () => this.#words("Go on", true),
        });
        fill(this.#body, this.#part.element);
        // A step of the same page is a new place for screen readers.
        if (this.#step !== null && this.#step !== step && how !== "first") {
            this.#title.tabIndex = -1;
            this.#title.focus({ preventScroll: true });
            scrollTo(0, 0);
        }
        this.#step = step;
    }

    close() {
        this.#part?.close();
        this.#part = null;
        this.#step = null;
    }

    #words(text, isDone = false) {
        const isLast = this.#skip.pathname === "/";
        this.#skip.textContent = isLast ? (isDone ? "Done" : "Skip, and go to the live view") : text;
        this.#skip.classList.toggle("primary", isDone);
    }
}

customElements.define("welcome-page", WelcomePage);
