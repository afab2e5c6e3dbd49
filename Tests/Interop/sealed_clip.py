#!/usr/bin/env python3
"""Seals and opens clips with only PyPI's `tink` and `cryptography`: an independent implementation of the format.

    sealed_clip.py open SECRET FILE             writes the plaintext to standard output; exits with 1 if the file is refused
    sealed_clip.py seal SECRET FILE SIZE KEM…   seals standard input to FILE, in segments of SIZE bytes, to the
                                                secret's keys of these kinds (X-Wing, X25519)

SECRET is the owner's secret, 64 hexadecimal digits. Supports only complete clips, like Tink.
"""

import base64
import hashlib
import hmac
import io
import json
import os
import pathlib
import sys
import uuid

from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric import ed25519, mlkem, x25519
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from tink import cleartext_keyset_handle, streaming_aead
from tink.proto import aes_gcm_hkdf_streaming_pb2, common_pb2, tink_pb2

MAGIC = b"GRDN\x01\x00\x00\x00"
DOMAIN = b"guardian/sealed-clip/v1"


class Refused(Exception):
    """The file is invalid; the message says what is wrong."""


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def compact_json(value):
    return json.dumps(value, separators=(",", ":")).encode()


def hkdf(key, info):
    return HKDF(hashes.SHA256(), 32, None, info).derive(key)


class KeyPair:
    """An owner's key pair for one kind of recipient."""

    def __init__(self, kem, private, public_bytes, enc_size):
        self.suite = hpke.Suite(kem, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
        self.private = private
        self.key_id = b64(hashlib.sha256(public_bytes).digest()[:8])
        self.enc_size = enc_size

    def seal(self, key, info):
        message = self.suite.encrypt(key, self.private.public_key(), info)
        return b64(message[: self.enc_size]), b64(message[self.enc_size :])

    def open(self, stanza, info):
        return self.suite.decrypt(unb64(stanza["enc"]) + unb64(stanza["key"]), self.private, info)


def key_pairs(secret):
    """Derives the owner's key pairs from the secret, by kind."""
    expanded = hashlib.shake_256(secret).digest(96)
    lattice = mlkem.MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
    curve = x25519.X25519PrivateKey.from_private_bytes(expanded[64:])
    public = lattice.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()
    classical = x25519.X25519PrivateKey.from_private_bytes(hkdf(secret, b"guardian/x25519/v1"))
    return {
        "X-Wing": KeyPair(hpke.KEM.MLKEM768_X25519, hpke.MLKEM768X25519PrivateKey(lattice, curve), public, 1120),
        "X25519": KeyPair(hpke.KEM.X25519, classical, classical.public_key().public_bytes_raw(), 32),
    }


def tink_stream(clip_key, segment_size):
    streaming_aead.register()
    params = aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingParams(
        ciphertext_segment_size=segment_size, derived_key_size=32, hkdf_hash_type=common_pb2.SHA256
    )
    key = aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingKey(version=0, params=params, key_value=clip_key)
    entry = tink_pb2.Keyset.Key(
        key_data=tink_pb2.KeyData(
            type_url="type.googleapis.com/google.crypto.tink.AesGcmHkdfStreamingKey",
            value=key.SerializeToString(),
            key_material_type=tink_pb2.KeyData.SYMMETRIC,
        ),
        status=tink_pb2.ENABLED,
        key_id=1,
        output_prefix_type=tink_pb2.RAW,
    )
    keyset = tink_pb2.Keyset(primary_key_id=1, key=[entry])
    return cleartext_keyset_handle.from_keyset(keyset).primitive(streaming_aead.StreamingAead)


class RetainingBuffer(io.BytesIO):
    """A buffer whose content remains readable after Tink has closed it."""

    content = b""

    def close(self):
        if not self.closed:
            self.content = self.getvalue()
        super().close()


def seal(plaintext, secret, segment_size, kems):
    device, clip_key = ed25519.Ed25519PrivateKey.generate(), os.urandom(32)
    header = compact_json(
        {
            "suite": "AES256-GCM-HKDF-SHA256",
            "segmentSize": segment_size,
            "contentType": "video/mp4",
            "clipId": str(uuid.uuid4()),
            "cameraId": "interop/1",
            "deviceKey": b64(device.public_key().public_bytes_raw()),
            "clipKeyHash": b64(hkdf(clip_key, b"guardian/clip-key/v1")),
            "part": 0,
            "previous": "",
        }
    )
    head = MAGIC + len(header).to_bytes(4, "big") + header
    head += device.sign(DOMAIN + b"\0" + head)
    bind = hashlib.sha256(head).digest()
    own = key_pairs(secret)
    stanzas = []
    for kem in kems:
        enc, key = own[kem].seal(clip_key, DOMAIN + bind)
        stanzas.append({"kem": kem, "keyId": own[kem].key_id, "enc": enc, "key": key})
    recipients = compact_json(stanzas)
    head += len(recipients).to_bytes(4, "big") + recipients
    head += hmac.digest(hkdf(clip_key, b"guardian/recipients/v1"), head, "sha256")
    body = RetainingBuffer()
    with tink_stream(clip_key, segment_size).new_encrypting_stream(body, bind) as stream:
        stream.write(plaintext)
    return head + body.content


def open_clip(file, secret):
    if file[:8] != MAGIC:
        raise Refused("first bytes")
    n = int.from_bytes(file[8:12], "big")
    header = json.loads(file[12 : 12 + n])
    if compact_json(header) != file[12 : 12 + n]:
        raise Refused("header")
    device = ed25519.Ed25519PublicKey.from_public_bytes(unb64(header["deviceKey"]))
    device.verify(file[12 + n : 76 + n], DOMAIN + b"\0" + file[: 12 + n])
    bind = hashlib.sha256(file[: 76 + n]).digest()
    m = int.from_bytes(file[76 + n : 80 + n], "big")
    stanzas = json.loads(file[80 + n : 80 + n + m])
    if compact_json(stanzas) != file[80 + n : 80 + n + m]:
        raise Refused("recipients")
    own = key_pairs(secret)
    mine = [s for kem in own for s in stanzas if s["kem"] == kem and s["keyId"] == own[kem].key_id]
    if not mine:
        raise Refused("not sealed to this secret")
    clip_key = own[mine[0]["kem"]].open(mine[0], DOMAIN + bind)
    if b64(hkdf(clip_key, b"guardian/clip-key/v1")) != header["clipKeyHash"]:
        raise Refused("clip key")
    code = hmac.digest(hkdf(clip_key, b"guardian/recipients/v1"), file[: 80 + n + m], "sha256")
    if not hmac.compare_digest(code, file[80 + n + m : 112 + n + m]):
        raise Refused("recipients changed")
    body = io.BytesIO(file[112 + n + m :])
    return tink_stream(clip_key, header["segmentSize"]).new_decrypting_stream(body, bind).read()


def main():
    command, secret, file, *rest = sys.argv[1:]
    secret, file = bytes.fromhex(secret), pathlib.Path(file)
    if command == "seal":
        file.write_bytes(seal(sys.stdin.buffer.read(), secret, int(rest[0]), rest[1:]))
    else:
        sys.stdout.buffer.write(open_clip(file.read_bytes(), secret))


if __name__ == "__main__":
    main()
