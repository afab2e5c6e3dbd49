import { h } from "./dom.js";
import { icon } from "./icons.js";
import { boxInSnapshot } from "./path.js";

/**
 * Returns the crop of a picture that shows these boxes in a view with this aspect ratio, as fractions of the picture. The boxes fill at most
 * `fill` of the crop. The crop is at least `least` of the picture wide, so that the thumbnail of a distant person stays sharp and shows the
 * surroundings.
 */
export function around(boxes, pictureAspect, viewAspect, { fill = 0.52, least = 0.36 } = {}) {
    const left = Math.min(...boxes.map((box) => box.x));
    const top = Math.min(...boxes.map((box) => box.y));
    const right = Math.max(...boxes.map((box) => box.x + box.width));
    const bottom = Math.max(...boxes.map((box) => box.y + box.height));
    const shape = viewAspect / pictureAspect;
    let height = Math.max((bottom - top) / fill, (right - left) / fill / shape, least / shape);
    let width = height * shape;
    const over = Math.max(width, height, 1);
    width /= over;
    height /= over;
    const clamped = (middle, size) => Math.min(Math.max(middle - size / 2, 0), 1 - size);
    return { x: clamped((left + right) / 2, width), y: clamped((top + bottom) / 2, height), width, height };
}

/** Sizes and positions an image or video so that only this crop of it is visible. */
export function place(element, crop) {
    element.style.width = `${100 / crop.width}%`;
    element.style.height = `${100 / crop.height}%`;
    element.style.left = `${(-crop.x / crop.width) * 100}%`;
    element.style.top = `${(-crop.y / crop.height) * 100}%`;
}

/** Positions a box, given in fractions of the whole picture, over the visible crop. */
export function placeBox(element, box, crop) {
    element.style.left = `${((box.x - crop.x) / crop.width) * 100}%`;
    element.style.top = `${((box.y - crop.y) / crop.height) * 100}%`;
    element.style.width = `${(box.width / crop.width) * 100}%`;
    element.style.height = `${(box.height / crop.height) * 100}%`;
}

/** An event's thumbnail; `update(event)` changes it in place. The stylesheet sets the view's size. */
export class CropPicture {
    #event;
    #viewAspect;
    #image = null;
    #still = null;
    #box = h("span", { class: "mark-box" });

    constructor(event, viewAspect) {
        this.element = h("span", { class: "crop" });
        this.#viewAspect = viewAspect;
        this.update(event);
    }

    get box() { return this.#box; }
    get viewAspect() { return this.#viewAspect; }

    update(event) {
        const before = this.#event?.snapshot;
        this.#event = event;
        if (!event.snapshot?.url) return this.#withoutSnapshot(event);
        const aspect = event.snapshot.width / event.snapshot.height;
        const box = boxInSnapshot(event);
        const crop = around([box], aspect, this.#viewAspect);
        if (before?.sha256 === event.snapshot.sha256 && this.#image) {
            place(this.#image, crop);
            placeBox(this.#box, box, crop);
            return;
        }
        const image = h("img", { alt: "", decoding: "async", draggable: "false" });
        place(image, crop);
        image.addEventListener("load", () => {
            image.classList.add("there");
            placeBox(this.#box, box, crop);
            this.element.replaceChildren(...[...this.element.children].filter((child) => child.matches("video:not(.still)")), image, this.#box);
        }, { once: true });
        image.addEventListener("error", () => image.remove(), { once: true });
        const replaced = this.#image;
        this.#image = image;
        if (replaced) this.#renew(image, event.snapshot.url);
        else {
            image.loading = "lazy";
            image.src = event.snapshot.url;
            this.element.replaceChildren(image);
        }
    }

    /** Shows a frame of the clip when the event ended without a snapshot; until then an icon. */
    #withoutSnapshot(event) {
        if (!this.element.firstChild) this.element.append(h("span", { class: "none" }, icon("person")));
        const clip = event.clips?.[0];
        if (event.state === "open" || !clip?.url || this.#still) return;
        const [offset, x, y, width, height] = event.path?.[Math.floor(event.path.length / 2)] ?? [0, event.box.x, event.box.y, event.box.width, event.box.height];
        const box = { x, y, width, height };
        const still = h("video", { class: "still", props: { muted: true, preload: "metadata", playsInline: true }, "aria-hidden": "true", tabindex: "-1" });
        this.#still = still;
        still.addEventListener("loadeddata", () => {
            const crop = around([box], still.videoWidth / still.videoHeight, this.#viewAspect);
            place(still, crop);
            placeBox(this.#box, box, crop);
            still.classList.add("there");
            this.element.replaceChildren(still, this.#box);
        }, { once: true });
        still.src = `${clip.url}#t=${(clip.from + offset) / 1000}`;
    }

    /** Loads a new snapshot of the same event. It has the same URL as the old one, so the browser's cache must not be used. */
    async #renew(image, address) {
        try {
            const answer = await fetch(address, { cache: "reload" });
            if (!answer.ok || this.#image !== image) return;
            const copy = URL.createObjectURL(await answer.blob());
            image.addEventListener("load", () => URL.revokeObjectURL(copy), { once: true });
            image.src = copy;
        } catch {
            // The old picture stays; the next update tries again.
        }
    }
}
