/**
 * The records of `/api/v1/live`: u8 camera (its place in the query), u8 kind, u16 zero, u32 length (big endian), bytes.
 * Takes pieces as they arrive; calls `receive(camera, kind, bytes)` for each whole record.
 */
export class RecordReader {
    static start = 0;
    static fragment = 1;
    static state = 2;
    static #head = 8;
    /** More than any GOP: a length beyond it is not one of ours. */
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
            if (length > RecordReader.#most) throw new Error("The live stream is not one of Guardian's.");
            if (this.#held < RecordReader.#head + length) return;
            this.#take(RecordReader.#head);
            this.#receive(view.getUint8(0), view.getUint8(1), this.#take(length));
        }
    }

    /** The first bytes, left where they are. */
    #peek(length) {
        if (this.#pieces[0].length >= length) return this.#pieces[0].subarray(0, length);
        const bytes = this.#take(length);
        this.#pieces.unshift(bytes);
        this.#held += length;
        return bytes;
    }

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
            const part = Math.min(piece.length, length - filled);
            bytes.set(part === piece.length ? piece : piece.subarray(0, part), filled);
            filled += part;
            if (part === piece.length) this.#pieces.shift();
            else this.#pieces[0] = piece.subarray(part);
        }
        return bytes;
    }
}
