import { h } from "./dom.js";
import { icon } from "./icons.js";
import { boxInSnapshot } from "./path.js";

/**
 * The part of a picture to show so that these boxes stand well in a view of this shape, as fractions of the picture.
 * Never narrower than `least` of the picture: a thumbnail of a far person stays sharp and shows where she is.
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
    const held = (middle, size) => Math.min(Math.max(middle - size / 2, 0), 1 - size);
    return { x: held((left + right) / 2, width), y: held((top + bottom) / 2, height), width, height };
}

/** Lays a picture or a film so that only this part of it shows. */
export function place(element, part) {
    element.style.width = `${100 / part.width}%`;
    element.style.height = `${100 / part.height}%`;
    element.style.left = `${(-part.x / part.width) * 100}%`;
    element.style.top = `${(-part.y / part.height) * 100}%`;
}

/** Lays a box, given in fractions of the whole picture, over the part that shows. */
export function placeBox(element, box, part) {
    element.style.left = `${((box.x - part.x) / part.width) * 100}%`;
    element.style.top = `${((box.y - part.y) / part.height) * 100}%`;
    element.style.width = `${(box.width / part.width) * 100}%`;
    element.style.height = `${(box.height / part.height) * 100}%`;
}

/** An event's thumbnail; `update(event)` changes it in place. The view's shape comes from the stylesheet. */
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
        const part = around([box], aspect, this.#viewAspect);
        if (before?.sha256 === event.snapshot.sha256 && this.#image) {
            place(this.#image, part);
            placeBox(this.#box, box, part);
            return;
        }
        const image = h("img", { alt: "", decoding: "async", draggable: "false" });
        place(image, part);
        image.addEventListener("load", () => {
            image.classList.add("there");
            placeBox(this.#box, box, part);
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

    /** A visit that ended without a snapshot shows a frame of its clip; until then, a sign in its place. */
    #withoutSnapshot(event) {
        if (!this.element.firstChild) this.element.append(h("span", { class: "none" }, icon("person")));
        const clip = event.clips?.[0];
        if (event.state === "open" || !clip?.url || this.#still) return;
        const [offset, x, y, width, height] = event.path?.[Math.floor(event.path.length / 2)] ?? [0, event.box.x, event.box.y, event.box.width, event.box.height];
        const box = { x, y, width, height };
        const still = h("video", { class: "still", props: { muted: true, preload: "metadata", playsInline: true }, "aria-hidden": "true", tabindex: "-1" });
        this.#still = still;
        still.addEventListener("loadeddata", () => {
            const part = around([box], still.videoWidth / still.videoHeight, this.#viewAspect);
            place(still, part);
            placeBox(this.#box, box, part);
            still.classList.add("there");
            this.element.replaceChildren(still, this.#box);
        }, { once: true });
        still.src = `${clip.url}#t=${(clip.from + offset) / 1000}`;
    }

    /** A better view of the same visit has the same address, so the browser's own copy must not answer. */
    async #renew(image, address) {
        try {
            const answer = await fetch(address, { cache: "reload" });
            if (!answer.ok || this.#image !== image) return;
            const copy = URL.createObjectURL(await answer.blob());
            image.addEventListener("load", () => URL.revokeObjectURL(copy), { once: true });
            image.src = copy;
        } catch {
            // The picture before stays; the next update tries again.
        }
    }
}
