import { store } from "../store/store.js";
import { h, fill, Scope, write } from "../common/dom.js";
import { clock, labelName } from "../common/format.js";
import { CropPicture } from "../common/crop.js";
import { icon } from "../common/icons.js";
import { blank } from "../common/blank.js";
import { announcer } from "../shell/announcer.js";
import { LivePictures } from "./live-pictures.js";
import { addressOf } from "./steps.js";
import { Visitor } from "./visitor.js";

/** Seconds without anybody after which it is said what helps. */
const helpAfter = 45;

/** The step that shows the cameras live and waits until one of them has seen somebody. */
export class WalkPast {
    #scope = new Scope();
    #cameras;
    #visitor;
    #done;
    #live = null;
    #place = h("div", { class: "walk-live" });
    #state = h("p", { class: "walk-words", role: "status" });
    #help = h("p", { class: "quiet", props: { hidden: true } }, "Nobody yet? Walk a few steps from the camera, by light, so that it sees you from head to foot.");
    #seen = h("div", { class: "walk-seen" });
    #card = h("div", { class: "card walk-card" }, h("span", { class: "walk-mark" }, icon("person")), h("div", { class: "walk-text" }, this.#state, this.#help), this.#seen);
    #picture = null;
    #began = performance.now();
    element = h("div", { class: "walk" }, h("p", { class: "welcome-lead" }, "Walk past a camera, or send somebody. Guardian says when it has seen a person."), this.#card, this.#place);

    constructor({ cameras, done }) {
        this.#cameras = cameras;
        this.#visitor = new Visitor(cameras);
        this.#done = done;
        this.#scope.listen(store, "cameras", () => this.#showLive());
        this.#scope.listen(store, "status", () => this.#tell());
        this.#scope.listen(store, "recent", () => this.#look());
        this.#scope.every(1000, () => this.#tick());
        this.#showLive();
        this.#look();
    }

    close() {
        this.#scope.end();
        this.#live?.close();
    }

    /** The live pictures of the cameras that were added; of all when the step was opened without any. */
    #showLive() {
        if (!store.hasCameras) return;
        const chosen = store.cameras.filter((camera) => this.#cameras.length === 0 || this.#cameras.includes(camera.id));
        // One that was added a moment ago is not in the list yet.
        if (chosen.length === 0 && this.#cameras.length > 0 && this.#live === null) return;
        this.#card.hidden = chosen.length === 0;
        if (chosen.length === 0) return void fill(this.#place, blank("live", "No camera yet", "Nobody can be seen without one.", h("a", { class: "button", href: addressOf("cameras") }, "Find cameras")));
        // The cameras that were added become known one after the other.
        if (this.#live === null || !this.#live.shows(chosen)) {
            this.#live?.close();
            this.#live = new LivePictures(chosen);
        }
        this.#live.update(chosen);
        if (this.#place.firstChild !== this.#live.element) fill(this.#place, this.#live.element);
    }

    #look() {
        const hadEvent = this.#visitor.event !== null;
        if (this.#visitor.look(store.hasRecent ? store.recent : null)) this.#show(this.#visitor.event, !hadEvent);
        this.#tell();
    }

    #show(event, isNew) {
        if (this.#picture === null) {
            this.#picture = new CropPicture(event, 16 / 10);
            fill(this.#seen, this.#picture.element, h("a", { class: "text-link", href: `/events/${event.id}` }, "Look at it"));
        } else this.#picture.update(event);
        if (!isNew) return;
        this.#card.classList.add("seen");
        fill(this.#card.firstChild, icon("check"));
        this.#help.hidden = true;
        announcer.say(this.#words(event));
        this.#done();
    }

    #words(event) { return `${labelName(event.label)} at ${store.cameraName(event.camera)}, ${clock(event.startedAt)}.`; }

    #tell() {
        const { event } = this.#visitor;
        if (event !== null) return write(this.#state, this.#words(event));
        const watching = store.status?.inference?.state ?? "up";
        write(this.#state, watching === "up" ? "Waiting for somebody." : watching === "starting" ? "Guardian is still learning to look. This takes a moment." : "Guardian cannot look for people now. The System page says why.");
    }

    #tick() {
        this.#live?.tick();
        if (this.#visitor.event === null && performance.now() - this.#began > helpAfter * 1000) this.#help.hidden = false;
    }
}
