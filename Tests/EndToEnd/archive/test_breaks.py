"""Recorder and node fall again and again while clips leave: every event's clip is in the archive once, and whole."""

import random
import time

import pytest

from kit.archive import objects, opened, times
from kit.demo import Demo
from kit.faults import plan, seed
from kit.rest import clip_files, doctor, process_alone

SECONDS = 60


@pytest.mark.timeout(400)
def test_every_clip_is_in_the_archive_once_and_whole(tmp_path):
    chance = random.Random(seed())
    running = Demo(tmp_path / "state", "--for", str(SECONDS + 15)).until_up()
    try:
        began, killed = time.monotonic(), {}
        for at, part in plan(chance, ("edge", "node"), kills=4, seconds=SECONDS, apart=3):
            # The moment is the plan's, not a guess at how long something takes.
            time.sleep(max(0, began + at - time.monotonic()))
            if part in killed:
                running.until_restarted(part, killed[part])
            killed[part] = running.kill(part)
        _, summary = running.finish(240)
    finally:
        running.stop()
    state = running.state
    assert summary["events"] >= 4 and summary["open"] == 0
    assert summary["archived"] == summary["events"], summary
    found, files = objects(state), clip_files(state)
    with process_alone(state, "edge") as edge:
        named = {clip["id"] for event in edge.events() for clip in event["clips"]}
    assert named and named <= set(found)
    for clip in named:
        parts = sorted(found[clip])
        assert parts == list(range(len(parts)))
        seen = set()
        for part in parts:
            film = tmp_path / f"{clip}-{part}.mp4"
            said = opened(state, found[clip][part], film)
            assert said == "complete" or part < parts[-1], f"{clip} part {part} of {len(parts)}: {said}"
            seen |= times(film)
        assert seen == times(files[clip]), f"{clip} in {len(parts)} parts"
    assert doctor(state, "edge") == (0, [])
    assert doctor(state, "node") == (0, [])
