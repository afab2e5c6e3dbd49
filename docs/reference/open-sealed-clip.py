#!/usr/bin/env python3
"""Opens a sealed clip without any code of Guardian: pip install 'cryptography>=50'. The format is specified in sealed-clip.md.

    open-sealed-clip.py CLIP CODE_FILE OUTPUT [DEVICE_KEY]
Prints complete, interrupted (OUTPUT has the whole segments) or refused with the reason (OUTPUT is not written, the exit status is 1)."""
import base64, hashlib, hmac, os, re, sys
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric import ed25519, mlkem, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CONTEXT, DIGITS = b"guardian/sealed-clip/v1", "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# base64url of 8 bytes, of 32, of any number; unused bits are zero. Each JSON text has only one valid spelling, so patterns can check all of it.
B8, B32 = r"[\w-]{10}[AEIMQUYcgkosw048]", r"[\w-]{42}[AEIMQUYcgkosw048]"
ANY = r"(?:[\w-]{4})*(?:[\w-]{2}[AEIMQUYcgkosw048]|[\w-][AQgw])?"
HEADER = (r'{"suite":"AES256-GCM-HKDF-SHA256","segmentSize":(\d+),"contentType":"[\w./-]*","clipId":"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",'
    rf'"cameraId":"[\w./-]*","deviceKey":"({B32})","clipKeyHash":"({B32})","part":(?:0,"previous":""|([1-9]\d{{0,9}}),"previous":"{B32}")}}').encode()
KNOWN = rf'(?:X-Wing","keyId":"{B8}","enc":"[\w-]{{1493}}[AQgw]|X25519","keyId":"{B8}","enc":"{B32})","key":"[\w-]{{64}}"'
RECIPIENT = rf'{{"kem":"(?:{KNOWN}|(?!X-Wing"|X25519")[\w./-]*","keyId":"{B8}","enc":"{ANY}","key":"{ANY}")}}'
LIST = rf"\[{RECIPIENT}(?:,{RECIPIENT}){{0,63}}\]".encode()

def check(condition, reason):
    if not condition: sys.exit(f"refused: {reason}")
def hkdf(key, info, salt=None): return HKDF(hashes.SHA256(), 32, salt, info).derive(key)
def spelled(data): return base64.urlsafe_b64encode(data).rstrip(b"=")
def raw(text): return base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))

code = re.sub(r"[\s-]", "", open(sys.argv[2]).read()).upper().translate(str.maketrans("OIL", "011"))
check(len(code) == 56 and set(code) <= set(DIGITS), "mistyped code")
number = sum(DIGITS.index(letter) << 5 * place for place, letter in enumerate(reversed(code))).to_bytes(35, "big")
check(hashlib.sha256(secret := number[:32]).digest()[:3] == number[32:], "mistyped code")
seed = hashlib.shake_256(secret).digest(96)
quantum, classical = mlkem.MLKEM768PrivateKey.from_seed_bytes(seed[:64]), x25519.X25519PrivateKey.from_private_bytes(seed[64:])
plain = x25519.X25519PrivateKey.from_private_bytes(hkdf(secret, b"guardian/x25519/v1"))
public = {b"X-Wing": quantum.public_key().public_bytes_raw() + classical.public_key().public_bytes_raw(), b"X25519": plain.public_key().public_bytes_raw()}
private = {b"X-Wing": (hpke.KEM.MLKEM768_X25519, hpke.MLKEM768X25519PrivateKey(quantum, classical)), b"X25519": (hpke.KEM.X25519, plain)}

file, head = open(sys.argv[1], "rb"), bytearray()  # head: all bytes read so far
def take(length): head.extend(read := file.read(length)); return read
check(take(8) == b"GRDN\1\0\0\0", "not a sealed clip of version 1")
check(len(count := take(4)) == 4 and int.from_bytes(count, "big") <= 16384, "header")
header = re.fullmatch(HEADER, take(int.from_bytes(count, "big")))
check(header and header[1] in [b"%d" % 2**bits for bits in range(12, 21)] and int(header[4] or 0) < 2**32, "header")
signed, (step, device, named, _) = CONTEXT + b"\0" + head, header.groups()
try: ed25519.Ed25519PublicKey.from_public_bytes(raw(device)).verify(take(64), signed)
except (InvalidSignature, ValueError): check(False, "device signature")
check(len(sys.argv) < 5 or sys.argv[4].encode() == device, "another device")
bind, step = hashlib.sha256(head).digest(), int(step)
check(len(count := take(4)) == 4 and int.from_bytes(count, "big") <= 262144, "recipients")
check(re.fullmatch(LIST, listed := take(int.from_bytes(count, "big"))), "recipients")
known = [r for kem in public for r in re.findall(rb'{"kem":"(%s)","keyId":"(.*?)","enc":"(.*?)","key":"(.*?)"}' % kem, listed)]
own = [r for r in known if r[1] == spelled(hashlib.sha256(public[r[0]]).digest()[:8])]
def unlock(kem, _, enc, key):  # the clip key; b"" if it is not the header's key; None if it does not open
    suite = hpke.Suite(private[kem][0], hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
    try: found = suite.decrypt(raw(enc) + raw(key), private[kem][1], CONTEXT + bind)
    except (InvalidTag, ValueError): return None
    return found if spelled(hkdf(found, b"guardian/clip-key/v1")) == named else b""
opened = [key for r in own or known if (key := unlock(*r)) is not None]
check(own or opened, "not sealed to this key")
check(key := next(filter(None, opened if own else []), None), "damaged key")
mac = hmac.digest(hkdf(key, b"guardian/recipients/v1"), head, "sha256")
check(hmac.compare_digest(mac, file.read(32)), "recipients changed")
check(len(preface := file.read(40)) == 40 and preface[0] == 40, "body")

length, aes = os.path.getsize(sys.argv[1]) - file.tell() + 40, AESGCM(hkdf(key, bind, preface[1:33]))
def decrypt(segment, number, last):
    try: return aes.decrypt(preface[33:] + number.to_bytes(4, "big") + bytes([last]), segment, None)
    except (InvalidTag, ValueError): return None
number, at, last, whole = 0, 40, 0, sys.argv[3] + ".part"
with open(whole, "wb") as output:
    while at < length:
        at += len(segment := file.read(step - at % step))
        marks = [1] * (at == length) + [0] * (at % step == 0)  # the file ends with the clip's last segment, or after a whole one if sealing was interrupted
        last, plain = next(((mark, plain) for mark in marks if (plain := decrypt(segment, number, mark)) is not None), (0, None))
        check(plain is not None or os.remove(whole), f"segment {number} damaged")
        output.write(plain)
        number += 1
os.replace(whole, sys.argv[3])
print("complete" if last else f"interrupted after {os.path.getsize(sys.argv[3])} bytes")
