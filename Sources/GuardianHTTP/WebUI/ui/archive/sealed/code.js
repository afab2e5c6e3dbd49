// The recovery code: 32 bytes of secret and the first 3 of their SHA-256, in Crockford's base32, 14 groups of 4.
import { join } from "./bytes.js";
import { sha256 } from "./digests.js";

const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const length = 56;

/** A code that is not one: mistyped. One that is, but opens nothing, is another matter. */
export class Mistyped extends Error {}

const canonical = (letter) => (letter === "O" ? "0" : letter === "I" || letter === "L" ? "1" : letter);

/** The letters alone, as they are written: case, hyphens and spaces do not matter. */
export const letterOf = (text) => [...text.toUpperCase()].filter((letter) => !/[\s-]/.test(letter)).map(canonical);

/**
 * The secret of a code.
 *
 * Throws `Mistyped` with a sentence that tells what to look at.
 */
export async function readCode(text) {
    const typed = letterOf(text);
    const odd = typed.findIndex((letter) => !letters.includes(letter));
    if (odd >= 0) throw new Mistyped(`“${typed[odd]}” in group ${Math.floor(odd / 4) + 1} is in no code. Look at it once more.`);
    if (typed.length < length) throw new Mistyped(`A code has ${length} letters and digits; ${length - typed.length} more to come.`);
    if (typed.length > length) throw new Mistyped(`A code has ${length} letters and digits; these are ${typed.length}.`);
    const bytes = unpack(typed.map((letter) => letters.indexOf(letter)));
    const secret = bytes.slice(0, 32);
    const check = await sha256(secret);
    const isRight = [0, 1, 2].every((place) => check[place] === bytes[32 + place]);
    bytes.fill(0);
    if (isRight) return secret;
    secret.fill(0);
    throw new Mistyped("Something in the code is mistyped: its checksum does not fit. Compare it group by group.");
}

/** The code of a secret, as it is shown. */
export async function writeCode(secret) {
    const bytes = join(secret, (await sha256(secret)).subarray(0, 3));
    let text = "";
    let bits = 0;
    let count = 0;
    for (const byte of bytes) {
        bits = ((bits << 8) | byte) & 0xfff;
        count += 8;
        while (count >= 5) {
            count -= 5;
            text += letters[(bits >> count) & 31];
        }
    }
    bytes.fill(0);
    return text.match(/.{4}/g).join("-");
}

function unpack(values) {
    const bytes = new Uint8Array((values.length * 5) / 8);
    let bits = 0;
    let count = 0;
    let at = 0;
    for (const value of values) {
        bits = ((bits << 5) | value) & 0xfff;
        count += 5;
        if (count >= 8) {
            count -= 8;
            bytes[at] = (bits >> count) & 255;
            at += 1;
        }
    }
    return bytes;
}
