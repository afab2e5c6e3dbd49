// Opens a sealed clip, version 1 of the format, in the browser. What is checked, and in which order, is the format's.
import { base64url, fromBase64url, join, same, u32, utf8 } from "./bytes.js";
import { Body } from "./body.js";
import { hkdf, sha256, verifyHmac } from "./digests.js";
import { readHeader, readRecipients } from "./header.js";
import { OwnerKeys } from "./keys.js";
import { Refusal } from "./refusal.js";

const magic = Uint8Array.of(0x47, 0x52, 0x44, 0x4e, 1, 0, 0, 0);
const context = utf8("guardian/sealed-clip/v1");
const mostHeader = 16_384;
const mostRecipients = 262_144;
const signatureLength = 64;
const macLength = 32;

/**
 * Opens a clip with an owner's secret (32 bytes) or with `OwnerKeys` that were derived before.
 *
 * `source` is what `source.js` makes of a Blob or an address. `expected`: what is known of the clip already, any of `deviceKey` (base64url), `clipId`,
 * `part`; what differs is refused.
 * Throws a `Refusal`; the source's own errors pass through.
 */
export async function open(source, secret, expected = {}) {
    const { head, header, bind } = await readSigned(source, expected);
    const { recipients, covered, mac, end } = await readList(source, head);
    const keys = secret instanceof OwnerKeys ? secret : await OwnerKeys.derive(secret);
    const clipKey = await unlock(header, recipients, keys, bind);
    const isGenuine = mac.length === macLength && await verifyHmac(await hkdf(clipKey.bytes, "guardian/recipients/v1"), mac, covered);
    if (!isGenuine) throw new Refusal("recipients changed");
    const body = await Body.begin(source, end, header.segmentSize, clipKey.bytes, bind);
    clipKey.bytes.fill(0);
    return new OpenClip(header, base64url(bind), recipients.map((each) => each.kem), clipKey.kem, body);
}

/** What a sealed clip says of itself to everybody: checked against its signature, opened by nobody. */
export async function inspect(source) {
    return (await readSigned(source, {})).header;
}

async function readSigned(source, expected) {
    const first = await source.read(0, 12);
    if (first.length < 8 || !same(first.subarray(0, 8), magic)) throw new Refusal("not a sealed clip of version 1");
    const length = first.length === 12 ? u32(first, 8) : Infinity;
    if (length > mostHeader) throw new Refusal("header");
    const rest = await source.read(12, length + signatureLength);
    const text = rest.subarray(0, length);
    const header = text.length === length ? readHeader(text) : null;
    if (header === null) throw new Refusal("header");
    const head = join(first, rest);
    if (rest.length < length + signatureLength || !await isSigned(header, join(context, new Uint8Array(1), first, text), rest.subarray(length))) throw new Refusal("device signature");
    const isExpected = (name) => (expected[name] ?? header[name]) === header[name];
    if (!isExpected("deviceKey")) throw new Refusal("another device");
    if (!isExpected("clipId") || !isExpected("part")) throw new Refusal("another clip");
    return { head, header, bind: await sha256(head) };
}

async function isSigned(header, signed, signature) {
    try {
        const key = await crypto.subtle.importKey("raw", fromBase64url(header.deviceKey), "Ed25519", false, ["verify"]);
        return await crypto.subtle.verify("Ed25519", key, signature, signed);
    } catch (error) {
        if (error.name === "NotSupportedError") throw new Refusal("no X25519");
        return false;
    }
}

async function readList(source, head) {
    const size = await source.read(head.length, 4);
    const length = size.length === 4 ? u32(size) : Infinity;
    if (length > mostRecipients) throw new Refusal("recipients");
    const rest = await source.read(head.length + 4, length + macLength);
    const text = rest.subarray(0, length);
    const recipients = text.length === length ? readRecipients(text) : null;
    if (recipients === null) throw new Refusal("recipients");
    return { recipients, covered: join(head, size, text), mac: rest.subarray(length), end: head.length + 4 + length + macLength };
}

/** The clip's key, out of the first of the owner's stanzas that holds the one that the header names. */
async function unlock(header, recipients, keys, bind) {
    const info = join(context, bind);
    const tryKey = async (each) => {
        try {
            const bytes = await keys.pair(each.kem).open(fromBase64url(each.enc), info, fromBase64url(each.key));
            const isNamed = same(await hkdf(bytes, "guardian/clip-key/v1"), fromBase64url(header.clipKeyHash));
            return { bytes, kem: each.kem, isNamed };
        } catch (error) {
            // What does not open is damaged, or a point or ciphertext that no honest sender makes.
            if (["OperationError", "DataError"].includes(error.name)) return null;
            throw error;
        }
    };
    const known = ["X-Wing", "X25519"].flatMap((kem) => (keys.pair(kem) ? recipients.filter((each) => each.kem === kem) : []));
    const own = known.filter((each) => each.keyId === keys.pair(each.kem).keyId);
    for (const each of own) {
        const opened = await tryKey(each);
        if (opened?.isNamed) return opened;
    }
    const isBlind = keys.xWing === null && recipients.some((each) => each.kem === "X-Wing");
    if (own.length > 0) throw new Refusal(isBlind ? "no ML-KEM" : "damaged key");
    // None bears our key id: one that opens all the same was tampered with.
    for (const each of known) if (await tryKey(each)) throw new Refusal("damaged key");
    throw new Refusal(isBlind ? "no ML-KEM" : "not sealed to this key");
}

/** A clip whose key is there. Its plaintext is only what is asked for. */
class OpenClip {
    #body;
    #ending = null;

    /** `bind`: what the next part names as its `previous`; `kems`: of all who may open it; `kem`: the one that did. */
    constructor(header, bind, kems, kem, body) {
        this.header = header;
        this.bind = bind;
        this.kems = kems;
        this.kem = kem;
        this.#body = body;
    }

    /** Whether any recipient's key falls to a quantum computer: then the clip does. */
    get isClassical() { return this.kems.includes("X25519"); }

    /** Bytes of plaintext that the file holds, as long as every segment opens. */
    get length() { return this.#body.plainLength; }

    /**
     * How it ends: `{ kind: "complete" | "interrupted", length, words }`. Looks at the last segment alone; throws a `Refusal` when that one
     * is damaged.
     */
    async ending() {
        this.#ending ??= ending(await this.#body.isComplete(), this.length);
        return this.#ending;
    }

    /** The plaintext from an offset on, piece by piece, each checked. Throws a `Refusal` where a segment is damaged. */
    async *plaintext(from = 0, signal = undefined) {
        for await (const { bytes, isLast } of this.#body.from(from, signal)) {
            if (isLast !== null) this.#ending = ending(isLast, this.length);
            if (bytes.length > 0) yield bytes;
        }
    }

    /** `length` bytes of the plaintext from an offset on, fewer where the clip ends. */
    read(from, length) { return this.#body.read(from, length); }
}

function ending(isComplete, length) {
    return isComplete
        ? { kind: "complete", length, words: "The clip is complete, as it was recorded." }
        : { kind: "interrupted", length, words: "The recording was interrupted: this is everything that reached the archive before." };
}
