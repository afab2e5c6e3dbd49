// HPKE (RFC 9180), base mode, single message: HKDF-SHA256 and AES-256-GCM with a KEM's shared secret.
import { bigEndian, join, utf8 } from "./bytes.js";
import { hmac } from "./digests.js";

const none = new Uint8Array(0);
const noSalt = new Uint8Array(32);
const version = utf8("HPKE-v1");
const kdf = 0x0001;
const aead = 0x0002;

export const xWing = 0x647a;
export const dhX25519 = 0x0020;

const extract = (suite, salt, label, secret) => hmac(salt, join(version, suite, utf8(label), secret));

/** `LabeledExpand` for up to 32 bytes: one block of HKDF-Expand. */
async function expand(suite, secret, label, info, length) {
    const block = await hmac(secret, join(bigEndian(length, 2), version, suite, utf8(label), info, new Uint8Array([1])));
    return block.subarray(0, length);
}

/** `ExtractAndExpand` of DHKEM (4.1): the shared secret of a Diffie-Hellman result. */
export async function dhShared(result, encapsulated, publicKey) {
    const suite = join(utf8("KEM"), bigEndian(dhX25519, 2));
    const secret = await extract(suite, noSalt, "eae_prk", result);
    return expand(suite, secret, "shared_secret", join(encapsulated, publicKey), 32);
}

/** The key and the first nonce of base mode (5.1). `cipher`: the AEAD's number, AES-256-GCM by default; test vectors use others. */
export async function schedule(kem, shared, info, cipher = aead) {
    const suite = join(utf8("HPKE"), bigEndian(kem, 2), bigEndian(kdf, 2), bigEndian(cipher, 2));
    const context = join(new Uint8Array([0]), await extract(suite, noSalt, "psk_id_hash", none), await extract(suite, noSalt, "info_hash", info));
    const secret = await extract(suite, shared, "secret", none);
    return { key: await expand(suite, secret, "key", context, 32), nonce: await expand(suite, secret, "base_nonce", context, 12) };
}

/** Opens a message sealed under a shared secret; no associated data. Throws an OperationError when it does not open. */
export async function openMessage(kem, shared, info, message) {
    const { key, nonce } = await schedule(kem, shared, info);
    const aes = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce }, aes, message));
}
