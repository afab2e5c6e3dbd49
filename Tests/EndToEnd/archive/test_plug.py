"""Interruptions of an upload: the edge is killed, or its link to the node is cut. What was uploaded before opens, and the rest is
uploaded once edge and link work again.

One interruption in `make test`, five in `make torture`, or GUARDIAN_PLUGS of them. Kinds and times come from the seed."""

import json
import os
import pathlib
import random
import subprocess
import time

import pytest

from kit.api import moment
from kit.archive import cut_to_whole_fragments, opened, times
from kit.faults import TORTURE, seed
from kit.installation import Installation, checkpoint
from kit.places import GUARDIAN, LOOPS
from kit.probe import packets
from kit.rest import clip_files, doctor
from kit.waiting import until

pytestmark = pytest.mark.faults

# Milliseconds of video before an interruption that may be missing in the archive.
MAXIMUM_LOSS = 3_000
INTERRUPTIONS = int(os.environ.get("GUARDIAN_PLUGS") or (5 if TORTURE else 1))
# Seconds after the link is restored until the upload has caught up with the recording.
CATCH_UP = 3
CAMERAS = {"second": LOOPS / "busy-1s.ts", "ten": LOOPS / "busy-10s.ts"}
# A clip goes on when its event ends, which it does under load: then "ten" is not analysed from one keyframe to the next, for longer than an
# event waits for a sighting.
LONG_CLIPS = ", maximum: 3600, postRoll: 60"
# Edge killed and restarted late; link silent; edge killed and restarted at once; link closed; edge, node and cameras killed.
KINDS = ("taken", "silent", "reboot", "closed", "everything")
PAIRS = (("silent", "closed"), ("closed", "silent"))[: 2 if TORTURE else 1]


def live_uploads(installation, folder):
    """Returns the clips that are being recorded and uploaded now, {clip: (camera, start)}; None until there is one for each camera."""
    found = {}
    for event in installation.edge.json("/api/v1/events", params={"limit": 200})["items"]:
        for clip in event["clips"]:
            if event["archive"]["state"] == "uploading" and clip["state"] == "recording" and clip["duration"] > 5_000:
                found[clip["id"]] = (event["camera"], moment(clip["startedAt"]))
    if {camera for camera, _ in found.values()} != set(CAMERAS):
        return None
    # After an earlier interruption, the upload must have caught up with the recording.
    return found if all(is_up_to_date(installation, clip, began, folder) for clip, (_, began) in found.items()) else None


def is_up_to_date(installation, clip, began, folder):
    """Returns whether the upload of a clip is less than 2 s behind the recording."""
    parts = installation.parts(clip)
    if not parts or parts[-1]["status"] != "uploading" or not parts[-1]["size"]:
        return False
    if len(parts) == 1:
        return True
    at = time.time() - began
    sealed = installation.fetch(clip, parts[-1]["part"], folder / "growing.grdn")
    opened(installation.state, sealed, folder / "growing.mp4")
    return at - max(times(cut_to_whole_fragments(folder / "growing.mp4"))) / 1000 < 2


def interrupt(installation, kind):
    """Causes an interruption of one of KINDS. Returns its time in seconds since 1970."""
    now = time.time()
    if kind in ("silent", "closed"):
        (installation.link.silence if kind == "silent" else installation.link.close)()
    elif kind == "everything":
        installation.kill("edge", "node", "cameras")
    else:
        installation.kill("edge")
    return now


def ended_parts(installation, parts):
    """Returns the given parts once all of them are in the object store, {(clip, number): part}; None before."""
    found = {(clip, number): next((part for part in installation.parts(clip) if part["part"] == number), None) for clip, number in parts}
    return found if all(part and part["status"] in ("stored", "interrupted") and part["storedAt"] for part in found.values()) else None


def decodes(file):
    """Returns whether the frames of the last two seconds decode without an error."""
    # The frames' own times: at a constant rate, ffmpeg reports as an error that two frames round to one time.
    times = ("-fps_mode", "passthrough", "-enc_time_base", "-1")
    ran = subprocess.run(["ffmpeg", "-v", "error", "-sseof", "-2", "-i", file, "-map", "0:v", *times, "-f", "null", "-"], capture_output=True, text=True)
    return ran.returncode == 0 and not ran.stderr


