import { Problem } from "../store/api.js";

export const authorityPath = "/api/v1/authority.crt";

/** The same authority as a configuration profile, which iPhones and iPads install. */
export const profilePath = "/api/v1/authority.mobileconfig";

/** Returns the bytes of the recorder's certificate authority (DER); `null` when the owner uses a certificate of their own. Throws a `Problem`. */
export async function readAuthority() {
    const answer = await fetch(new URL(authorityPath, location.origin)).catch(() => {
        throw new Problem("Guardian does not answer", "Check that it runs and that this device reaches it.", "unavailable", 0);
    });
    if (answer.status === 404) return null;
    const bytes = answer.ok ? bytesOf(await answer.text()) : null;
    if (bytes === null) throw new Problem("The certificate authority cannot be read", `Guardian answered with status ${answer.status}.`, "unknown", answer.status);
    return bytes;
}

/** The bytes of the first certificate in a PEM text (RFC 7468); `null` when there is none. */
export function bytesOf(text) {
    const [, body] = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+?)-----END CERTIFICATE-----/.exec(text) ?? [];
    try {
        return (body ?? "").trim() === "" ? null : Uint8Array.from(atob(body.replaceAll(/\s/g, "")), (character) => character.charCodeAt(0));
    } catch {
        return null;
    }
}

/** The SHA-256 of a certificate as the recorder's commands print it: pairs of hexadecimal digits with colons between them. */
export async function fingerprint(bytes) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return [...digest].map((byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join(":");
}

/** A fingerprint in groups of four pairs, which together are its text. */
export const groupsOf = (print) => print.match(/.{1,12}/g) ?? [];
