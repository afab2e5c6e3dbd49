"""`guardian archive open` opens clips sealed with PyPI's `tink` and `cryptography`, with the recovery code in a file."""

import hashlib
import os
import pathlib
import subprocess
import sys

import pytest

from kit.places import GUARDIAN

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "Interop"))
from sealed_clip import seal  # noqa: E402

pytestmark = pytest.mark.parallel

DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def recovery_code(secret):
    number = int.from_bytes(secret + hashlib.sha256(secret).digest()[:3], "big")
    text = "".join(DIGITS[number >> shift & 31] for shift in range(275, -1, -5))
    return "-".join(text[place : place + 4] for place in range(0, 56, 4))


def open_clip(folder, clip, secret, *options):
    (folder / "clip.grdn").write_bytes(clip)
    (folder / "code").write_text(recovery_code(secret) + "\n")
    output = folder / "clip.mp4"
    done = subprocess.run(
        [GUARDIAN, "archive", "open", folder / "clip.grdn", "--code-file", folder / "code", "--output", output, *options],
        capture_output=True,
        timeout=60,
        text=True,
    )
    return done, output.read_bytes() if output.exists() else None


@pytest.mark.parametrize("kems", [["X-Wing"], ["X25519"], ["X25519", "X-Wing"]], ids="+".join)
@pytest.mark.parametrize("size", [0, 4040, 123_456])
def test_a_clip_that_tink_sealed_opens(tmp_path, kems, size):
    secret, plaintext = os.urandom(32), os.urandom(size)
    done, opened = open_clip(tmp_path, seal(plaintext, secret, 4096, kems), secret)
    assert done.returncode == 0, done.stderr
    assert opened == plaintext


def test_a_foreign_code_and_damage_have_different_messages(tmp_path):
    secret = os.urandom(32)
    clip = bytearray(seal(os.urandom(9000), secret, 4096, ["X-Wing"]))
    done, opened = open_clip(tmp_path, bytes(clip), os.urandom(32))
    assert done.returncode != 0 and opened is None
    assert "not sealed to this recovery code" in done.stderr
    clip[-1] ^= 1
    done, opened = open_clip(tmp_path, bytes(clip), secret)
    assert done.returncode != 0 and opened is None
    assert "damaged" in done.stderr