def verify_checkpoint(state, part, sealed, file):
    """Verifies a part against its newest checkpoint, which is written to `file`. Returns (whether it holds, the command's output)."""
    file.write_bytes(checkpoint(part))
    ran = subprocess.run(
        [GUARDIAN, "archive", "verify", sealed, "--code-file", pathlib.Path(state) / "owner.code", "--checkpoint", file],
        capture_output=True, text=True, timeout=120,
    )
    return ran.returncode == 0 and "refuted" not in ran.stdout and "checkpoint" in ran.stdout, ran.stdout + ran.stderr


def newest_parts(installation, clips):
    """Returns {clip: number of its newest part of which the node has bytes}. Call it before an edge is restarted, which adds parts."""
    return {clip: max(part["part"] for part in installation.parts(clip) if part["size"]) for clip in clips}


def check_interrupted_parts(installation, number, kind, at, clips, newest, folder):
    """Opens the parts that an interruption ended. Returns the milliseconds before the interruption that are missing, by camera."""
    parts = until(lambda: ended_parts(installation, newest.items()), 60, "the node has ended and stored the interrupted parts")
    lost = {}
    for (clip, number_of_part), part in parts.items():
        camera, began = clips[clip]
        name = f"{number}-{clip}-{number_of_part}"
        sealed = installation.fetch(clip, number_of_part, folder / f"{name}.grdn")
        assert part["interrupted"], part
        assert opened(installation.state, sealed, folder / f"{name}.mp4").startswith("interrupted after")
        holds, output = verify_checkpoint(installation.state, part, sealed, sealed.with_suffix(".checkpoint"))
        assert holds, output
        archived = times(cut_to_whole_fragments(folder / f"{name}.mp4"))
        recorded = times(clip_files(installation.state)[clip])
        assert archived and archived <= recorded | ({0} if number_of_part else set())
        assert packets(folder / f"{name}.mp4")[0]["flags"].startswith("K")
        assert decodes(folder / f"{name}.mp4")
        # The camera sent until the interruption, measured by the wall clock. The edge's file may end earlier.
        sent = (at - began) * 1000
        if kind not in ("taken", "reboot", "everything"):
            # The edge went on, so that its file tells what the camera had really sent.
            sent = max(time for time in recorded if time <= sent)
        lost[camera] = sent - max(archived)
        print(json.dumps({
            "interruption": number, "kind": kind, "camera": camera, "part": number_of_part, "sent": round(sent), "lost": round(lost[camera]),
            "recorded": max((time for time in recorded if time <= sent), default=0), "clip": clip,
        }), flush=True)
    return lost


def recover(installation, kind):
    """Restores the link and restarts what the interruption killed, except the node."""
    installation.link.restore()
    if kind == "everything":
        installation.start_cameras()
        installation.start("edge")
    elif kind in ("taken", "reboot"):
        installation.start("edge")


def check_clip(installation, clip, item, folder):
    """Checks that every part of a clip opens by itself, and that together they contain the frames of the edge's file."""
    parts = [part["part"] for part in item["parts"]]
    assert parts == list(range(len(parts)))
    seen = set()
    for part in parts:
        name = folder / f"all-{clip}-{part}"
        verdict = opened(installation.state, installation.fetch(clip, part, name.with_suffix(".grdn")), name.with_suffix(".mp4"))
        assert part < parts[-1] or verdict == "complete", verdict
        seen |= times(cut_to_whole_fragments(name.with_suffix(".mp4")))
    assert seen == times(clip_files(installation.state)[clip]), f"{clip} in {len(parts)} parts"


@pytest.mark.timeout(400 + 240 * INTERRUPTIONS)
def test_uploaded_parts_open_and_the_rest_is_uploaded_later(tmp_path):
    chance = random.Random(seed())
    kinds = [kind for _ in range(0, INTERRUPTIONS, len(KINDS)) for kind in chance.sample(KINDS, len(KINDS))][:INTERRUPTIONS]
    installation = Installation(tmp_path, CAMERAS, recording=LONG_CLIPS)
    lost, interrupted = [], set()
    try:
        installation.start()
        for number, kind in enumerate(kinds):
            clips = until(lambda: live_uploads(installation, tmp_path), 90, "clips of both cameras are being recorded and uploaded")
            # Waits for a random time, not for a condition.
            time.sleep(chance.uniform(0, 4))
            at = interrupt(installation, kind)
            interrupted |= set(clips)
            if kind == "everything":
                installation.start("node")
            newest = newest_parts(installation, clips)
            if kind == "reboot":
                recover(installation, kind)
            lost += check_interrupted_parts(installation, number, kind, at, clips, newest, tmp_path).values()
            if kind != "reboot":
                recover(installation, kind)
        assert interrupted <= set(check_all_clips(installation, "edge", tmp_path))
        installation.processes["edge"].stop()
        installation.processes["node"].stop()
        assert doctor(installation.state, "edge") == (0, [])
        assert doctor(installation.state, "node") == (0, [])
    finally:
        installation.stop()
    print(f"{len(lost)} clips: at most {max(lost):.0f} ms before the interruption are missing")
    assert max(lost) <= MAXIMUM_LOSS


