// Where the sealed bytes come from: a file that somebody chose, or an address that answers ranges.

const none = new Uint8Array(0);
const tries = 5;

/** A file or Blob. */
export class BlobSource {
    #blob;

    constructor(blob) { this.#blob = blob; }

    async size() { return this.#blob.size; }

    /** Fewer bytes where the file ends. */
    async read(offset, length) {
        return new Uint8Array(await this.#blob.slice(offset, offset + length).arrayBuffer());
    }

    /** Reads on from an offset. */
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

/** The archive does not give what is asked for: `status` 404 (not there), 0 (no answer), or another. */
export class SourceFailure extends Error {
    constructor(message, status) {
        super(message);
        this.name = "SourceFailure";
        this.status = status;
    }
}

/** An address that answers ranges of bytes (RFC 9110, 14). What lies there may grow: it is read as far as it was there at first. */
export class RangeSource {
    #address;
    #signal;
    #total = null;
    /** The beginning is asked for in several small reads: one request answers them all. */
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

    /** Reads on from an offset over one connection, and over the next when it breaks. `limit`: bytes at most. */
    follow(offset, signal = undefined, limit = null) {
        return new RangeStream(this, offset, limit, signal);
    }

    /** Asks for the bytes from an offset on; a reader of them, `null` behind the end. */
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
        answer.body?.cancel().catch(() => {}); // it may have been read
        if (answer.ok) throw new SourceFailure("The archive does not answer ranges of bytes.", answer.status);
        const missing = "The archive has no such object any more: it expired, was removed, or lies in a store that lost it.";
        throw new SourceFailure(problem?.detail ?? (answer.status === 404 ? missing : `The archive answered with ${answer.status}.`), answer.status);
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

    /** The next bytes of the connection; a broken one is taken up where it broke. */
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
                if (attempt >= tries) return this.#over();
            } catch (error) {
                this.#reader = null;
                const isFinal = error.name === "AbortError" || error instanceof SourceFailure && error.status > 0 && error.status < 500;
                if (isFinal || attempt >= tries) throw error instanceof SourceFailure || error.name === "AbortError" ? error : new SourceFailure("The connection broke. Try again.", 0);
            }
            await new Promise((resolve) => setTimeout(resolve, 2 ** attempt * 50 * (0.5 + Math.random())));
        }
    }

    #over() {
        this.#isOver = true;
        return none;
    }
}
