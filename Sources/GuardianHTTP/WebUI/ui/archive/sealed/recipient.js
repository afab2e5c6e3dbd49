import { base64url } from "./bytes.js";

/** A recipient as the recorder's configuration takes it: kind, key id and public key. The key id tells when a character was lost. */
export const recipientLine = (kem, pair) => `guardian-recipient:${kem}:${pair.keyId}:${base64url(pair.publicKey)}`;
