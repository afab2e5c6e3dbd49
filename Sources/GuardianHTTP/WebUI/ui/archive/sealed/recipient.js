import { base64url } from "./bytes.js";

/** Formats a recipient for the recorder's configuration: KEM, key id and public key. The key id detects copying errors. */
export const recipientLine = (kem, pair) => `guardian-recipient:${kem}:${pair.keyId}:${base64url(pair.publicKey)}`;
