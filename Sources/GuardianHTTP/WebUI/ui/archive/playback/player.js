import { h } from "../../common/dom.js";
import { Feed } from "./feed.js";
import { Movie, NotFragmented } from "./movie.js";

/**
 * Plays the opened parts of a clip one after the other while they are fetched and decrypted. Dispatches `time`, `state` (playing or paused,
 * duration) and `fault` (detail: the error).
 */
export class SealedPlayer extends EventTarget {
    video = h("video", { class: "sealed-video", props: { muted: true, playsInline: true, disablePictureInPicture: true, disableRemotePlayback: true }, tabindex: "-1" });
    /** `{ clip, movie, start, end }` in order; seconds from the start of the first part. */
    #parts = [];
    #media = null;
    #feed = null;
    #run = new AbortController();
    #address = null;
    #isClosed = false;

    constructor() {
        super();
        for (const name of ["play", "pause", "ended", "durationchange", "loadeddata"]) this.video.addEventListener(name, () => this.#emit("state"));
        for (const name of ["timeupdate", "seeked", "progress"]) this.video.addEventListener(name, () => this.#emit("time"));
        this.video.addEventListener("seeking", () => this.#onSeek());
        this.video.addEventListener("waiting", () => this.#skipGap());
        this.video.addEventListener("error", () => this.#fail(new Error("This browser cannot play this clip. It is not damaged: save it and play it elsewhere.")));
    }

    get isPlaying() { return !this.video.paused && !this.video.ended; }
    get position() { return this.video.currentTime; }
    /** Total duration in seconds; 0 while it is unknown. */
    get duration() { return Number.isFinite(this.video.duration) ? this.video.duration : 0; }
    /** Seconds at which each part begins. */
    get starts() { return this.#parts.map((part) => part.start); }
    /** Seconds that are missing before each part; 0 when it starts at, or overlaps, the end of the previous one. */
    get gaps() { return this.#parts.map((part, index) => Math.max(0, part.start - (this.#parts[index - 1]?.end ?? 0))); }
    /** The time in seconds up to which the video is buffered without a gap from the current position. */
    get loaded() {
        const { buffered } = this.video;
        for (let range = 0; range < buffered.length; range += 1) {
            if (buffered.start(range) <= this.position + 0.1 && buffered.end(range) >= this.position) return buffered.end(range);
        }
        return this.position;
    }

    /** Starts to play the opened parts. Throws when their starts cannot be read. */
    async open(clips) {
        try {
            const movies = await Promise.all(clips.map((clip) => Movie.begin(clip)));
            if (!globalThis.MediaSource || movies.some((movie) => !MediaSource.isTypeSupported(movie.mime))) throw new NotFragmented();
            await Promise.all(movies.map((movie) => movie.measure()));
            this.#parts = lineUp(clips, movies);
            await this.#attach(Math.max(...this.#parts.map((part) => part.end)));
            this.#play(0);
        } catch (error) {
            if (!(error instanceof NotFragmented)) throw error;
            await this.#openWhole(clips[0]);
        }
        if (!this.#isClosed) this.video.play().catch(() => this.#emit("state"));
    }

    play() { this.video.play().catch(() => this.#emit("state")); }
    pause() { this.video.pause(); }
    toggle() { if (this.isPlaying) this.pause(); else this.play(); }
    seek(seconds) { this.video.currentTime = Math.min(Math.max(0, seconds), Math.max(0, this.duration - 0.05)); }

    close() {
        this.#isClosed = true;
        this.#run.abort();
        this.video.removeAttribute("src");
        this.video.load();
        if (this.#address) URL.revokeObjectURL(this.#address);
    }

    async #attach(duration) {
        this.#media = new MediaSource();
        this.#address = URL.createObjectURL(this.#media);
        this.video.src = this.#address;
        await new Promise((resolve) => this.#media.addEventListener("sourceopen", resolve, { once: true }));
        this.#feed = new Feed(this.video, this.#media, this.#parts[0].movie.mime);
        if (duration > 0) this.#media.duration = duration;
    }

    /** Feeds the video from a time on, and cancels the previous run. */
    async #play(seconds) {
        this.#run.abort();
        this.#run = new AbortController();
        const { signal } = this.#run;
        let index = Math.max(0, this.#parts.findLastIndex((part) => part.start <= seconds));
        try {
            await this.#feed.clear();
            let offset = seconds > 0.5 ? await this.#parts[index].movie.locate(seconds - this.#parts[index].start) : null;
            for (; index < this.#parts.length; index += 1) {
                const { clip, movie, start } = this.#parts[index];
                signal.throwIfAborted();
                await this.#feed.begin(movie.mime, movie.init, start - movie.base, signal);
                try {
                    for await (const bytes of clip.plaintext(offset ?? movie.init.length, signal)) await this.#feed.append(bytes, signal);
                } catch (error) {
                    // A damaged part ends at the damage; the next part is another file and plays.
                    if (signal.aborted || error.offset === undefined) throw error;
                    this.#fail(error);
                }
                offset = null;
            }
            signal.throwIfAborted();
            this.#feed.end();
        } catch (error) {
            if (signal.aborted) return;
            // What was buffered so far can still be played.
            if (this.#feed.range) this.#feed.end();
            this.#fail(error);
        }
    }

    /** After a seek outside the buffered range, feeds from the new position. */
    #onSeek() {
        if (!this.#feed) return;
        const range = this.#feed.range;
        const { position } = this;
        if (!range || position < range.from - 0.2 || position > range.to + 0.2) this.#play(position);
        this.#emit("time");
    }

    /** Seeks over a gap that will not be filled: packets were lost, or a part is damaged. */
    #skipGap() {
        const { buffered } = this.video;
        for (let range = 1; range < buffered.length; range += 1) {
            const isBefore = this.position >= buffered.end(range - 1) - 0.3 && this.position < buffered.start(range);
            if (isBefore) this.video.currentTime = buffered.start(range) + 0.01;
        }
    }

    /** Opens the whole clip before it plays, for clips that are not fragmented. */
    async #openWhole(clip) {
        const pieces = [];
        for await (const bytes of clip.plaintext(0, this.#run.signal)) pieces.push(new Blob([bytes]));
        this.#address = URL.createObjectURL(new Blob(pieces, { type: clip.header.contentType }));
        this.video.src = this.#address;
    }

    #fail(error) {
        if (!this.#isClosed) this.dispatchEvent(new CustomEvent("fault", { detail: error }));
    }

    #emit(name) { if (!this.#isClosed) this.dispatchEvent(new Event(name)); }
}

/**
 * Puts the parts on one timeline. A recorder continues a part in the clip's media time and repeats what the node had not acknowledged. When a
 * part's times start again, it is placed after the previous one.
 */
function lineUp(clips, movies) {
    const parts = [];
    for (const [index, clip] of clips.entries()) {
        const movie = movies[index];
        const before = parts.at(-1);
        const continues = before && movie.base > before.movie.base;
        const start = !before ? 0 : continues ? before.start + movie.base - before.movie.base : before.end;
        parts.push({ clip, movie, start, end: start + (movie.duration ?? 0) });
    }
    return parts;
}