@pytest.mark.timeout(900)
def test_a_second_interruption_soon_after_the_first_loses_no_more(tmp_path):
    """The link is down until the node has ended the parts. Then the edge first uploads what it recorded meanwhile, within CATCH_UP."""
    installation = Installation(tmp_path, CAMERAS, recording=LONG_CLIPS)
    lost = []
    try:
        installation.start()
        for number, (first, second) in enumerate(PAIRS):
            clips = until(lambda: live_uploads(installation, tmp_path), 90, "clips of both cameras are being recorded and uploaded")
            parts = {clip: installation.parts(clip)[-1]["part"] for clip in clips}
            interrupt(installation, first)
            until(lambda: ended_parts(installation, parts.items()), 60, "the node has ended and stored the interrupted parts")
            installation.link.restore()
            # The promised time, not a condition.
            time.sleep(CATCH_UP)
            at = interrupt(installation, second)
            lost += check_interrupted_parts(installation, number, f"{first}, {second}", at, clips, newest_parts(installation, clips), tmp_path).values()
            installation.link.restore()
        check_all_clips(installation, "link", tmp_path)
    finally:
        installation.stop()
    assert max(lost) <= MAXIMUM_LOSS


@pytest.mark.torture
@pytest.mark.timeout(600)
def test_an_unavailable_store_does_not_delay_continuations(tmp_path):
    """The node keeps the interrupted parts in its spool. The continuations do not wait until the object store accepts those parts."""
    installation = Installation(tmp_path, CAMERAS, recording=LONG_CLIPS)
    folder, moved = installation.state / "archive", installation.state / "archive-away"

    def waits(part):
        return part["interrupted"] and not part["storedAt"]

    try:
        installation.start()
        clips = until(lambda: live_uploads(installation, tmp_path), 90, "clips of both cameras are being recorded and uploaded")
        folder.rename(moved)
        folder.write_text("This is not a folder.")
        installation.link.silence()
        until(
            lambda: all(waits(installation.parts(clip)[-1]) for clip in clips), 60,
            "the node has ended the interrupted parts and cannot store them",
        )
        installation.link.restore()

        def continues(clip):
            first, *rest = installation.parts(clip)
            assert waits(first), first
            return rest and rest[0]["status"] == "uploading" and rest[0]["size"] > 1 << 20

        until(lambda: all(continues(clip) for clip in clips), 60, "the continuations are being uploaded while the store is unavailable")
        # An edge that is killed now has two parts without receipt and the rest of each clip to upload. Complete clips are uploaded one at a time.
        installation.kill("edge")
        installation.start("edge")
        until(lambda: any(len(installation.parts(clip)) > 2 for clip in clips), 90, "a clip has a third part while the store is unavailable")
        folder.unlink()
        moved.rename(folder)
        check_all_clips(installation, "object store", tmp_path)
    finally:
        installation.stop()


def check_all_clips(installation, recovered, folder):
    """Stops the cameras, waits until all clips are stored and checks each. Returns them by id. `recovered`: what works again."""
    installation.cameras.stop()
    items = until(lambda: stored_items(installation), 120, f"all clips are stored after the {recovered} works again")
    for clip, item in items.items():
        check_clip(installation, clip, item, folder)
    return items


def stored_items(installation):
    """Returns the archive's clips by id once all clips of all events are stored; None before."""
    states = {event["archive"]["state"] for event in installation.edge.events()}
    items = {item["clipId"]: item for item in installation.archived()}
    return items if states == {"stored"} and all(item["status"] == "stored" for item in items.values()) else None
