// What is said of those who can open the archive, for people.

import { date } from "../../common/format.js";

/** Its name, or its key where it has none. */
export const titleOf = ({ name, keyId }) => name ?? `Key ${keyId}`;

/** Where it comes from, and by what it is known on paper. */
export function factsOf({ name, keyId, kem, addedAt, fixed }) {
    return [
        name === null ? null : `key ${keyId}`, fixed ? "in the configuration file, and removed only there" : `added on ${date(addedAt)}`,
        kem === "X25519" ? "not safe from quantum computers" : null].filter(Boolean).join(" · ");
}

/** What happens when the code of one of these is lost. */
export const lossOf = (items) => (items.length === 1
    ? "If this code is lost, nobody can open the archive any more, not even the maker of Guardian."
    : "If this code is lost, the others still open what is sealed to them. What is sealed to this one alone stays closed for ever.");

/** Why nothing is archived; "" when clips are. */
export function lackOf({ items, node }) {
    if (!node) return "Nothing is archived, because this recorder has no node to which sealed clips are sent: enter the code of one on the page Settings, under Node. A code that you make now counts from then on.";
    return items.length === 0 ? "Nothing is archived, because nobody could open it: make a recovery code. Archiving begins with it, and clips that are there already stay on the recorder alone." : "";
}
