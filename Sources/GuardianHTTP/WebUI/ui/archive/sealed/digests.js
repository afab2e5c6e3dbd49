// SHA-256, HMAC and HKDF with WebCrypto.
import { utf8 } from "./bytes.js";

const none = new Uint8Array(0);

export async function sha256(bytes) {
    return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

async function hmacKey(key, usage) {
    return crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, [usage]);
}

export async function hmac(key, message) {
    return new Uint8Array(await crypto.subtle.sign("HMAC", await hmacKey(key, "sign"), message));
}

/** Returns whether `tag` is the HMAC-SHA256 of the message; WebCrypto compares in constant time. */
export async function verifyHmac(key, tag, message) {
    return crypto.subtle.verify("HMAC", await hmacKey(key, "verify"), tag, message);
}

/** HKDF-SHA256 (RFC 5869), 32 bytes. `info`: a text or bytes. */
export async function hkdf(secret, info, salt = none) {
    const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
    const bits = await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info: typeof info === "string" ? utf8(info) : info }, key, 256);
    return new Uint8Array(bits);
}
