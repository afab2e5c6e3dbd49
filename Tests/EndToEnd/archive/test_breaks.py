"""Edge and node are killed repeatedly while clips are uploaded: every event's clip is in the archive once and complete."""

import random
import time

import pytest

from kit.archive import objects, opened, times
from kit.demo import Demo
from kit.faults import plan, seed
from kit.rest import clip_files, doctor, process_alone

pytestmark = pytest.mark.torture

SECONDS = 60


@pytest.mark.timeout(400)
def test_every_clip_is_in_the_archive_once_and_complete(tmp_path):
    chance = random.Random(seed())
    running = Demo(tmp_path / "state", "--for", str(SECONDS + 15)).until_up()
    try:
        began, killed = time.monotonic(), {}
        for at, name in plan(chance, ("edge", "node"), kills=4, seconds=SECONDS, apart=3):
            # Waits for the planned time, not for a condition.
            time.sleep(max(0, began + at - time.monotonic()))
            if name in killed:
                running.until_restarted(name, killed[name])
            killed[name] = running.kill(name)
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
            output = tmp_path / f"{clip}-{part}.mp4"
            verdict = opened(state, found[clip][part], output)
            assert verdict == "complete" or part < parts[-1], f"{clip} part {part} of {len(parts)}: {verdict}"
            seen |= times(output)
        assert seen == times(files[clip]), f"{clip} in {len(parts)} parts"
    assert doctor(state, "edge") == (0, [])
    assert doctor(state, "node") == (0, [])
