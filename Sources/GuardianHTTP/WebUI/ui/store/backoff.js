/** Exponential backoff with full jitter, so that many tabs do not reconnect at the same time. */
export class Backoff {
    #attempt = 0;

    constructor(first, most) {
        this.first = first;
        this.most = most;
    }

    next() {
        const ceiling = Math.min(this.most, this.first * 2 ** this.#attempt);
        this.#attempt += 1;
        return this.first / 4 + Math.random() * ceiling;
    }

    reset() { this.#attempt = 0; }
}
