"""What a thief of the node, of its store or of the edge finds: no picture, no name, no key."""

import random
import re
import runpy
import subprocess
import sys

import pytest

from kit.archive import SCRIPT, objects, opened
from kit.demo import Demo
from kit.places import LOOPS
from kit.rest import clip_files
from kit.waiting import until

MARKER = "GUARDIAN-MARKER-4f0c1d"
NAME = "Zebra crossing"


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A demo whose film carries a marker in every key picture: (state, clip keys, the edge's memory after its clips)."""
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
        memory = found_in_memory(running.pids()["edge"], [key for pair in keys for key in pair])
    finally:
        running.stop()
    return running.state, keys, memory


def clip_keys(state, folder):
    """What the owner's secret opens each clip to: (clip key, segments' key)."""
    found = []
    for parts in objects(state).values():
        for path in parts.values():
            arguments = sys.argv
            sys.argv = [str(SCRIPT), str(path), str(state / "owner.code"), str(folder / "opened.mp4")]
            try:
                names = runpy.run_path(str(SCRIPT))
            finally:
                sys.argv = arguments
            found.append((names["key"], names["hkdf"](names["key"], names["bind"], names["preface"][1:33])))
    assert found
    return found


def found_in_memory(pid, secrets):
    """Where each secret stands in a process' memory."""
    places = {secret: [] for secret in secrets}
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in maps:
            start, end = (int(part, 16) for part in line.split()[0].split("-"))
            if "r" not in line.split()[1] or line.rstrip().endswith(("[vvar]", "[vsyscall]", "[vdso]")):
                continue
            try:
                memory.seek(start)
                piece = memory.read(end - start)
            except OSError:
                continue
            for secret in secrets:
                if secret in piece:
                    places[secret].append(line.split(maxsplit=5)[1:])
    return places


def files(*folders):
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def windows(state):
    """24 bytes from 40 places of everything that the edge recorded: clips and pictures."""
    chance = random.Random(5)
    found = set()
    for path in [*clip_files(state).values(), *(state / "edge").rglob("*.jpg")]:
        body = path.read_bytes()
        for _ in range(40):
            place = chance.randrange(max(1, len(body) - 24))
            window = body[place:place + 24]
            if len(set(window)) > 12:
                found.add(window)
    return found


def test_the_search_finds_what_is_there(finished):
    clips = [path.read_bytes() for path in clip_files(finished[0]).values()]
    assert any(MARKER.encode() in clip for clip in clips), "the marker is in the edge's own clips"
    assert all(clip[4:8] == b"ftyp" for clip in clips)
    assert len(windows(finished[0])) > 50


def test_the_node_and_its_store_hold_no_picture(finished):
    state = finished[0]
    told = windows(state)
    boxes = re.compile(rb"ftyp(iso|mp4|dash|cmf)|moov\x00\x00\x00|mvhd\x00|moof\x00\x00\x00|mfhd\x00|\xff\xd8\xff[\xe0\xdb]\x00.{0,2}JFIF|x264 - core", re.S)
    looked = files(state / "node", state / "archive", state / "logs")
    assert any(path.suffix == ".grdn" for path in looked) and any(path.suffix == ".sqlite" for path in looked)
    for path in looked:
        body = path.read_bytes()
        assert MARKER.encode() not in body, path
        assert not (found := boxes.search(body)), (path, found)
        assert not [window for window in told if window in body], path


def test_objects_and_spool_name_no_camera(finished):
    state = finished[0]
    for path in files(state / "archive", state / "node" / "tenants" / "home" / "spool"):
        assert "zebra" not in str(path).lower().removeprefix(str(state).lower())
        assert NAME.lower().encode() not in path.read_bytes().lower(), path


def test_the_edge_keeps_no_clip_key(finished):
    state, keys, _ = finished
    secrets = [secret for pair in keys for secret in pair]
    assert len(secrets) >= 4
    for path in files(state / "edge", state / "logs", state / "node", state / "archive"):
        body = path.read_bytes()
        assert not any(secret in body or secret.hex().encode() in body for secret in secrets), path


@pytest.mark.xfail(strict=False, reason="swift-crypto frees AES's key schedule unwiped; the next sealing on that thread overwrites it, others do not")
def test_the_edges_memory_keeps_no_segments_key(finished):
    _, keys, memory = finished
    secrets = [secret for pair in keys for secret in pair]
    left = [(("clip key", "segments' key")[index % 2], memory[secret]) for index, secret in enumerate(secrets) if memory[secret]]
    assert not left, "a finished clip's key is in the edge's memory"


def test_the_edges_memory_keeps_no_clip_key(finished):
    _, keys, memory = finished
    assert not [key for key, _ in keys if memory[key]], "a finished clip's key is in the edge's memory"


def test_everything_opens_for_the_owner(finished, tmp_path):
    for parts in objects(finished[0]).values():
        for path in parts.values():
            assert opened(finished[0], path, tmp_path / "film.mp4")
