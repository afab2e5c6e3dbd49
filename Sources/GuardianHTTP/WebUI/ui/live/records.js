/**
 * Parses the records of `/api/v1/live`: u8 camera (its index in the query), u8 kind, u16 zero, u32 length (big endian), bytes.
 * `push` accepts pieces of any size; `receive(camera, kind, bytes)` is called for each complete record.
 */
export class RecordReader {
    static start = 0;
    static fragment = 1;
    static state = 2;
    static #head = 8;
    /** The largest valid length: more than any GOP has. */
    static #most = 64 << 20;

    #pieces = [];
    #held = 0;
    #receive;

    constructor(receive) { this.#receive = receive; }

    push(piece) {
        this.#pieces.push(piece);
        this.#held += piece.length;
        while (this.#held >= RecordReader.#head) {
            const head = this.#peek(RecordReader.#head);
            const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
            const length = view.getUint32(4);
            if (length > RecordReader.#most) throw new Error("The live stream is malformed.");
            if (this.#held < RecordReader.#head + length) return;
            this.#take(RecordReader.#head);
            this.#receive(view.getUint8(0), view.getUint8(1), this.#take(length));
        }
    }

    /** Returns the first bytes without removing them. */
    #peek(length) {
        if (this.#pieces[0].length >= length) return this.#pieces[0].subarray(0, length);
        const bytes = this.#take(length);
        this.#pieces.unshift(bytes);
        this.#held += length;
        return bytes;
    }

    /** Removes and returns the first bytes. */
    #take(length) {
        this.#held -= length;
        const first = this.#pieces[0];
        if (first && first.length > length) {
            this.#pieces[0] = first.subarray(length);
            return first.subarray(0, length);
        }
        const bytes = new Uint8Array(length);
        let filled = 0;
        while (filled < length) {
            const piece = this.#pieces[0];
            const used = Math.min(piece.length, length - filled);
            bytes.set(used === piece.length ? piece : piece.subarray(0, used), filled);
            filled += used;
            if (used === piece.length) this.#pieces.shift();
            else this.#pieces[0] = piece.subarray(used);
        }
        return bytes;
    }
}
