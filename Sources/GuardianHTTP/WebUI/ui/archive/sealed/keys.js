// The key pairs that are derived from an owner's secret.
import { base64url, join, utf8 } from "./bytes.js";
import { hkdf, sha256 } from "./digests.js";
import { dhShared, dhX25519, openMessage, xWing } from "./hpke.js";
import { sha3, shake256 } from "./keccak.js";
import { Refusal } from "./refusal.js";

/** The PKCS #8 prefix of a raw X25519 key (RFC 8410, 7). */
const wrapping = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20);
/** draft-connolly-cfrg-xwing-kem-06, 5.3: `\.//^\`. */
const xWingLabel = utf8("\\.//^\\");
const mlKem = { name: "ML-KEM-768" };
const mlKemCiphertext = 1088;

/** The owner's key pairs: `xWing` (`null` when the browser lacks ML-KEM) and `x25519`. */
export class OwnerKeys {
    constructor(xWingPair, x25519Pair) {
        this.xWing = xWingPair;
        this.x25519 = x25519Pair;
    }

    /** Derives both pairs from a secret of 32 bytes. The private keys stay inside WebCrypto. */
    static async derive(secret) {
        try {
            const raw = await hkdf(secret, "guardian/x25519/v1");
            const x25519 = await X25519Pair.make(raw);
            raw.fill(0);
            return new OwnerKeys(await XWingPair.make(secret), x25519);
        } catch (error) {
            throw error.name === "NotSupportedError" ? new Refusal("no X25519") : error;
        }
    }

    /** Returns the pair for a recipient's `kem`; `null` when this browser or this version does not support it. */
    pair(kem) { return { "X-Wing": this.xWing, X25519: this.x25519 }[kem] ?? null; }
}

const keyId = async (publicKey) => base64url((await sha256(publicKey)).subarray(0, 8));

export class X25519Pair {
    #key;

    constructor(key, publicKey, id) {
        this.#key = key;
        this.publicKey = publicKey;
        this.keyId = id;
    }

    /** `raw`: 32 bytes. */
    static async make(raw) {
        const wrapped = join(wrapping, raw);
        const key = await crypto.subtle.importKey("pkcs8", wrapped, "X25519", true, ["deriveBits"]);
        wrapped.fill(0);
        const { x } = await crypto.subtle.exportKey("jwk", key);
        const publicKey = Uint8Array.from(atob(x.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
        return new X25519Pair(key, publicKey, await keyId(publicKey));
    }

    async agree(peer) {
        const other = await crypto.subtle.importKey("raw", peer, "X25519", false, []);
        return new Uint8Array(await crypto.subtle.deriveBits({ name: "X25519", public: other }, this.#key, 256));
    }

    /** The shared secret of an ephemeral key of 32 bytes. */
    async decapsulate(ephemeral) {
        return dhShared(await this.agree(ephemeral), ephemeral, this.publicKey);
    }

    async open(encapsulated, info, message) {
        return openMessage(dhX25519, await this.decapsulate(encapsulated), info, message);
    }
}

export class XWingPair {
    #key;
    #classical;

    constructor(key, classical, publicKey, id) {
        this.#key = key;
        this.#classical = classical;
        this.publicKey = publicKey;
        this.keyId = id;
    }

    /** Derives the pair from a seed; returns `null` when the browser lacks ML-KEM-768. */
    static async make(seed) {
        const expanded = shake256(seed, 96);
        try {
            const key = await crypto.subtle.importKey("raw-seed", expanded.subarray(0, 64), mlKem, false, ["decapsulateBits"]);
            const encapsulation = await crypto.subtle.getPublicKey(key, ["encapsulateBits"]);
            const classical = await X25519Pair.make(expanded.subarray(64));
            const publicKey = join(new Uint8Array(await crypto.subtle.exportKey("raw-public", encapsulation)), classical.publicKey);
            return new XWingPair(key, classical, publicKey, await keyId(publicKey));
        } catch (error) {
            // Browsers report an unsupported algorithm, format or method with different errors.
            if (["NotSupportedError", "TypeError", "SyntaxError"].includes(error.name)) return null;
            throw error;
        } finally {
            expanded.fill(0);
        }
    }

    /** The shared secret of a ciphertext of 1,120 bytes. */
    async decapsulate(ciphertext) {
        const quantum = new Uint8Array(await crypto.subtle.decapsulateBits(mlKem, this.#key, ciphertext.slice(0, mlKemCiphertext)));
        const point = ciphertext.slice(mlKemCiphertext);
        return sha3(join(quantum, await this.#classical.agree(point), point, this.#classical.publicKey, xWingLabel));
    }

    async open(encapsulated, info, message) {
        return openMessage(xWing, await this.decapsulate(encapsulated), info, message);
    }
}
