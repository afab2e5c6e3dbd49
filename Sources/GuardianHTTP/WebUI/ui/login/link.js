/** How many characters a secret in an address has at most. */
const longest = 512;

/** Returns the secret of a link's fragment: `#SECRET`, or `#NAME=SECRET` with a name; `null` when there is none. */
export function secretOf(hash, name = "") {
    const start = name ? `#${name}=` : "#";
    if (!hash.startsWith(start)) return null;
    const secret = hash.slice(start.length);
    return /^[\w.~-]+$/.test(secret) && secret.length <= longest ? secret : null;
}
