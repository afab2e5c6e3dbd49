import { h } from "../../parts/dom.js";
import { Feed } from "./feed.js";
import { Movie, NotFragmented } from "./movie.js";

/**
 * Plays the opened parts of a clip, one after the other, while they come and open. Tells on itself: `time`, `state` (playing, length), `fault`
 * (detail: the error that ended it).
 */
export class SealedPlayer extends EventTarget {
    video = h("video", { class: "sealed-video", props: { muted: true, playsInline: true, disablePictureInPicture: true, disableRemotePlayback: true }, tabindex: "-1" });
    /** `{ clip, movie, start, end }` in order: seconds from the beginning of the first. */
    #parts = [];
    #media = null;
    #feed = null;
    #run = new AbortController();
    #address = null;
    #isClosed = false;

    constructor() {
        super();
        for (const name of ["play", "pause", "ended", "durationchange", "loadeddata"]) this.video.addEventListener(name, () => this.#tell("state"));
        for (const name of ["timeupdate", "seeked", "progress"]) this.video.addEventListener(name, () => this.#tell("time"));
        this.video.addEventListener("seeking", () => this.#sought());
        this.video.addEventListener("waiting", () => this.#leap());
        this.video.addEventListener("error", () => this.#fail(new Error("This browser cannot play what is in the clip. It is whole: save it and play it elsewhere.")));
    }

    get isPlaying() { return !this.video.paused && !this.video.ended; }
    get position() { return this.video.currentTime; }
    /** Seconds in all; 0 while nobody knows. */
    get duration() { return Number.isFinite(this.video.duration) ? this.video.duration : 0; }
    /** Seconds at which each part begins. */
    get starts() { return this.#parts.map((part) => part.start); }
    /** Seconds that are missing before each part; 0 where it goes on where the one before ended, or repeats some of it. */
    get gaps() { return this.#parts.map((part, place) => Math.max(0, part.start - (this.#parts[place - 1]?.end ?? 0))); }
    /** Seconds up to which it is there without a gap from where it plays. */
    get loaded() {
        const { buffered } = this.video;
        for (let place = 0; place < buffered.length; place += 1) {
            if (buffered.start(place) <= this.position + 0.1 && buffered.end(place) >= this.position) return buffered.end(place);
        }
        return this.position;
    }

    /** Begins to play opened clips. Throws what reading their beginnings throws. */
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
        if (!this.#isClosed) this.video.play().catch(() => this.#tell("state"));
    }

    play() { this.video.play().catch(() => this.#tell("state")); }
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

    /** Feeds from a place on. What ran before ends. */
    async #play(seconds) {
        this.#run.abort();
        this.#run = new AbortController();
        const { signal } = this.#run;
        let place = Math.max(0, this.#parts.findLastIndex((part) => part.start <= seconds));
        try {
            await this.#feed.clear();
            let offset = seconds > 0.5 ? await this.#parts[place].movie.locate(seconds - this.#parts[place].start) : null;
            for (; place < this.#parts.length; place += 1) {
                const { clip, movie, start } = this.#parts[place];
                signal.throwIfAborted();
                await this.#feed.begin(movie.mime, movie.init, start - movie.base, signal);
                try {
                    for await (const bytes of clip.plaintext(offset ?? movie.init.length, signal)) await this.#feed.append(bytes, signal);
                } catch (error) {
                    // A damaged part ends where it is damaged; the next is another file.
                    if (signal.aborted || error.offset === undefined) throw error;
                    this.#fail(error);
                }
                offset = null;
            }
            signal.throwIfAborted();
            this.#feed.end();
        } catch (error) {
            if (signal.aborted) return;
            // What opened until here stays to be seen.
            if (this.#feed.range) this.#feed.end();
            this.#fail(error);
        }
    }

    /** Beyond what is there: feeds from there. */
    #sought() {
        if (!this.#feed) return;
        const range = this.#feed.range;
        const { position } = this;
        if (!range || position < range.from - 0.2 || position > range.to + 0.2) this.#play(position);
        this.#tell("time");
    }

    /** Over a gap that nothing fills: packets were lost, or a part is damaged. */
    #leap() {
        const { buffered } = this.video;
        for (let place = 1; place < buffered.length; place += 1) {
            const isBefore = this.position >= buffered.end(place - 1) - 0.3 && this.position < buffered.start(place);
            if (isBefore) this.video.currentTime = buffered.start(place) + 0.01;
        }
    }

    /** Where nothing plays piece by piece: opens all of it first. */
    async #openWhole(clip) {
        const pieces = [];
        for await (const bytes of clip.plaintext(0, this.#run.signal)) pieces.push(new Blob([bytes]));
        this.#address = URL.createObjectURL(new Blob(pieces, { type: clip.header.contentType }));
        this.video.src = this.#address;
    }

    #fail(error) {
        if (!this.#isClosed) this.dispatchEvent(new CustomEvent("fault", { detail: error }));
    }

    #tell(name) { if (!this.#isClosed) this.dispatchEvent(new Event(name)); }
}

/**
 * Parts of a recorder go on in the clip's own time and repeat what it could not know to have arrived; where times begin anew, a part follows
 * the one before.
 */
function lineUp(clips, movies) {
    const parts = [];
    for (const [place, clip] of clips.entries()) {
        const movie = movies[place];
        const before = parts.at(-1);
        const goesOn = before && movie.base > before.movie.base;
        const start = !before ? 0 : goesOn ? before.start + movie.base - before.movie.base : before.end;
        parts.push({ clip, movie, start, end: start + (movie.duration ?? 0) });
    }
    return parts;
}
