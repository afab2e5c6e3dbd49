"""The thief takes the recorder, or somebody cuts its line: what had left it opens; when it is back, the rest follows.

GUARDIAN_PLUGS says how often (2); the moments are chance's."""

import json
import os
import pathlib
import random
import subprocess
import time

import pytest

from kit.api import moment
from kit.archive import cut_to_whole_fragments, opened, times
from kit.faults import seed
from kit.installation import Installation, checkpoint
from kit.places import GUARDIAN, LOOPS
from kit.probe import packets
from kit.rest import clip_files, doctor
from kit.waiting import until

# The promise: all but the last 3 s of what the camera had sent.
LOST = 3_000
PLUGS = int(os.environ.get("GUARDIAN_PLUGS") or 2)
# From the moment that a line is back, in seconds, until what is recorded leaves again as it comes.
RETURN = 3
CAMERAS = {"second": LOOPS / "busy-1s.ts", "ten": LOOPS / "busy-10s.ts"}
# The recorder is taken; its line hangs in the air; it falls and is back at once; its line is closed; all of it falls.
PLUGGED = ("taken", "silent", "reboot", "closed", "everything")


def leaving(place, folder):
    """{clip: (camera, when it began)}: what is recorded and leaves right now, one a camera, or nothing yet."""
    found = {}
    for event in place.edge.json("/api/v1/events", params={"limit": 200})["items"]:
        for clip in event["clips"]:
            if event["archive"]["state"] == "uploading" and clip["state"] == "recording" and clip["duration"] > 5_000:
                found[clip["id"]] = (event["camera"], moment(clip["startedAt"]))
    if {camera for camera, _ in found.values()} != set(CAMERAS):
        return None
    # What follows after an earlier fall has come up to the present again.
    return found if all(is_up_to_date(place, clip, began, folder) for clip, (_, began) in found.items()) else None


def is_up_to_date(place, clip, began, folder):
    parts = place.parts(clip)
    if not parts or parts[-1]["status"] != "uploading" or not parts[-1]["size"]:
        return False
    if len(parts) == 1:
        return True
    at = time.time() - began
    sealed = place.fetch(clip, parts[-1]["part"], folder / "growing.grdn")
    opened(place.state, sealed, folder / "growing.mp4")
    return at - max(times(cut_to_whole_fragments(folder / "growing.mp4"))) / 1000 < 2


def pull(place, kind):
    """When it was done, in seconds since 1970."""
    now = time.time()
    if kind in ("silent", "closed"):
        (place.link.silence if kind == "silent" else place.link.close)()
    elif kind == "everything":
        place.kill("edge", "node", "cameras")
    else:
        place.kill("edge")
    return now


def ended(place, parts):
    """The parts that had been leaving, as they are stored; nothing before all of them are."""
    found = {(clip, number): next((part for part in place.parts(clip) if part["part"] == number), None) for clip, number in parts}
    return found if all(part and part["status"] in ("stored", "interrupted") and part["storedAt"] for part in found.values()) else None


def plays(film):
    """The pictures of its end decode without a complaint."""
    ran = subprocess.run(["ffmpeg", "-v", "error", "-sseof", "-2", "-i", film, "-map", "0:v", "-f", "null", "-"], capture_output=True, text=True)
    return ran.returncode == 0 and not ran.stderr


def proven(state, part, sealed, file):
    """Whether the object's checkpoint holds; and what is said of it. `file`: where to put the checkpoint."""
    file.write_bytes(checkpoint(part))
    ran = subprocess.run(
        [GUARDIAN, "archive", "verify", sealed, "--code-file", pathlib.Path(state) / "owner.code", "--checkpoint", file],
        capture_output=True, text=True, timeout=120,
    )
    return ran.returncode == 0 and "refuted" not in ran.stdout and "checkpoint" in ran.stdout, ran.stdout + ran.stderr


def newest(place, clips):
    """{clip: the number of its newest part of which something is at the node}. A recorder that is back at once brings more soon."""
    return {clip: max(part["part"] for part in place.parts(clip) if part["size"]) for clip in clips}


def examine(place, number, kind, at, clips, newest, folder):
    """What the owner opens after one pull. How many milliseconds it lacks of what the camera had sent, a camera."""
    parts = until(lambda: ended(place, newest.items()), 60, "the node ends the parts of which nothing comes any more")
    lost = {}
    for (clip, number_of_part), part in parts.items():
        camera, began = clips[clip]
        name = f"{number}-{clip}-{number_of_part}"
        sealed = place.fetch(clip, number_of_part, folder / f"{name}.grdn")
        assert part["interrupted"], part
        assert opened(place.state, sealed, folder / f"{name}.mp4").startswith("interrupted after")
        holds, said = proven(place.state, part, sealed, sealed.with_suffix(".checkpoint"))
        assert holds, said
        left = times(cut_to_whole_fragments(folder / f"{name}.mp4"))
        had = times(clip_files(place.state)[clip])
        assert left and left <= had | ({0} if number_of_part else set())
        assert packets(folder / f"{name}.mp4")[0]["flags"].startswith("K")
        assert plays(folder / f"{name}.mp4")
        # The camera went on until the pull, by the clock on the wall; the recorder's file has less of it.
        sent = (at - began) * 1000
        lost[camera] = sent - max(left)
        print(json.dumps({
            "pull": number, "kind": kind, "camera": camera, "part": number_of_part, "sent": round(sent), "lost": round(lost[camera]),
            "recorded": max((time for time in had if time <= sent), default=0), "clip": clip,
        }), flush=True)
    return lost


