// The recovery code: the 32 bytes of the secret and the first 3 bytes of their SHA-256, in Crockford's base32, as 14 groups of 4.
import { join } from "./bytes.js";
import { sha256 } from "./digests.js";

const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const length = 56;

/** The text is not a valid recovery code. A valid code that does not open a clip causes a `Refusal` instead. */
export class Mistyped extends Error {}

const canonical = (letter) => (letter === "O" ? "0" : letter === "I" || letter === "L" ? "1" : letter);

/** Returns the canonical letters of a code; ignores case, hyphens and spaces. */
export const letterOf = (text) => [...text.toUpperCase()].filter((letter) => !/[\s-]/.test(letter)).map(canonical);

/**
 * Decodes the secret of a code.
 *
 * Throws `Mistyped` with a sentence that tells what to check.
 */
export async function readCode(text) {
    const typed = letterOf(text);
    const invalid = typed.findIndex((letter) => !letters.includes(letter));
    if (invalid >= 0) throw new Mistyped(`Recovery codes do not contain “${typed[invalid]}”. Check group ${Math.floor(invalid / 4) + 1}.`);
    if (typed.length < length) throw new Mistyped(`A code has ${length} letters and digits; ${length - typed.length} more to come.`);
    if (typed.length > length) throw new Mistyped(`A code has ${length} letters and digits; these are ${typed.length}.`);
    const bytes = unpack(typed.map((letter) => letters.indexOf(letter)));
    const secret = bytes.slice(0, 32);
    const check = await sha256(secret);
    const isRight = [0, 1, 2].every((place) => check[place] === bytes[32 + place]);
    bytes.fill(0);
    if (isRight) return secret;
    secret.fill(0);
    throw new Mistyped("The code is mistyped: its checksum is wrong. Compare it group by group.");
}

/** Encodes a secret as a recovery code. */
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
