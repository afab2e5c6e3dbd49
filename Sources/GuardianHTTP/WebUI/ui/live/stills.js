import { session } from "../store/session.js";

/** Shows snapshots of a camera, one a second unless it is said otherwise. The next is requested after the previous one arrived. */
export class Stills {
    #image;
    #address;
    #timer = 0;
    #isClosed = false;
    #every;
    movedAt = 0;

    /** `every`: milliseconds between two snapshots. */
    constructor(image, camera, every = 1000) {
        this.#every = every;
        this.#image = image;
        this.#address = `/api/v1/cameras/${encodeURIComponent(camera)}/snapshot.jpg`;
        this.#next();
    }

    close() {
        this.#isClosed = true;
        clearTimeout(this.#timer);
    }

    async #next() {
        const began = performance.now();
        if (!document.hidden && session.isIn) {
            try {
                const answer = await fetch(this.#address, { cache: "no-store" });
                if (answer.ok) {
                    const address = URL.createObjectURL(await answer.blob());
                    const before = this.#image.src;
                    this.#image.src = address;
                    await this.#image.decode().catch(() => {});
                    if (before.startsWith("blob:")) URL.revokeObjectURL(before);
                    this.movedAt = performance.now();
                }
            } catch {
                // The camera or Guardian is unreachable: the tile shows that; the next second tries again.
            }
        }
        if (!this.#isClosed) this.#timer = setTimeout(() => this.#next(), Math.max(100, this.#every - (performance.now() - began)));
    }
}
