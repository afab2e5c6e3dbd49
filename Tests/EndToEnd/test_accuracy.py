"""`guardian analyze`: runs the code of the live path on a video file."""

import concurrent.futures
import json
import subprocess

import pytest

from kit.places import FOOTAGE, GUARDIAN, LOOPS, ROOT

pytestmark = pytest.mark.parallel


def analyze(file, *arguments):
    ran = subprocess.run(
        [GUARDIAN, "analyze", file, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=250
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def analyses():
    """The output for the same file three times: events, events again, MOT lines. The analyses run in parallel to save time."""
    formats = ([], [], ["--format", "mot"])
    with concurrent.futures.ThreadPoolExecutor(len(formats)) as pool:
        return list(pool.map(lambda options: analyze(FOOTAGE / "vtest.avi", *options), formats))


def test_the_campus_has_the_expected_number_of_events(analyses):
    events = [json.loads(line) for line in analyses[0].splitlines()]
    # The published ground truth of PETS 2009 S2.L1 has 19 persons; at most six more events are accepted.
    assert 18 <= len(events) <= 25
    for event in events:
        assert event["label"] == "person" and event["state"] == "closed"
        assert event["startedAt"].startswith("1970-01-01T00:0")
        assert 0 < event["confidence"] <= 1 and event["path"] and all(len(point) == 5 for point in event["path"])
        # The other fields of the API's Event JSON, which have no values for a file.
        assert event["clips"] == [] and event["snapshot"] is None
        assert event["archive"] == {"state": "off", "objectKey": None, "reason": None}
        assert event["delivery"]["state"] == "waiting" and event["delivery"]["acknowledgedAt"] is None


def test_gives_the_same_output_on_each_run(analyses):
    assert analyses[0] == analyses[1]


def test_writes_a_line_for_every_frame_and_person(analyses):
    lines = analyses[2].splitlines()
    rows = [[float(field) for field in line.split(",")] for line in lines]
    assert all(len(row) == 10 and row[7:] == [-1, -1, -1] for row in rows)
    frames = {row[0] for row in rows}
    assert min(frames) >= 1 and max(frames) <= 795 and len(frames) > 750
    # The ground truth has 4,650 boxes.
    assert 3900 <= len(rows) <= 5600
    assert len({(row[0], row[1]) for row in rows}) == len(rows)


def test_an_empty_scene_with_changing_light_and_noise_has_no_event():
    assert analyze(LOOPS / "empty.ts") == ""


def test_says_in_one_line_that_a_file_is_no_video(tmp_path):
    file = tmp_path / "no.mp4"
    file.write_text("not a film")
    ran = subprocess.run([GUARDIAN, "analyze", file], cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert ran.returncode == 1 and len(ran.stderr.strip().splitlines()) == 1 and str(file) in ran.stderr
