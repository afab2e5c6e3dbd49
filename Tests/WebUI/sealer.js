// Seals clips, so that tests can make any clip that they need. The format is that of Guardian's recorder; the code here is written from the format's
// description with node:crypto and shares only the HPKE key schedule with the modules under test, which the vectors of other programs verify.
import crypto from "node:crypto";
import { load } from "./kit.js";

const { dhShared, dhX25519, schedule } = await load("archive/sealed/hpke.js");
const { OwnerKeys } = await load("archive/sealed/keys.js");

const utf8 = (text) => Buffer.from(text, "utf8");
const u32 = (value) => { const bytes = Buffer.alloc(4); bytes.writeUInt32BE(value); return bytes; };
const sha256 = (...bytes) => crypto.createHash("sha256").update(Buffer.concat(bytes)).digest();
const hkdf = (secret, info, salt = Buffer.alloc(0)) => Buffer.from(crypto.hkdfSync("sha256", secret, salt, info, 32));
const rawKey = (key) => Buffer.from(key.export({ format: "jwk" }).x, "base64url");
const device = crypto.generateKeyPairSync("ed25519");

/** A Uint8Array with its own buffer, as a browser would have read it. */
export const plain = (buffer) => new Uint8Array(buffer);
/** Bytes that differ from their neighbours, so that a wrong offset shows. */
export const content = (length) => Uint8Array.from({ length }, (_, at) => (at * 31 + (at >> 8) * 7) & 255);
export const owner = await OwnerKeys.derive(plain(crypto.randomBytes(32)));

function seal(key, nonce, bytes) {
    const cipher = crypto.createCipheriv("aes-256-gcm", key, nonce);
    return Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

/** A body of Tink's streaming AEAD. `isComplete` false: the last segment is not marked as the last. */
export function sealBody(content, { segmentSize = 4096, clipKey, bind, isComplete = true }) {
    const [salt, prefix] = [crypto.randomBytes(32), crypto.randomBytes(7)];
    const key = hkdf(clipKey, bind, salt);
    const segments = [];
    for (let at = 0, index = 0; index === 0 || at < content.length; index += 1) {
        const room = segmentSize - 16 - (index === 0 ? 40 : 0);
        const isLast = isComplete && at + room >= content.length;
        segments.push(seal(key, Buffer.concat([prefix, u32(index), Buffer.of(isLast ? 1 : 0)]), content.subarray(at, at + room)));
        at += room;
    }
    return Buffer.concat([Buffer.of(40), salt, prefix, ...segments]);
}

/** An entry that seals the clip's key to an owner's X25519 key (RFC 9180, base mode). */
async function recipient({ x25519 }, bind, clipKey) {
    const ephemeral = crypto.generateKeyPairSync("x25519");
    const enc = rawKey(ephemeral.publicKey);
    const peer = crypto.createPublicKey({ key: { kty: "OKP", crv: "X25519", x: Buffer.from(x25519.publicKey).toString("base64url") }, format: "jwk" });
    const agreed = crypto.diffieHellman({ privateKey: ephemeral.privateKey, publicKey: peer });
    const shared = await dhShared(plain(agreed), plain(enc), x25519.publicKey);
    const { key, nonce } = await schedule(dhX25519, shared, plain(Buffer.concat([utf8("guardian/sealed-clip/v1"), bind])));
    return { kem: "X25519", keyId: x25519.keyId, enc: enc.toString("base64url"), key: seal(key, nonce, clipKey).toString("base64url") };
}

/** Seals a part of a clip to an owner. Returns its bytes, and the hash that the next part names as `previous`. */
export async function sealClip(content, { to = owner, clipId, part = 0, previous = "", isComplete = true }) {
    const clipKey = crypto.randomBytes(32);
    const header = utf8(JSON.stringify({
        suite: "AES256-GCM-HKDF-SHA256", segmentSize: 4096, contentType: "video/mp4", clipId, cameraId: "yard", deviceKey: rawKey(device.publicKey).toString("base64url"),
        clipKeyHash: hkdf(clipKey, "guardian/clip-key/v1").toString("base64url"), part, previous,
    }));
    const start = Buffer.concat([utf8("GRDN"), Buffer.of(1, 0, 0, 0), u32(header.length), header]);
    const signature = crypto.sign(null, Buffer.concat([utf8("guardian/sealed-clip/v1\0"), start]), device.privateKey);
    const head = Buffer.concat([start, signature]);
    const bind = sha256(head);
    const list = utf8(JSON.stringify([await recipient(to, bind, clipKey)]));
    const covered = Buffer.concat([head, u32(list.length), list]);
    const mac = crypto.createHmac("sha256", hkdf(clipKey, "guardian/recipients/v1")).update(covered).digest();
    return { bytes: plain(Buffer.concat([covered, mac, sealBody(content, { clipKey, bind, isComplete })])), bind: bind.toString("base64url") };
}
