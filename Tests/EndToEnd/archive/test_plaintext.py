"""Node, object store and edge contain no plaintext video, no camera names and no clip keys."""

import hashlib
import hmac
import random
import re
import runpy
import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric import x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kit.archive import SCRIPT, objects, opened
from kit.demo import Demo
from kit.places import LOOPS
from kit.rest import clip_files
from kit.waiting import until

MARKER = "GUARDIAN-MARKER-4f0c1d"
NAME = "Zebra crossing"


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A demo whose video contains a marker in every keyframe: (state, clip keys, where the edge's memory contains them)."""
    folder = tmp_path_factory.mktemp("plaintext")
    film = folder / f"{NAME}.ts"
    subprocess.run(
        [
            "ffmpeg", "-v", "error", "-i", LOOPS / "campus.ts", "-c", "copy", "-bsf:v",
            f"h264_metadata=sei_user_data=086f3693-b7b3-4f2c-9653-21492feee5b8+{MARKER}", film,
        ], check=True,
    )
    running = Demo(folder / "state", "--footage", str(film), environment={"GUARDIAN_RECORDING_MAXIMUM": "15"})
    try:
        running.until_up()
        until(lambda: len(objects(running.state)) >= 2, 150, "two clips are archived")
        keys = clip_keys(running.state, folder)
        memory = found_in_memory(running.pids()["edge"], [key for each in keys for key in each.values()])
    finally:
        running.stop()
    return running.state, keys, memory


def clip_keys(state, folder):
    """Returns the keys of each part by name: the clip key, the segments' key, and the shared secret and key of HPKE."""
    found = []
    for parts in objects(state).values():
        for path in parts.values():
            arguments = sys.argv
            sys.argv = [str(SCRIPT), str(path), str(state / "owner.code"), str(folder / "opened.mp4")]
            try:
                names = runpy.run_path(str(SCRIPT))
            finally:
                sys.argv = arguments
            segments = names["hkdf"](names["key"], names["bind"], names["preface"][1:33])
            found.append({"clip key": names["key"], "segments' key": segments, **hpke_keys(names)})
    assert found
    return found


def hpke_keys(names):
    """Returns X-Wing's shared secret and the key under which the clip key was sealed (RFC 9180, 5.1)."""
    def extract(salt, label, secret):
        return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + secret, "sha256")

    [(_, _, encapsulation, sealed)] = [recipient for recipient in names["own"] if recipient[0] == b"X-Wing"]
    encapsulation, suite = names["raw"](encapsulation), b"HPKE" + bytes([0x64, 0x7A, 0, 1, 0, 2])
    point, classical = encapsulation[1088:], names["classical"]
    agreed = classical.exchange(x25519.X25519PublicKey.from_public_bytes(point))
    shared = hashlib.sha3_256(
        names["quantum"].decapsulate(encapsulation[:1088]) + agreed + point + classical.public_key().public_bytes_raw() + b"\\.//^\\"
    ).digest()
    context = b"\0" + extract(b"", b"psk_id_hash", b"") + extract(b"", b"info_hash", names["CONTEXT"] + names["bind"])
    secret = extract(shared, b"secret", b"")
    def expand(label, length):
        return hmac.digest(secret, length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + context + b"\1", "sha256")[:length]

    key = expand(b"key", 32)
    assert AESGCM(key).decrypt(expand(b"base_nonce", 12), names["raw"](sealed), b"") == names["key"], "HPKE's key does not open the clip key"
    return {"X-Wing's secret": shared, "HPKE's key": key}


def found_in_memory(pid, secrets):
    """Returns the memory mappings of a process that contain each secret."""
    places, searched = {secret: [] for secret in secrets}, 0
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in maps:
            start, end = (int(address, 16) for address in line.split()[0].split("-"))
            if "r" not in line.split()[1] or line.rstrip().endswith(("[vvar]", "[vsyscall]", "[vdso]")):
                continue
            try:
                memory.seek(start)
                content = memory.read(end - start)
            except OSError:
                continue
            searched += len(content)
            for secret in secrets:
                if secret in content:
                    places[secret].append(line.split(maxsplit=5)[1:])
    assert searched, "no memory could be read"
    return places


def files(*folders):
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def samples(state):
    """Returns 24-byte samples from 40 random offsets of each clip and snapshot of the edge."""
    chance = random.Random(5)
    found = set()
    for path in [*clip_files(state).values(), *(state / "edge").rglob("*.jpg")]:
        body = path.read_bytes()
        for _ in range(40):
            offset = chance.randrange(max(1, len(body) - 24))
            sample = body[offset : offset + 24]
            if len(set(sample)) > 12:
                found.add(sample)
    return found


def test_the_search_finds_the_marker_in_the_edges_clips(finished):
    clips = [path.read_bytes() for path in clip_files(finished[0]).values()]
    assert any(MARKER.encode() in clip for clip in clips), "no clip of the edge contains the marker"
    assert all(clip[4:8] == b"ftyp" for clip in clips)
    assert len(samples(finished[0])) > 50


def test_the_node_and_its_store_hold_no_picture(finished):
    state = finished[0]
    recorded = samples(state)
    boxes = re.compile(rb"ftyp(iso|mp4|dash|cmf)|moov\x00\x00\x00|mvhd\x00|moof\x00\x00\x00|mfhd\x00|\xff\xd8\xff[\xe0\xdb]\x00.{0,2}JFIF|x264 - core", re.S)
    searched = files(state / "node", state / "archive", state / "logs")
    assert any(path.suffix == ".grdn" for path in searched) and any(path.suffix == ".sqlite" for path in searched)
    for path in searched:
        body = path.read_bytes()
        assert MARKER.encode() not in body, path
        assert not (found := boxes.search(body)), (path, found)
        assert not [sample for sample in recorded if sample in body], path


def test_objects_and_spool_name_no_camera(finished):
    state = finished[0]
    searched = files(state / "archive", state / "node" / "tenants" / "home" / "spool")
    assert searched
    for path in searched:
        assert "zebra" not in str(path).lower().removeprefix(str(state).lower())
        assert NAME.lower().encode() not in path.read_bytes().lower(), path


def test_the_edge_keeps_no_clip_key(finished):
    state, keys, _ = finished
    secrets = [secret for each in keys for secret in each.values()]
    assert len(secrets) >= 8
    searched = files(state / "edge", state / "logs", state / "node", state / "archive")
    assert searched
    for path in searched:
        body = path.read_bytes()
        assert not any(secret in body or secret.hex().encode() in body for secret in secrets), path


def test_the_edges_memory_keeps_no_key_of_a_finished_clip(finished):
    _, keys, memory = finished
    found = [(name, memory[secret]) for each in keys for name, secret in each.items() if memory[secret]]
    assert not found, "the edge's memory contains a finished clip's key"


def test_everything_opens_for_the_owner(finished, tmp_path):
    clips = objects(finished[0])
    assert clips
    for parts in clips.values():
        for path in parts.values():
            assert opened(finished[0], path, tmp_path / "clip.mp4")
