import { store } from "../store/store.js";
import { h, fill, write } from "../common/dom.js";
import { clock, counter, labelName, ms, stay } from "../common/format.js";
import { CropPicture } from "../common/crop.js";
import { icon } from "../common/icons.js";
import { Preview } from "./preview.js";

/** An event in the list. */
export class EventCard {
    #length = h("span", { class: "length figures" });
    #title = h("strong", {});
    #where = h("span", { class: "where figures" });
    #kept = h("span", { class: "kept", title: "Kept", hidden: true }, icon("keep", true));
    #proof = h("span", { class: "proof" });
    #proofState = "";
    #preview;

    constructor(event) {
        this.event = event;
        this.picture = new CropPicture(event, 16 / 10);
        this.element = h("a", { class: "event-card card", href: `/events/${event.id}`, draggable: "false" },
            h("span", { class: "view" }, this.picture.element, this.#length, this.#kept),
            h("span", { class: "words" }, this.#title, this.#where, this.#proof));
        this.#preview = new Preview(this);
        this.update(event);
    }

    get at() { return ms(this.event.startedAt); }

    update(event) {
        this.event = event;
        this.picture.update(event);
        this.element.classList.toggle("open", event.state === "open");
        this.tick();
        this.#kept.hidden = event.kept !== true;
        this.#showProof();
    }

    tick() {
        const event = this.event;
        const stayed = (event.state === "open" ? Math.max(Date.now(), ms(event.endedAt)) : ms(event.endedAt)) - this.at;
        write(this.#length, event.state === "open" ? `Now · ${counter(stayed)}` : counter(Math.max(1000, stayed)));
        write(this.#title, labelName(event.label));
        write(this.#where, `${store.cameraName(event.camera)} · ${clock(event.startedAt)}`);
        const name = `${labelName(event.label)} at ${store.cameraName(event.camera)}, ${clock(event.startedAt)}, ${event.state === "open" ? "in view now" : `stayed ${stay(stayed)}`}${event.kept ? ", kept" : ""}`;
        if (this.element.getAttribute("aria-label") !== name) this.element.setAttribute("aria-label", name);
    }

    stop() { this.#preview.stop(); }

    #showProof() {
        const state = this.event.delivery?.state ?? "";
        if (state === this.#proofState) return;
        this.#proofState = state;
        this.#proof.className = `proof ${state}`;
        this.#proof.title = state === "delivered" ? "At your node" : state === "waiting" ? "On its way to your node" : "";
        fill(this.#proof, state === "delivered" ? icon("check", true) : state === "waiting" ? icon("clock", true) : null);
    }
}
