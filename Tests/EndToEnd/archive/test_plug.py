"""The thief takes the recorder: what had left it opens; when it comes back, the rest follows."""

import os
import random
import signal
import time

import pytest

from kit.archive import objects, opened, times
from kit.demo import Demo
from kit.faults import seed
from kit.rest import clip_files, doctor, process_alone
from kit.waiting import until

# The promise: all but the last 3 s of what the camera had sent.
LOST = 3_000


def recording(api):
    """The clips that are recorded and leave right now, newest first."""
    events = api.events()
    return list(dict.fromkeys(
        clip["id"] for event in events if event["archive"]["state"] == "uploading"
        for clip in event["clips"] if clip["state"] == "recording" and clip["duration"] > 5_000
    ))


@pytest.fixture
def chance():
    return random.Random(seed())


def pull(running, chance):
    """kill -9 of everything at once, at a moment of an event that nobody chose: the clips that were being recorded."""
    clips = until(lambda: recording(running.edge), 90, "a clip that leaves while it is recorded")
    # The moment is chance's, not a guess at how long something takes.
    time.sleep(chance.uniform(0, 4))
    clips = recording(running.edge) or clips
    pids = running.pids()
    os.kill(running.process.pid, signal.SIGKILL)
    for part in ("edge", "node", "cameras", "ai"):
        os.kill(pids[part], signal.SIGKILL)
    return clips


@pytest.mark.timeout(400)
def test_what_left_the_recorder_opens_and_the_rest_follows(tmp_path, chance):
    state = tmp_path / "state"
    running = Demo(state).until_up()
    try:
        clips = pull(running, chance)
    finally:
        running.stop()
    files = clip_files(state)
    had = {clip: times(files[clip]) for clip in clips}
    with process_alone(state, "node"):
        until(lambda: set(clips) <= set(objects(state)), 60, "the node ends the parts of which nothing comes any more")
        first = {clip: objects(state)[clip] for clip in clips}
        for clip in clips:
            assert list(first[clip]) == [0]
            assert opened(state, first[clip][0], tmp_path / f"{clip}-0.mp4").startswith("interrupted after")
            left = times(tmp_path / f"{clip}-0.mp4")
            assert left and left <= had[clip]
            print(f"{clip}: {max(had[clip])} ms were recorded, {max(had[clip]) - max(left)} ms are lost")
            assert max(had[clip]) - max(left) <= LOST
        with process_alone(state, "edge") as edge:
            until(
                lambda: all(
                    event["archive"]["state"] == "stored" for event in edge.events()
                    if any(clip["id"] in clips for clip in event["clips"])
                ), 60, "the rest follows once the recorder is back",
            )
        later = objects(state)
    for clip in clips:
        assert later[clip][0] == first[clip][0]
        parts = sorted(later[clip])
        assert parts == list(range(len(parts))) and len(parts) >= 2
        seen = set()
        for part in parts:
            film = tmp_path / f"{clip}-{part}.mp4"
            said = opened(state, later[clip][part], film)
            assert part < parts[-1] or said == "complete", said
            # Each plays by itself, and tells its own place in the clip.
            seen |= times(film)
        assert seen == times(clip_files(state)[clip])
    assert doctor(state, "edge") == (0, [])
    assert doctor(state, "node") == (0, [])
