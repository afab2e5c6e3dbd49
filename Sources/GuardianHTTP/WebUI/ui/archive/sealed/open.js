// Opens a sealed clip (format version 1) in the browser. The format specifies the checks and their order.
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
 * `source`: a source of `source.js`. `expected`: known values of `deviceKey` (base64url), `clipId` and `part`; a clip with other values is refused.
 * Throws a `Refusal`, and the errors of the source.
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

/** Returns a sealed clip's header, whose signature is checked; needs no keys. */
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

/** Returns the clip's key from the first recipient entry of the owner that contains the key named by the header. */
async function unlock(header, recipients, keys, bind) {
    const info = join(context, bind);
    const tryKey = async (each) => {
        try {
            const bytes = await keys.pair(each.kem).open(fromBase64url(each.enc), info, fromBase64url(each.key));
            const isNamed = same(await hkdf(bytes, "guardian/clip-key/v1"), fromBase64url(header.clipKeyHash));
            return { bytes, kem: each.kem, isNamed };
        } catch (error) {
            // The entry is damaged, or contains an invalid point or ciphertext.
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
    const lacksMLKEM = keys.xWing === null && recipients.some((each) => each.kem === "X-Wing");
    if (own.length > 0) throw new Refusal(lacksMLKEM ? "no ML-KEM" : "damaged key");
    // No entry has the owner's key id. An entry that opens nevertheless was tampered with.
    for (const each of known) if (await tryKey(each)) throw new Refusal("damaged key");
    throw new Refusal(lacksMLKEM ? "no ML-KEM" : "not sealed to this key");
}

/** An opened clip. Segments are fetched and decrypted only when they are read. */
class OpenClip {
    #body;
    #ending = null;

    /** `bind`: the hash that the next part names as its `previous`; `kems`: the KEMs of all recipients; `kem`: the KEM that opened it. */
    constructor(header, bind, kems, kem, body) {
        this.header = header;
        this.bind = bind;
        this.kems = kems;
        this.kem = kem;
        this.#body = body;
    }

    /** Whether a quantum computer could open the clip, because one of its recipients uses X25519 alone. */
    get isClassical() { return this.kems.includes("X25519"); }

    /** Bytes of plaintext in the file, provided that every segment opens. */
    get length() { return this.#body.plainLength; }

    /**
     * Returns how the file ends: `{ kind: "complete" | "interrupted", length, words }`; `words` is a sentence for people. Opens only the last
     * segment; throws a `Refusal` when that is damaged.
     */
    async ending() {
        this.#ending ??= ending(await this.#body.isComplete(), this.length);
        return this.#ending;
    }

    /** Yields the authenticated plaintext from an offset on in pieces. Throws a `Refusal` at a damaged segment. */
    async *plaintext(from = 0, signal = undefined) {
        for await (const { bytes, isLast } of this.#body.from(from, signal)) {
            if (isLast !== null) this.#ending = ending(isLast, this.length);
            if (bytes.length > 0) yield bytes;
        }
    }

    /** Reads `length` bytes of the plaintext from an offset on; fewer at the end of the clip. */
    read(from, length) { return this.#body.read(from, length); }
}

function ending(isComplete, length) {
    return isComplete
        ? { kind: "complete", length, words: "The clip is complete, as it was recorded." }
        : { kind: "interrupted", length, words: "The recording was interrupted: this is everything that reached the archive before that." };
}
