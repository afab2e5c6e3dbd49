// Feeds one SourceBuffer piece by piece and bounds its memory: at least half a minute before and one minute after the current position.

/** Seconds that are buffered after and before the current position. */
const ahead = 60;
const behind = 30;

export class Feed {
    #video;
    #media;
    #buffer;

    constructor(video, media, mime) {
        this.#video = video;
        this.#media = media;
        this.#buffer = media.addSourceBuffer(mime);
    }

    /** The first and last buffered second; `null` when nothing is buffered. */
    get range() {
        const { buffered } = this.#buffer;
        return buffered.length > 0 ? { from: buffered.start(0), to: buffered.end(buffered.length - 1) } : null;
    }

    /** Removes everything from the buffer. */
    async clear() {
        // Waits for an operation of a cancelled run; that run starts no further ones.
        while (this.#buffer.updating) await new Promise((resolve) => this.#buffer.addEventListener("updateend", resolve, { once: true }));
        this.#reset();
        if (this.range) await this.#done(() => this.#buffer.remove(0, Infinity));
    }

    /** Starts a part, or continues at another position: appends `init` and adds `offset` seconds to all following times. */
    async begin(mime, init, offset, signal) {
        this.#reset();
        this.#buffer.changeType(mime);
        this.#buffer.timestampOffset = offset;
        await this.append(init, signal);
    }

    /** Waits until there is room, then appends the bytes. */
    async append(bytes, signal) {
        for (;;) {
            await this.#room(signal);
            signal.throwIfAborted();
            try {
                return await this.#done(() => this.#buffer.appendBuffer(bytes));
            } catch (error) {
                if (error.name !== "QuotaExceededError") throw error;
                await this.#removeBefore(2, signal);
                await next(this.#video, ["timeupdate", "seeking"], signal);
            }
        }
    }

    async #room(signal) {
        signal.throwIfAborted();
        if (this.range && this.#video.currentTime - this.range.from > 2 * behind) await this.#removeBefore(behind, signal);
        while (this.range && this.range.to - this.#video.currentTime > ahead) await next(this.#video, ["timeupdate", "seeking"], signal);
    }

    async #removeBefore(seconds, signal) {
        signal.throwIfAborted();
        const to = this.#video.currentTime - seconds;
        if (this.range && to > this.range.from) await this.#done(() => this.#buffer.remove(0, to));
    }

    /** Marks the end of the stream. */
    end() {
        if (this.#media.readyState === "open" && !this.#buffer.updating) this.#media.endOfStream();
    }

    /** Discards an incomplete fragment. A stream that was ended opens again with the next change. */
    #reset() {
        if (this.#media.readyState === "open") this.#buffer.abort();
    }

    async #done(work) {
        work();
        const end = new AbortController();
        const { signal } = end;
        await new Promise((resolve, reject) => {
            this.#buffer.addEventListener("updateend", resolve, { signal });
            this.#buffer.addEventListener("error", () => reject(new Error("This browser cannot play this clip. Save it and play it elsewhere.")), { signal });
        }).finally(() => end.abort());
    }
}

async function next(target, names, signal) {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
        const end = new AbortController();
        const finish = (work) => () => { end.abort(); work(); };
        for (const name of names) target.addEventListener(name, finish(resolve), { signal: end.signal });
        signal.addEventListener("abort", finish(() => reject(signal.reason)), { signal: end.signal });
    });
}
