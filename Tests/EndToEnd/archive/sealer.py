"""Seals clips with only PyPI's `tink` and `cryptography`: an independent implementation of the format."""

import base64
import hashlib
import hmac
import io
import json
import os
import uuid

from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric import ed25519, mlkem, x25519
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from tink import cleartext_keyset_handle, streaming_aead
from tink.proto import aes_gcm_hkdf_streaming_pb2 as streaming
from tink.proto import common_pb2, tink_pb2

CONTEXT = b"guardian/sealed-clip/v1"
DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def hkdf(key, info):
    return HKDF(hashes.SHA256(), 32, None, info).derive(key)


class Owner:
    """An owner: the secret, its recovery code and all keys derived from it."""

    def __init__(self, secret=None):
        self.secret = secret or os.urandom(32)
        number = int.from_bytes(self.secret + hashlib.sha256(self.secret).digest()[:3], "big")
        digits = "".join(DIGITS[number >> 5 * place & 31] for place in reversed(range(56)))
        self.code = "-".join(digits[at : at + 4] for at in range(0, 56, 4))
        self.seed = hashlib.shake_256(self.secret).digest(96)
        self.quantum = mlkem.MLKEM768PrivateKey.from_seed_bytes(self.seed[:64])
        self.classical = x25519.X25519PrivateKey.from_private_bytes(self.seed[64:])
        self.raw_plain = hkdf(self.secret, b"guardian/x25519/v1")
        self.plain = x25519.X25519PrivateKey.from_private_bytes(self.raw_plain)
        hybrid = hpke.MLKEM768X25519PublicKey(self.quantum.public_key(), self.classical.public_key())
        self.keys = {
            "X-Wing": (hpke.KEM.MLKEM768_X25519, hybrid, self.quantum.public_key().public_bytes_raw() + self.classical.public_key().public_bytes_raw(), 1120),
            "X25519": (hpke.KEM.X25519, self.plain.public_key(), self.plain.public_key().public_bytes_raw(), 32),
        }

    def public(self, kem):
        return self.keys[kem][2]

    def stanza(self, kem, clip_key, bind):
        suite, key, raw, length = self.keys[kem]
        message = hpke.Suite(suite, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM).encrypt(clip_key, key, CONTEXT + bind)
        return {"kem": kem, "keyId": b64(hashlib.sha256(raw).digest()[:8]), "enc": b64(message[:length]), "key": b64(message[length:])}


class Sealed:
    """A sealed file. `bytes`: its content; `body`: the offset of the body; `bind`: the hash that the next part names as `previous`."""


def seal(plaintext, recipients, *, part=0, previous=b"", clip=None, device=None, segment=4096, content="video/mp4", camera="cam-1"):
    """Seals `plaintext`. `recipients`: pairs of an owner and a KEM, or dictionaries that are put into the list unchanged."""
    device = device or ed25519.Ed25519PrivateKey.generate()
    sealed = Sealed()
    sealed.clip_key = os.urandom(32)
    header = {
        "suite": "AES256-GCM-HKDF-SHA256", "segmentSize": segment, "contentType": content, "clipId": str(clip or uuid.uuid4()), "cameraId": camera,
        "deviceKey": b64(device.public_key().public_bytes_raw()), "clipKeyHash": b64(hkdf(sealed.clip_key, b"guardian/clip-key/v1")), "part": part,
        "previous": b64(previous),
    }
    text = compact(header)
    head = b"GRDN\1\0\0\0" + len(text).to_bytes(4, "big") + text
    head += device.sign(CONTEXT + b"\0" + head)
    sealed.bind = hashlib.sha256(head).digest()
    listed = compact([each if isinstance(each, dict) else each[0].stanza(each[1], sealed.clip_key, sealed.bind) for each in recipients])
    head += len(listed).to_bytes(4, "big") + listed
    head += hmac.digest(hkdf(sealed.clip_key, b"guardian/recipients/v1"), head, "sha256")
    sealed.body = len(head)
    sealed.bytes = head + tink_body(sealed.clip_key, sealed.bind, segment, plaintext)
    sealed.segment = segment
    return sealed


def interrupt(sealed, segments):
    """Returns the file cut after `segments` complete segments of the body."""
    return sealed.bytes[: sealed.body + segments * sealed.segment]


def compact(value):
    return json.dumps(value, separators=(",", ":")).encode()


def tink_body(key, bind, segment, plaintext):
    params = streaming.AesGcmHkdfStreamingParams(ciphertext_segment_size=segment, derived_key_size=32, hkdf_hash_type=common_pb2.SHA256)
    material = streaming.AesGcmHkdfStreamingKey(key_value=key, params=params).SerializeToString()
    entry = tink_pb2.Keyset.Key(
        key_id=1, status=tink_pb2.ENABLED, output_prefix_type=tink_pb2.RAW,
        key_data=tink_pb2.KeyData(
            type_url="type.googleapis.com/google.crypto.tink.AesGcmHkdfStreamingKey", key_material_type=tink_pb2.KeyData.SYMMETRIC, value=material,
        ),
    )
    streaming_aead.register()
    handle = cleartext_keyset_handle.from_keyset(tink_pb2.Keyset(primary_key_id=1, key=[entry]))
    sink = io.BytesIO()
    sink.close = lambda: None
    with handle.primitive(streaming_aead.StreamingAead).new_encrypting_stream(sink, bind) as stream:
        stream.write(plaintext)
    return sink.getvalue()
