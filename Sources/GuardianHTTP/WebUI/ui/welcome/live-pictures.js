import { h } from "../common/dom.js";
import { LiveFeed } from "../live/feed.js";
import { LiveTile } from "../live/tile.js";

/** Cameras that are shown; one connection carries up to 16 (`/api/v1/live`). */
const mostShown = 6;

/** A few cameras live, without the live page's arrangement and keys. */
export class LivePictures {
    #tiles;
    #feed;
    element;

    constructor(cameras) {
        const shown = cameras.slice(0, mostShown);
        this.#tiles = new Map(shown.map((camera, index) => [camera.id, new LiveTile(camera, index + 1)]));
        for (const tile of this.#tiles.values()) tile.button.remove();
        this.element = h("ul", { class: "live-pictures", "aria-label": "Live pictures" }, ...[...this.#tiles.values()].map((tile) => h("li", {}, tile.element)));
        this.element.addEventListener("broken", () => this.#connect());
        this.#connect();
    }

    /** Whether these are the cameras that are shown. */
    shows(cameras) { return cameras.slice(0, mostShown).map((camera) => camera.id).join() === [...this.#tiles.keys()].join(); }

    update(cameras) { for (const camera of cameras) this.#tiles.get(camera.id)?.update(camera); }

    tick() { for (const tile of this.#tiles.values()) tile.tick(); }

    close() {
        this.#feed?.close();
        for (const tile of this.#tiles.values()) tile.close();
    }

    #connect() {
        this.#feed?.close();
        const tile = (id) => this.#tiles.get(id);
        this.#feed = new LiveFeed([...this.#tiles.keys()], {
            start: (id, codecs, init) => tile(id)?.start(codecs, init),
            fragment: (id, bytes) => tile(id)?.fragment(bytes),
            state: (id, state) => tile(id)?.state(state),
            link: (isOpen) => { for (const each of this.#tiles.values()) each.link(isOpen); },
        });
    }
}
