// Parses the two JSON texts at the start of a sealed clip. They are accepted only in canonical form: they are parsed, encoded again and compared.
import { fromBase64url, same, utf8 } from "./bytes.js";

const suite = "AES256-GCM-HKDF-SHA256";
const kems = { "X-Wing": 1120, X25519: 32 };
const word = /^[A-Za-z0-9._/-]*$/;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function parse(bytes) {
    try {
        return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
    } catch {
        return null;
    }
}

const isWord = (value) => typeof value === "string" && word.test(value);
const isBytes = (value, count) => isWord(value) && fromBase64url(value)?.length === count;

/** Parses the fixed header; returns `null` when it is malformed or not canonical. */
export function readHeader(bytes) {
    const read = parse(bytes);
    if (read === null || typeof read !== "object") return null;
    const { segmentSize, contentType, clipId, cameraId, deviceKey, clipKeyHash, part, previous } = read;
    const isSize = Number.isInteger(segmentSize) && segmentSize >= 4096 && segmentSize <= 1_048_576 && (segmentSize & (segmentSize - 1)) === 0;
    const isPart = Number.isInteger(part) && part >= 0 && part < 2 ** 32 && (part === 0 ? previous === "" : isBytes(previous, 32));
    if (!isSize || !isPart || !isWord(contentType) || !isWord(clipId) || !uuid.test(clipId) || !isWord(cameraId)) return null;
    if (!isBytes(deviceKey, 32) || !isBytes(clipKeyHash, 32)) return null;
    const header = { suite, segmentSize, contentType, clipId, cameraId, deviceKey, clipKeyHash, part, previous };
    return same(utf8(JSON.stringify(header)), bytes) ? header : null;
}

/** Parses the recipients; returns `null` when they are malformed or not canonical. Recipients with an unknown KEM are kept; openers skip them. */
export function readRecipients(bytes) {
    const read = parse(bytes);
    if (!Array.isArray(read) || read.length < 1 || read.length > 64) return null;
    const recipients = [];
    for (const each of read) {
        if (each === null || typeof each !== "object") return null;
        const { kem, keyId, enc, key } = each;
        if (!isWord(kem) || !isBytes(keyId, 8)) return null;
        const isRight = Object.hasOwn(kems, kem) ? isBytes(enc, kems[kem]) && isBytes(key, 48) : fromBase64url(enc) !== null && fromBase64url(key) !== null;
        if (!isRight) return null;
        recipients.push({ kem, keyId, enc, key });
    }
    return same(utf8(JSON.stringify(recipients)), bytes) ? recipients : null;
}
