// Finds byte offsets by time in a sealed part's MP4. Fetches and opens only the segments that this needs.
import { findFragment, readFragment, readMovie } from "./boxes.js";

const firstRead = 65_536;
const mostBeginning = 4_194_304;
const stride = 131_072;

/** Thrown when a clip is not a fragmented MP4, so that it can only be played after all of it is loaded. */
export class NotFragmented extends Error {}

export class Movie {
    #clip;
    #tracks;
    #first;

    constructor(clip, movie, first) {
        this.#clip = clip;
        this.#tracks = movie.tracks;
        this.#first = first;
        this.init = movie.init;
        this.mime = movie.mime;
        /** Media time of its start in seconds. */
        this.base = first.begin;
        /** Duration in seconds; `null` while it is unknown. */
        this.duration = null;
    }

    /** Reads the tracks and the first fragment. Throws `NotFragmented`, and errors of opening. */
    static async begin(clip) {
        let bytes = await clip.read(0, firstRead);
        for (;;) {
            const movie = readMovie(bytes);
            if (movie === undefined) throw new NotFragmented();
            const at = movie ? findFragment(bytes, movie.init.length) : -1;
            const fragment = at < 0 ? null : readFragment(bytes, at, movie.tracks);
            if (fragment) return new Movie(clip, movie, { offset: at, ...fragment });
            if (bytes.length >= clip.length || bytes.length >= mostBeginning) throw new NotFragmented();
            bytes = await clip.read(0, bytes.length * 4);
        }
    }

    /** Determines the duration from the last complete fragment. */
    async measure() {
        for (let length = stride; ; length *= 8) {
            const from = Math.max(this.#first.offset, this.#clip.length - length);
            const whole = (await this.#within(from, this.#clip.length)).filter((each) => each.offset + each.size <= this.#clip.length);
            if (whole.length > 0) this.duration = whole.at(-1).finish - this.base;
            if (whole.length > 0 || from === this.#first.offset) return this.duration;
        }
    }

    /** Returns the offset of the last fragment that starts with a keyframe at or before a time (seconds from the start). */
    async locate(seconds) {
        const target = this.base + seconds;
        let low = this.#first;
        let high = this.#clip.length;
        let finish = this.duration === null ? null : this.base + this.duration;
        for (let step = 0; high - low.offset > 2 * stride; step += 1) {
            // Alternates interpolation search, which assumes a constant bit rate, with bisection, which bounds the steps.
            const share = finish === null || step % 2 ? 0.5 : (target - low.begin) / (finish - low.begin);
            const middle = Math.round(Math.min(Math.max(low.offset + share * (high - low.offset) - stride, low.offset + stride), high - stride));
            const found = await this.#next(middle, high);
            if (found && found.begin <= target) {
                low = found;
                if (target - found.begin < 1) break;
            } else {
                high = middle;
                finish = found?.begin ?? finish;
            }
        }
        let best = last(await this.#within(low.offset, Math.min(low.offset + 4 * stride, high + stride, this.#clip.length)), target);
        for (let back = 4 * stride; !best && low.offset > this.#first.offset; back *= 4) {
            const from = Math.max(this.#first.offset, low.offset - back);
            best = last(await this.#within(from, low.offset + 24), target);
            if (from === this.#first.offset) break;
        }
        return (best ?? this.#first).offset;
    }

    /** Reads bytes up to the first damaged segment; the bytes after it can be read separately. */
    async #read(from, length) {
        try {
            return await this.#clip.read(from, length);
        } catch (error) {
            if (error.offset === undefined) throw error;
            return this.#clip.read(from, Math.max(0, error.offset - from));
        }
    }

    /** The first fragment between two offsets. */
    async #next(from, until) {
        for (let at = from; at < until; at += stride - 24) {
            const bytes = await this.#read(at, stride);
            const index = findFragment(bytes, 0);
            const fragment = index < 0 ? null : readFragment(bytes, index, this.#tracks);
            if (index >= 0) return fragment ? { offset: at + index, ...fragment } : this.#at(at + index);
        }
        return null;
    }

    async #at(offset) {
        for (let length = 16_384; ; length *= 8) {
            const bytes = await this.#read(offset, length);
            const fragment = readFragment(bytes, 0, this.#tracks);
            if (fragment) return { offset, ...fragment };
            if (fragment === undefined || bytes.length < length) return null;
        }
    }

    /** All fragments that begin between two offsets. */
    async #within(from, until) {
        const bytes = await this.#read(from, until - from);
        const found = [];
        for (let at = findFragment(bytes, 0); at >= 0; at = findFragment(bytes, at + 24)) {
            const fragment = readFragment(bytes, at, this.#tracks) ?? await this.#at(from + at);
            if (fragment) found.push({ offset: from + at, ...fragment });
        }
        return found;
    }
}

const last = (fragments, target) => fragments.findLast((each) => each.isKey && each.begin <= target + 0.001) ?? null;
