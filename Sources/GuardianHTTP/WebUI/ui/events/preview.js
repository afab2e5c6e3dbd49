import { h } from "../common/dom.js";
import { around, place, placeBox } from "../common/crop.js";
import { filmOf } from "../common/film.js";
import { pathAt, sightingIn } from "../common/path.js";
import { warm } from "../shell/router.js";

/** Milliseconds for which a pointer rests, or a finger presses, before the preview starts. */
const hoverDelay = 160;
const pressDelay = 350;
const speed = 4;

/** Plays an event at four times its speed in its thumbnail while a pointer rests on it or a finger presses it. */
export class Preview {
    #card;
    #timer = 0;
    #video = null;
    #frame = 0;
    #hovers = false;

    /** `card`: `{ element, event, picture }`. */
    constructor(card) {
        this.#card = card;
        const element = card.element;
        element.addEventListener("pointerenter", (event) => { if (event.pointerType === "mouse") this.#startAfter(hoverDelay, true); });
        element.addEventListener("pointerleave", () => this.stop());
        element.addEventListener("pointerdown", (event) => { if (event.pointerType !== "mouse") this.#startAfter(pressDelay); });
        for (const end of ["pointerup", "pointercancel"]) element.addEventListener(end, () => { if (this.#video && end === "pointerup") this.#suppressClick(); this.stop(); });
        element.addEventListener("contextmenu", (event) => { if (this.#video) event.preventDefault(); });
    }

    #startAfter(delay, hovers = false) {
        this.#hovers = hovers;
        warm("/events/1");
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#start(), delay);
    }

    /** Suppresses the click that ends a long press, so that it does not open the event. */
    #suppressClick() {
        const stop = (event) => { event.preventDefault(); event.stopPropagation(); };
        this.#card.element.addEventListener("click", stop, { capture: true, once: true });
        setTimeout(() => this.#card.element.removeEventListener("click", stop, { capture: true }), 300);
    }

    #start() {
        const { event, picture } = this.#card;
        const clip = event.clips?.[0];
        if (!clip || !event.snapshot || this.#video) return;
        const shape = event.snapshot.width / event.snapshot.height;
        const boxes = event.path?.length ? event.path.map(([, x, y, width, height]) => ({ x, y, width, height })) : [event.box];
        const crop = around(boxes, shape, picture.viewAspect, { fill: 0.8, least: 0.5 });
        const video = h("video", { props: { muted: true, playsInline: true, preload: "auto", disablePictureInPicture: true }, "aria-hidden": "true", tabindex: "-1" });
        place(video, crop);
        this.#video = video;
        const from = Math.max(0, clip.from - 300) / 1000;
        const to = Math.max(clip.to, clip.from + 800) / 1000;
        const origin = sightingIn(event);
        video.addEventListener("loadedmetadata", () => { video.currentTime = from; video.playbackRate = speed; }, { once: true });
        video.addEventListener("seeked", () => {
            if (this.#video !== video) return;
            video.play().then(() => {
                if (this.#video !== video) return;
                picture.element.append(video, picture.box);
                requestAnimationFrame(() => video.classList.add("there"));
                this.#follow(crop, origin, from, to);
            }).catch(() => {});
        }, { once: true });
        video.src = filmOf(clip);
    }

    #follow(crop, origin, from, to) {
        const video = this.#video;
        const draw = () => {
            if (this.#video !== video) return;
            // A card that the list moves gets no event that the pointer left it.
            if (this.#hovers && !this.#card.element.matches(":hover")) return this.stop();
            if (video.currentTime >= to || video.ended) video.currentTime = from;
            const at = pathAt(this.#card.event.path, video.currentTime * 1000 - origin);
            this.#card.picture.box.hidden = !at;
            if (at) placeBox(this.#card.picture.box, at, crop);
            this.#frame = requestAnimationFrame(draw);
        };
        draw();
    }

    stop() {
        clearTimeout(this.#timer);
        cancelAnimationFrame(this.#frame);
        const video = this.#video;
        if (!video) return;
        this.#video = null;
        video.remove();
        // Closes the connection too.
        video.removeAttribute("src");
        video.load();
        this.#card.picture.box.hidden = false;
        this.#card.picture.update(this.#card.event);
    }
}

