"""`guardian demo --headless --for …`: the whole path from camera to archive, and whether its events describe its clips correctly."""

import subprocess

import pytest

from kit.api import moment
from kit.demo import Demo
from kit.places import FOOTAGE
from kit.probe import packets, picture, probe, video
from kit.rest import clip_files, process_alone, sha256
from kit.witness import overlap


@pytest.fixture(scope="module")
def finished(minute_demo):
    """The minute's demo after its end: (exit code, summary, state folder, processes still running)."""
    code, summary, leftovers = minute_demo.finish()
    return code, summary, minute_demo.state, leftovers


@pytest.fixture(scope="module")
def events(finished):
    """The events of the finished demo, from an edge restarted on its state folder."""
    with process_alone(finished[2], "edge") as api:
        found = [api.json(f"/api/v1/events/{event['id']}") for event in api.events()]
    assert found, "the finished demo has no event"
    return found


@pytest.mark.timeout(400)
def test_the_whole_path_works(finished):
    code, summary, state, leftovers = finished
    assert code == 0, summary
    assert summary["cameras"] == 2
    assert summary["events"] >= 4
    assert summary["open"] == 0
    assert summary["acknowledged"] == summary["clips"] == summary["events"]
    assert summary["errors"] == 0
    assert 0 < summary["latencyMs"]["p50"] <= summary["latencyMs"]["p99"]
    assert summary["state"] == str(state)
    assert leftovers == {}, "processes of the demo still run"


def test_no_part_waits_while_the_object_store_works(finished):
    log = (finished[2] / "logs" / "node.log").read_text()
    assert "part stored" in log and "part could not be shipped" not in log


def test_every_clip_of_an_event_is_a_file(finished, events):
    named = {clip["id"] for event in events for clip in event["clips"]}
    assert named and named <= set(clip_files(finished[2]))


def test_every_clip_opens_and_is_what_the_journal_says(finished, events):
    files = clip_files(finished[2])
    assert all(event["clips"] for event in events)
    for clip in {clip["id"]: clip for event in events for clip in event["clips"]}.values():
        path = files[clip["id"]]
        assert clip["state"] == "complete"
        assert path.stat().st_size == clip["size"]
        assert sha256(path) == clip["sha256"]
        description = probe(path)
        assert video(description)["codec_name"] == "h264"
        assert abs(float(description["format"]["duration"]) * 1000 - clip["duration"]) < 500


def test_every_clip_begins_before_its_event(finished, events):
    files = clip_files(finished[2])
    for event in events:
        first = event["clips"][0]
        pre_roll = moment(event["startedAt"]) - moment(first["startedAt"])
        assert pre_roll >= 2 or first["preRollShort"], event
        # The stream that is looked at may be connected some seconds before the one that is recorded: then no clip shows the beginning.
        if pre_roll < 0:
            assert first["from"] == 0, event
        else:
            assert abs(pre_roll * 1000 - first["from"]) < 1500
    for name in {event["clips"][0]["id"] for event in events}:
        assert "K" in packets(files[name])[0]["flags"]


@pytest.mark.timeout(600)
def test_the_person_is_where_the_event_says(finished, events, witness):
    files = clip_files(finished[2])
    sizes = {name: (stream["width"], stream["height"]) for name, path in files.items() for stream in [video(probe(path))]}
    total, hits, confirmed = 0, 0, 0
    # The witness takes seconds for an event; eight of them, over the whole time, tell as much as all.
    chosen = events[:: max(1, len(events) // 8)]
    for event in chosen:
        points = event["path"][:: max(1, len(event["path"]) // 5)]
        checked = seen = 0
        for after, *box in points:
            at = moment(event["startedAt"]) + after / 1000
            clip = next((c for c in reversed(event["clips"]) if moment(c["startedAt"]) <= at), event["clips"][0])
            # Media time 0 of a clip is its first packet; `from` is the event's start in its first clip, unless that began later.
            first = clip is event["clips"][0] and clip["from"] > 0
            offset = clip["from"] / 1000 + after / 1000 if first else at - moment(clip["startedAt"])
            if offset < 0:
                continue
            frame = picture(files[clip["id"]], offset, *sizes[clip["id"]])
            if frame is None:
                continue
            checked += 1
            seen += any(overlap(box, person) >= 0.3 for person in witness.persons(frame, box))
        assert checked, f"no point of the path of {event['id']} is in its clips"
        total, hits, confirmed = total + checked, hits + seen, confirmed + (seen * 2 >= checked)
        if seen * 2 < checked:
            print(f"{event['id']} at {event['camera']}: the witness sees the person at {seen} of {checked} points")
    # The witness has no tracks, and misses some persons who are half hidden behind the sign.
    assert hits >= 0.85 * total, f"{hits} of {total} points confirmed"
    assert confirmed >= 0.9 * len(chosen), f"{confirmed} of {len(chosen)} events confirmed"


@pytest.mark.timeout(300)
def test_runs_with_the_users_own_footage(tmp_path):
    film = tmp_path / "My holiday.mp4"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-ss", "10", "-t", "25", "-i", FOOTAGE / "vtest.avi", "-c:v", "mpeg4", "-q:v", "3", film], check=True
    )
    running = Demo(tmp_path / "state", "--for", "15", "--footage", str(film))
    try:
        code, summary = running.finish(180)
    finally:
        running.stop()
    assert code == 0, summary
    assert summary["cameras"] == 1 and summary["events"] >= 1
    assert summary["acknowledged"] == summary["clips"] == summary["events"]


@pytest.mark.torture
@pytest.mark.timeout(1200)
def test_waits_as_long_as_a_long_film_is_encoded(tmp_path):
    film = tmp_path / "long.avi"
    # A quarter of an hour of pictures, whose encoding takes longer than the 90 s in which a demo without footage must be up.
    subprocess.run(["ffmpeg", "-v", "error", "-stream_loop", "20", "-i", FOOTAGE / "vtest.avi", "-c", "copy", film], check=True)
    running = Demo(tmp_path / "state", "--for", "20", "--footage", str(film))
    try:
        code, summary = running.finish(900)
    finally:
        running.stop()
    assert "Waiting: encoding" in running.process.printed()
    assert code == 0 and summary["events"] >= 1, summary
