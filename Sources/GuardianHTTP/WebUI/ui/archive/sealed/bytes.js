// Helpers for byte arrays.

const encoder = new TextEncoder();

/** The UTF-8 bytes of a text. */
export const utf8 = (text) => encoder.encode(text);

/** Concatenates arrays. */
export function join(...arrays) {
    const whole = new Uint8Array(arrays.reduce((sum, array) => sum + array.length, 0));
    let at = 0;
    for (const array of arrays) {
        whole.set(array, at);
        at += array.length;
    }
    return whole;
}

/** A number as `count` bytes, big endian. */
export function bigEndian(value, count) {
    const bytes = new Uint8Array(count);
    for (let index = count - 1, rest = value; index >= 0; index -= 1, rest = Math.floor(rest / 256)) bytes[index] = rest % 256;
    return bytes;
}

/** The unsigned 32-bit number at an offset, big endian. */
export const u32 = (bytes, at = 0) => ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;

/** Whether two arrays are equal; always compares every byte, so that the time does not depend on the contents. */
export function same(one, other) {
    if (one.length !== other.length) return false;
    let difference = 0;
    for (let at = 0; at < one.length; at += 1) difference |= one[at] ^ other[at];
    return difference === 0;
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** base64url without padding (RFC 4648, 5). */
export function base64url(bytes) {
    let text = "";
    for (let at = 0; at < bytes.length; at += 3) {
        const group = (bytes[at] << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
        const count = Math.min(3, bytes.length - at) + 1;
        for (let index = 0; index < count; index += 1) text += letters[(group >> (18 - 6 * index)) & 63];
    }
    return text;
}

/** The bytes of a base64url text without padding whose spare bits are zero; `null` for any other text. */
export function fromBase64url(text) {
    if (typeof text !== "string" || text.length % 4 === 1) return null;
    const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
    let bits = 0;
    let count = 0;
    let at = 0;
    for (const letter of text) {
        const value = letters.indexOf(letter);
        if (value < 0) return null;
        bits = ((bits << 6) | value) & 0xffff;
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes[at] = (bits >> count) & 255;
            at += 1;
        }
    }
    return (bits & ((1 << count) - 1)) === 0 ? bytes : null;
}