def back(place, kind):
    place.link.mend()
    if kind == "everything":
        place.show()
        place.start("edge")
    elif kind in ("taken", "reboot"):
        place.start("edge")


def whole(place, clip, item, folder):
    """Every part of a clip opens by itself, tells its own place, and together they are the recorder's file."""
    parts = [part["part"] for part in item["parts"]]
    assert parts == list(range(len(parts)))
    seen = set()
    for part in parts:
        name = folder / f"all-{clip}-{part}"
        said = opened(place.state, place.fetch(clip, part, name.with_suffix(".grdn")), name.with_suffix(".mp4"))
        assert part < parts[-1] or said == "complete", said
        seen |= times(cut_to_whole_fragments(name.with_suffix(".mp4")))
    assert seen == times(clip_files(place.state)[clip]), f"{clip} in {len(parts)} parts"


@pytest.mark.timeout(200 + 120 * PLUGS)
def test_what_left_the_recorder_opens_and_the_rest_follows(tmp_path):
    chance = random.Random(seed())
    kinds = [kind for _ in range(0, PLUGS, len(PLUGGED)) for kind in chance.sample(PLUGGED, len(PLUGGED))][:PLUGS]
    place = Installation(tmp_path, CAMERAS, recording=", maximum: 3600")
    lost, pulled = [], set()
    try:
        place.start()
        for number, kind in enumerate(kinds):
            clips = until(lambda: leaving(place, tmp_path), 90, "clips of both cameras that leave while they are recorded")
            # The moment is chance's, not a guess at how long something takes.
            time.sleep(chance.uniform(0, 4))
            at = pull(place, kind)
            pulled |= set(clips)
            if kind == "everything":
                place.start("node")
            left = newest(place, clips)
            if kind == "reboot":
                back(place, kind)
            lost += examine(place, number, kind, at, clips, left, tmp_path).values()
            if kind != "reboot":
                back(place, kind)
        assert pulled <= set(all_whole(place, "the recorder", tmp_path))
        place.processes["edge"].stop()
        place.processes["node"].stop()
        assert doctor(place.state, "edge") == (0, [])
        assert doctor(place.state, "node") == (0, [])
    finally:
        place.stop()
    print(f"{len(lost)} clips: at most {max(lost):.0f} ms were lost of what the cameras had sent")
    assert max(lost) <= LOST


@pytest.mark.timeout(420)
def test_a_second_pull_soon_after_the_first_takes_no_more(tmp_path):
    """The line was away until the node had ended the parts; what was recorded meanwhile follows first, and soon."""
    place = Installation(tmp_path, CAMERAS, recording=", maximum: 3600")
    lost = []
    try:
        place.start()
        for number, (first, second) in enumerate((("silent", "closed"), ("closed", "silent"))):
            clips = until(lambda: leaving(place, tmp_path), 90, "clips of both cameras that leave while they are recorded")
            parts = {clip: place.parts(clip)[-1]["part"] for clip in clips}
            pull(place, first)
            until(lambda: ended(place, parts.items()), 60, "the node ends the parts of which nothing comes any more")
            place.link.mend()
            # The promise is a time.
            time.sleep(RETURN)
            at = pull(place, second)
            lost += examine(place, number, f"{first}, {second}", at, clips, newest(place, clips), tmp_path).values()
            place.link.mend()
        all_whole(place, "the line", tmp_path)
    finally:
        place.stop()
    assert max(lost) <= LOST


@pytest.mark.timeout(300)
def test_a_store_that_is_away_holds_back_nothing_that_goes_on(tmp_path):
    """The node has what came before the line broke, on its own disk; what comes after does not wait for the store."""
    place = Installation(tmp_path, CAMERAS, recording=", maximum: 3600")
    folder, away = place.state / "archive", place.state / "archive-away"

    def waits(part):
        return part["interrupted"] and not part["storedAt"]

    try:
        place.start()
        clips = until(lambda: leaving(place, tmp_path), 90, "clips of both cameras that leave while they are recorded")
        folder.rename(away)
        folder.write_text("Here is no folder.")
        place.link.silence()
        until(
            lambda: all(waits(place.parts(clip)[-1]) for clip in clips), 60,
            "the node ends the parts of which nothing comes any more, and the store does not take them",
        )
        place.link.mend()

        def goes_on(clip):
            first, *rest = place.parts(clip)
            assert waits(first), first
            return rest and rest[0]["status"] == "uploading" and rest[0]["size"] > 1 << 20

        until(lambda: all(goes_on(clip) for clip in clips), 20, "the rest of the clips leaves, though the store is away")
        # A recorder that falls now owes receipts of two parts, and the rest; of what is not recorded any more one clip leaves at a time.
        place.kill("edge")
        place.start("edge")
        until(lambda: any(len(place.parts(clip)) > 2 for clip in clips), 40, "one goes on with a third part, though the store is away")
        folder.unlink()
        away.rename(folder)
        all_whole(place, "the store", tmp_path)
    finally:
        place.stop()


def all_whole(place, what, folder):
    """The archive's clips, once the cameras have stopped and all of them are stored and whole. `what`: that came back."""
    place.cameras.stop()
    items = until(lambda: all_stored(place), 120, f"all of it is stored once {what} is back")
    for clip, item in items.items():
        whole(place, clip, item, folder)
    return items


def all_stored(place):
    """All clips of all events, once the archive has them whole."""
    states = {event["archive"]["state"] for event in place.edge.events()}
    items = {item["clipId"]: item for item in place.archived()}
    return items if states == {"stored"} and all(item["status"] == "stored" for item in items.values()) else None
