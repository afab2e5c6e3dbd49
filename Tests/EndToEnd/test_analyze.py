"""`guardian analyze`: what the command prints. AccuracyTests has how many persons it finds, and that each run finds the same."""

import json
import subprocess

import pytest

from kit.places import GUARDIAN, LOOPS, ROOT

pytestmark = pytest.mark.parallel

# Twenty seconds at 15 frames a second, with several people all the time.
FILM, FRAMES = LOOPS / "busy-2s.ts", 300


def analyze(file, *arguments):
    ran = subprocess.run(
        [GUARDIAN, "analyze", file, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=250
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()


def test_prints_the_events_as_the_api_has_them():
    events = [json.loads(line) for line in analyze(FILM)]
    assert 5 <= len(events) <= 20
    for event in events:
        assert event["label"] == "person" and event["state"] == "closed"
        assert event["startedAt"].startswith("1970-01-01T00:0")
        assert 0 < event["confidence"] <= 1 and event["path"] and all(len(point) == 5 for point in event["path"])
        # The other fields of the API's Event JSON, which have no values for a file.
        assert event["clips"] == [] and event["snapshot"] is None
        assert event["archive"] == {"state": "off", "objectKey": None, "reason": None}
        assert event["delivery"]["state"] == "waiting" and event["delivery"]["acknowledgedAt"] is None


def test_writes_a_line_for_every_frame_and_person():
    rows = [[float(field) for field in line.split(",")] for line in analyze(FILM, "--format", "mot")]
    assert all(len(row) == 10 and row[7:] == [-1, -1, -1] for row in rows)
    frames = {row[0] for row in rows}
    assert min(frames) >= 1 and max(frames) <= FRAMES and len(frames) > 0.9 * FRAMES
    assert len({(row[0], row[1]) for row in rows}) == len(rows)


def test_says_in_one_line_that_a_file_is_no_video(tmp_path):
    file = tmp_path / "no.mp4"
    file.write_text("not a film")
    ran = subprocess.run([GUARDIAN, "analyze", file], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 1 and len(ran.stderr.strip().splitlines()) == 1 and str(file) in ran.stderr
