// Sources of sealed bytes: a file that the user chose, or a URL that supports range requests.

const none = new Uint8Array(0);
const attempts = 5;

/** A file or Blob. */
export class BlobSource {
    #blob;

    constructor(blob) { this.#blob = blob; }

    async size() { return this.#blob.size; }

    /** Reads bytes; fewer at the end of the file. */
    async read(offset, length) {
        return new Uint8Array(await this.#blob.slice(offset, offset + length).arrayBuffer());
    }

    /** Returns a reader of consecutive bytes from an offset on. */
    follow(offset) {
        let at = offset;
        return {
            read: async (length) => {
                const bytes = await this.read(at, length);
                at += bytes.length;
                return bytes;
            },
            cancel() {},
        };
    }
}

/** The archive did not return the requested bytes: `status` 404 (it has no such object), 0 (no response), or another HTTP status. */
export class SourceFailure extends Error {
    constructor(message, status) {
        super(message);
        this.name = "SourceFailure";
        this.status = status;
    }
}

/** A URL that supports range requests (RFC 9110, 14). The object may grow; it is read up to the length of the first response. */
export class RangeSource {
    #address;
    #signal;
    #total = null;
    /** The first bytes, which are read in several small reads; one request serves them all. */
    #beginning = null;

    constructor(address, signal = undefined) {
        this.#address = address;
        this.#signal = signal;
    }

    async size() {
        if (this.#total === null) await this.read(0, 1);
        return this.#total;
    }

    async read(offset, length) {
        const most = 65_536;
        if (offset + length > most) return this.#range(offset, length);
        this.#beginning ??= this.#range(0, most).catch((error) => {
            this.#beginning = null;
            throw error;
        });
        return (await this.#beginning).slice(offset, offset + length);
    }

    async #range(offset, length) {
        if (this.#total !== null && offset >= this.#total || length <= 0) return none;
        const stream = this.follow(offset, undefined, length);
        try {
            return await stream.read(length);
        } finally {
            stream.cancel();
        }
    }

    /** Returns a reader of consecutive bytes from an offset on, which reconnects after a failure. `limit`: the most bytes. */
    follow(offset, signal = undefined, limit = null) {
        return new RangeStream(this, offset, limit, signal);
    }

    /** Requests the bytes from an offset on. Returns a reader of them; `null` when the offset is at or after the end. */
    async ask(offset, end, abort) {
        let answer;
        const signal = AbortSignal.any([abort, this.#signal].filter(Boolean));
        try {
            answer = await fetch(this.#address, { signal, headers: { Range: `bytes=${offset}-${end ?? ""}` }, cache: "no-store" });
        } catch (error) {
            if (error.name === "AbortError") throw error;
            throw new SourceFailure("Guardian does not answer. Check that it runs and that this device reaches it.", 0);
        }
        const range = /^bytes (?:\d+-\d+|\*)\/(\d+)$/.exec(answer.headers.get("Content-Range") ?? "");
        if (answer.status === 416 && range) {
            this.#remember(Number(range[1]));
            return null;
        }
        if (answer.status === 206 && range) {
            this.#remember(Number(range[1]));
            return answer.body.getReader();
        }
        if (answer.status === 200 && offset === 0 && answer.headers.has("Content-Length")) {
            this.#remember(Number(answer.headers.get("Content-Length")));
            return answer.body.getReader();
        }
        const problem = answer.ok ? null : await answer.json().catch(() => null);
        answer.body?.cancel().catch(() => {}); // fails when the body was read already
        if (answer.ok) throw new SourceFailure("The archive does not support range requests.", answer.status);
        const missing = "The archive no longer has this object: it expired, was removed, or the object store lost it.";
        throw new SourceFailure(problem?.detail ?? (answer.status === 404 ? missing : `The archive answered with status ${answer.status}.`), answer.status);
    }

    #remember(total) {
        if (this.#total !== null && total < this.#total) throw new SourceFailure("The object changed while it was read. Open it again.", 409);
        this.#total ??= total;
    }
}

class RangeStream {
    #source;
    #offset;
    #end;
    #abort = new AbortController();
    #reader = null;
    #rest = none;
    #isOver = false;

    constructor(source, offset, limit, signal) {
        this.#source = source;
        this.#offset = offset;
        this.#end = limit === null ? null : offset + limit - 1;
        if (signal?.aborted) this.#abort.abort();
        signal?.addEventListener("abort", () => this.#abort.abort(), { signal: this.#abort.signal });
    }

    async read(length) {
        const pieces = [];
        let have = 0;
        while (have < length && !this.#isOver) {
            if (this.#rest.length === 0) this.#rest = await this.#more();
            const piece = this.#rest.subarray(0, length - have);
            this.#rest = this.#rest.subarray(piece.length);
            pieces.push(piece);
            have += piece.length;
        }
        const bytes = new Uint8Array(have);
        let at = 0;
        for (const piece of pieces) {
            bytes.set(piece, at);
            at += piece.length;
        }
        return bytes;
    }

    cancel() { this.#abort.abort(); }

    /** Returns the next bytes of the connection; a broken connection is resumed at the same offset. */
    async #more() {
        for (let attempt = 1; ; attempt += 1) {
            try {
                if (this.#end !== null && this.#offset > this.#end) return this.#over();
                this.#reader ??= await this.#source.ask(this.#offset, this.#end, this.#abort.signal);
                if (this.#reader === null) return this.#over();
                const { value, done } = await this.#reader.read();
                if (!done) {
                    this.#offset += value.length;
                    return value;
                }
                this.#reader = null;
                if (this.#offset >= await this.#source.size()) return this.#over();
                if (attempt >= attempts) return this.#over();
            } catch (error) {
                this.#reader = null;
                const isFinal = error.name === "AbortError" || error instanceof SourceFailure && error.status > 0 && error.status < 500;
                if (isFinal || attempt >= attempts) throw error instanceof SourceFailure || error.name === "AbortError" ? error : new SourceFailure("The connection broke. Try again.", 0);
            }
            await new Promise((resolve) => setTimeout(resolve, 2 ** attempt * 50 * (0.5 + Math.random())));
        }
    }

    #over() {
        this.#isOver = true;
        return none;
    }
}
