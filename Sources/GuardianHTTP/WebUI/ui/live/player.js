const Source = globalThis.ManagedMediaSource ?? globalThis.MediaSource;

/** Seconds behind the newest frame: `target` after a jump; above `tolerated` playback is faster, above `jump` it seeks. */
const target = 0.35;
const tolerated = 0.9;
const jump = 2.5;
/** Seconds of played video that stay in the buffer. */
const kept = 8;

/** The content type for MediaSource from the codecs of a start record, which may already be a content type. */
const contentType = (codecs) => (codecs.includes("/") ? codecs : `video/mp4; codecs="${codecs}"`);

const hasSound = (type) => type.includes("mp4a");

export const canPlay = (codecs) => Source?.isTypeSupported(contentType(codecs)) ?? false;

/** Plays the live view of one camera in a `<video>`: appends fragments, stays near the newest frame, removes played video. */
export class LivePlayer {
    #video;
    #source = null;
    #buffer = null;
    #type = "";
    #queue = [];
    #timer = 0;
    #onBroken;
    #lastTime = -1;
    /** When a new frame was last shown (`performance.now()`). */
    movedAt = 0;

    constructor(video, onBroken) {
        this.#video = video;
        this.#onBroken = onBroken;
        this.#timer = setInterval(() => this.#catchUp(), 200);
    }

    /** Seconds between the newest received frame and the shown one; `null` before the first. */
    get behind() {
        const ranges = this.#ranges;
        return ranges?.length ? Math.max(0, ranges.end(ranges.length - 1) - this.#video.currentTime) : null;
    }

    start(codecs, init) {
        const type = contentType(codecs);
        this.#queue = [];
        // A buffer keeps the tracks that it began with: with or without sound is another one.
        if (this.#buffer && this.#source.readyState === "open" && !this.#video.error && hasSound(type) === hasSound(this.#type)) {
            // After a reconnection of the camera, times start again, so the buffered video is discarded.
            this.#queue.push({ type, reset: true }, { bytes: init });
            this.#work();
            return;
        }
        this.#type = type;
        this.#queue.push({ bytes: init });
        this.#open();
    }

    append(bytes) {
        if (!this.#source) return;
        this.#queue.push({ bytes });
        this.#work();
    }

    close() {
        clearInterval(this.#timer);
        this.#queue = [];
        this.#source = null;
        this.#buffer = null;
        this.#video.removeAttribute("src");
        this.#video.load();
    }

    get #ranges() {
        try {
            return this.#buffer?.buffered ?? null;
        } catch {
            return null;
        }
    }

    #open() {
        const source = new Source();
        this.#source = source;
        this.#buffer = null;
        const address = URL.createObjectURL(source);
        source.addEventListener("sourceopen", () => {
            URL.revokeObjectURL(address);
            if (this.#source !== source) return;
            try {
                this.#buffer = source.addSourceBuffer(this.#type);
            } catch {
                this.#onBroken();
                return;
            }
            this.#buffer.addEventListener("updateend", () => this.#work());
            this.#work();
        }, { once: true });
        this.#video.disableRemotePlayback = true;
        this.#video.src = address;
    }

    #work() {
        const buffer = this.#buffer;
        if (!buffer || buffer.updating || this.#queue.length === 0 || this.#source.readyState !== "open") return;
        const next = this.#queue[0];
        try {
            if (next.reset) {
                this.#queue.shift();
                if (next.type !== this.#type) {
                    buffer.changeType(next.type);
                    this.#type = next.type;
                }
                buffer.abort();
                this.#lastTime = -1;
                buffer.remove(0, Infinity);
                return;
            }
            buffer.appendBuffer(next.bytes);
            this.#queue.shift();
        } catch (error) {
            if (error.name === "QuotaExceededError" && this.#trim(1)) return;
            this.#onBroken();
        }
    }

    #trim(keep) {
        const buffer = this.#buffer;
        const ranges = this.#ranges;
        if (!buffer || buffer.updating || !ranges?.length) return false;
        const until = this.#video.currentTime - keep;
        if (until <= ranges.start(0) + 0.5) return false;
        buffer.remove(0, until);
        return true;
    }

    #catchUp() {
        const video = this.#video;
        if (video.error) return this.#onBroken();
        const ranges = this.#ranges;
        if (!ranges?.length) return;
        const first = ranges.start(ranges.length - 1);
        const end = ranges.end(ranges.length - 1);
        const behind = end - video.currentTime;
        if (video.currentTime < first - 0.05 || behind > jump || behind < -0.5) video.currentTime = Math.max(first, end - target);
        else {
            const rate = behind > tolerated * 1.6 ? 1.25 : behind > tolerated ? 1.08 : 1;
            if (video.playbackRate !== rate) video.playbackRate = rate;
        }
        if (video.paused && !document.hidden) video.play().catch(() => {});
        if (video.currentTime !== this.#lastTime) {
            this.#lastTime = video.currentTime;
            this.movedAt = performance.now();
        }
        if (video.currentTime - ranges.start(0) > kept * 2) this.#trim(kept);
    }
}
