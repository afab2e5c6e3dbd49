// A clip's body: Tink's streaming AEAD, AES256-GCM-HKDF. Each segment can be opened independently.
import { bigEndian, join } from "./bytes.js";
import { hkdf } from "./digests.js";
import { Refusal } from "./refusal.js";

const preface = 40;
const tag = 16;
/** Bytes of ciphertext that are opened at a time: enough to keep WebCrypto busy, few enough for playback to start quickly. */
const batchBytes = 262_144;

/** Computes the offsets of segments. `length`: bytes of the body. */
class Layout {
    constructor(segmentSize, length) {
        this.segmentSize = segmentSize;
        this.length = length;
        this.count = length === preface ? 0 : Math.ceil(length / segmentSize);
    }

    /** Offset of a segment's first byte in the body. */
    begin(index) { return index === 0 ? preface : index * this.segmentSize; }
    end(index) { return Math.min((index + 1) * this.segmentSize, this.length); }
    isWhole(index) { return (index + 1) * this.segmentSize <= this.length; }

    /** Offset of a segment's first plaintext byte in the clip. */
    plainBegin(index) { return index === 0 ? 0 : index * (this.segmentSize - tag) - preface; }
    plainEnd(index) { return this.plainBegin(index) + Math.max(0, this.end(index) - this.begin(index) - tag); }
    at(plainOffset) { return Math.floor((plainOffset + preface) / (this.segmentSize - tag)); }
    get plainLength() { return this.count === 0 ? 0 : this.plainEnd(this.count - 1); }
}

/** Opens segments. `start`: the body's offset in the file. */
export class Body {
    #source;
    #start;
    #layout;
    #key;
    #prefix;

    constructor(source, start, layout, key, prefix) {
        this.#source = source;
        this.#start = start;
        this.#layout = layout;
        this.#key = key;
        this.#prefix = prefix;
    }

    /** Reads the 40 bytes before the first segment and derives the key. */
    static async begin(source, start, segmentSize, clipKey, bind) {
        const read = await source.read(start, preface);
        if (read.length < preface || read[0] !== preface) throw new Refusal("body");
        const key = await hkdf(clipKey, bind, read.subarray(1, 33));
        const aes = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
        key.fill(0);
        const layout = new Layout(segmentSize, (await source.size()) - start);
        if (layout.count > 2 ** 32) throw new Refusal("body");
        return new Body(source, start, layout, aes, read.slice(33));
    }

    /** Bytes of plaintext, provided that every segment opens. */
    get plainLength() { return this.#layout.plainLength; }

    /**
     * Yields the plaintext from an offset on in order as `{ bytes, isLast }`. `isLast` is `null` before the file's end; at the end it is `true`
     * when the last segment is marked as the clip's last, and `false` when the clip was interrupted there. Throws a `Refusal` at the first
     * damaged segment, after yielding everything before it.
     */
    async *from(offset, signal) {
        const { count, segmentSize } = this.#layout;
        if (count === 0) {
            yield { bytes: new Uint8Array(0), isLast: false };
            return;
        }
        const per = Math.max(1, Math.floor(batchBytes / segmentSize));
        let index = Math.min(this.#layout.at(offset), count - 1);
        let skip = Math.max(0, offset - this.#layout.plainBegin(index));
        const stream = this.#source.follow(this.#start + this.#layout.begin(index), signal);
        const next = (first) => (first < count ? stream.read(this.#layout.end(Math.min(first + per, count) - 1) - this.#layout.begin(first)) : null);
        let upcoming = next(index);
        try {
            while (index < count) {
                const read = await upcoming;
                const first = index;
                index = Math.min(first + per, count);
                upcoming = next(index);
                upcoming?.catch(() => {}); // awaited in the next iteration, unless the consumer stops before
                const { bytes, isLast, damaged } = await this.#open(first, index, read);
                if (bytes.length > 0 || isLast !== null) yield { bytes: bytes.subarray(Math.min(skip, bytes.length)), isLast };
                if (damaged !== null) throw this.#refusal(damaged);
                skip = 0;
            }
        } finally {
            stream.cancel();
        }
    }

    /** Reads a range of the plaintext; shorter at the end of the clip. */
    async read(offset, length) {
        const { count } = this.#layout;
        const until = Math.min(offset + length, this.plainLength);
        if (until <= offset) return new Uint8Array(0);
        const first = this.#layout.at(offset);
        const end = Math.min(this.#layout.at(until - 1) + 1, count);
        const from = this.#layout.begin(first);
        const { bytes, damaged } = await this.#open(first, end, await this.#source.read(this.#start + from, this.#layout.end(end - 1) - from));
        if (damaged !== null) throw this.#refusal(damaged);
        const skip = offset - this.#layout.plainBegin(first);
        return bytes.subarray(skip, skip + until - offset);
    }

    /** Returns whether the file's last segment is marked as the clip's last. Throws a `Refusal` when it does not open. */
    async isComplete() {
        const { count } = this.#layout;
        if (count === 0) return false;
        const from = this.#layout.begin(count - 1);
        const { isLast, damaged } = await this.#open(count - 1, count, await this.#source.read(this.#start + from, this.#layout.length - from));
        if (damaged !== null) throw this.#refusal(damaged);
        return isLast;
    }

    #refusal(index) { return Refusal.segment(index, this.#layout.plainBegin(index)); }

    /** Opens the segments from `first` to before `end`, whose ciphertext is `read`, in parallel. */
    async #open(first, end, read) {
        const base = this.#layout.begin(first);
        const results = await Promise.all(Array.from({ length: end - first }, (_, offset) => {
            const index = first + offset;
            return this.#segment(index, read.subarray(this.#layout.begin(index) - base, this.#layout.end(index) - base));
        }));
        const fault = results.indexOf(null);
        const good = fault < 0 ? results : results.slice(0, fault);
        const isEnd = fault < 0 && end === this.#layout.count;
        return { bytes: join(...good.map((each) => each.bytes)), isLast: isEnd ? results.at(-1).isLast : null, damaged: fault < 0 ? null : first + fault };
    }

    async #segment(index, ciphertext) {
        const isEnd = index === this.#layout.count - 1;
        if (ciphertext.length !== this.#layout.end(index) - this.#layout.begin(index) || ciphertext.length < tag) return null;
        // A file ends with the clip's last segment, or after any complete segment when sealing was interrupted.
        if (isEnd) {
            const last = await this.#decrypt(index, 1, ciphertext);
            if (last || !this.#layout.isWhole(index)) return last && { bytes: last, isLast: true };
        }
        const bytes = await this.#decrypt(index, 0, ciphertext);
        return bytes && { bytes, isLast: false };
    }

    async #decrypt(index, last, ciphertext) {
        try {
            const iv = join(this.#prefix, bigEndian(index, 4), new Uint8Array([last]));
            return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, this.#key, ciphertext));
        } catch (error) {
            if (error.name === "OperationError") return null;
            throw error;
        }
    }
}
