"""The Python opener: its verdict on every vector, its length, and the same verdict as the browser's on tampered clips."""

import hashlib
import random

import pytest

from archive.conftest import VECTORS
from archive.opener import open_in
from archive.script import SCRIPT, run
from archive.sealer import Owner, b64, seal

pytestmark = pytest.mark.parallel


def test_every_vector_gets_the_expected_verdict(vectors, tmp_path):
    assert vectors["cases"]
    for case in vectors["cases"]:
        verdict, plain = run(VECTORS / case["file"], vectors[case["owner"] + "Code"], tmp_path / "clip.mp4")
        if case["expect"] == "refused":
            assert (verdict, plain) == (case["reason"], None), case
        else:
            assert verdict == ("complete" if case["expect"] == "complete" else f"interrupted after {case['size']} bytes"), case
            assert hashlib.sha256(plain).hexdigest() == case["sha256"], case


def test_it_has_no_more_than_80_lines():
    assert len(SCRIPT.read_text().splitlines()) <= 80


def test_a_mistyped_code_and_another_device_are_refused(vectors, tmp_path):
    clip, code = VECTORS / "s4096-n1.grdn", vectors["ownerCode"]
    assert run(clip, code[:-1] + "0", tmp_path / "clip.mp4")[0] == "refused: mistyped code"
    assert run(clip, code.lower().replace("-", " "), tmp_path / "clip.mp4")[0] == "complete"
    device = clip.read_bytes().split(b'"deviceKey":"')[1][:43].decode()
    assert run(clip, code, tmp_path / "clip.mp4", device)[0] == "complete"
    assert run(clip, code, tmp_path / "clip.mp4", "A" * 43)[0] == "refused: another device"


FUTURE = {"kem": "ML-KEM-1024.P-384", "keyId": "AAAAAAAAAAA", "enc": "AAAA", "key": ""}


@pytest.mark.parametrize("change", [{}, {"enc": "AAAAAQ", "key": "AA"}, {"enc": "AAAAA"}, {"enc": "AB"}, {"key": "A+"}, {"keyId": "AAAA"}, {"kem": "X-Wing"}, {"kem": "a b"}], ids=str)
def test_recipients_of_unknown_kinds_are_skipped(page, site, tmp_path, change):
    owner, sealed = Owner(), tmp_path / "sealed.grdn"
    sealed.write_bytes(seal(b"clip", [{**FUTURE, **change}, (owner, "X-Wing")]).bytes)
    site.answers["/clip"] = sealed.read_bytes()
    verdict = "complete" if list(change.values()) in ([], ["AAAAAQ", "AA"]) else "refused: recipients"
    assert open_in(page, "/clip", owner.code)["verdict"] == verdict
    assert run(sealed, owner.code, tmp_path / "clip.mp4")[0] == verdict


def test_a_stanza_under_a_foreign_key_id_is_a_damaged_key(page, site, tmp_path):
    """A recipient who can open the clip may rewrite the list so that the owner's key id is not in it."""
    owner, sealed = Owner(), tmp_path / "sealed.grdn"
    clip = seal(b"clip", [(owner, "X-Wing")])
    own = b64(hashlib.sha256(owner.public("X-Wing")).digest()[:8]).encode()
    sealed.write_bytes(clip.bytes.replace(own, b"AAAAAAAAAAA"))
    site.answers["/clip"] = sealed.read_bytes()
    assert open_in(page, "/clip", owner.code)["verdict"] == run(sealed, owner.code, tmp_path / "clip.mp4")[0] == "refused: damaged key"


def test_both_openers_give_the_same_verdict_on_tampered_clips(page, site, vectors, tmp_path):
    """Flips bits, cuts the end off or inserts bytes at random offsets."""
    whole = (VECTORS / "s4096-many.grdn").read_bytes()
    chance = random.Random(20261124)
    sections = {"header": range(0, 380), "recipients": range(380, 2360), "body": range(2360, len(whole))}
    sealed = tmp_path / "sealed.grdn"
    for number in range(90):
        clip = bytearray(whole)
        offset = chance.choice(sections[list(sections)[number % 3]])
        if number % 5 == 0:
            del clip[offset:]
        elif number % 7 == 0:
            clip.insert(offset, chance.randrange(256))
        else:
            clip[offset] ^= 1 << chance.randrange(8)
        sealed.write_bytes(clip)
        site.answers["/tampered"] = bytes(clip)
        verdict, plain = run(sealed, vectors["ownerCode"], tmp_path / "clip.mp4")
        said = open_in(page, "/tampered", vectors["ownerCode"])
        assert said["verdict"] == verdict.split(" after ")[0], (number, offset)
        assert plain is None or len(plain) == said["size"], (number, offset)
        assert verdict != "complete", (number, offset)
