"""Cameras are added, changed, paused and removed by API and command line while others record."""

import json
import pathlib
import subprocess

import pytest

from kit.api import moment
from kit.camera import Camera
from kit.faults import TORTURE
from kit.installation import Installation
from kit.places import GUARDIAN, LOOPS
from kit.probe import packets
from kit.rest import clip_files, doctor
from kit.waiting import until

LOCAL = "allowLocalCameraAddresses: true\n"
OTHERS, ROUNDS = (9, 100) if TORTURE else (2, 5)


class Recorder:
    """An installation whose cameras may be changed, and a camera that is not in its configuration."""

    def __init__(self, folder, mounts, others, **options):
        self.installation = Installation(folder, mounts, archive=False, settings=LOCAL, **options)
        self.extra = Camera(folder / "extra", others)
        self.edge = self.installation.edge

    def camera(self, name):
        return self.edge.json(f"/api/v1/cameras/{name}")

    def names(self):
        return [camera["id"] for camera in self.edge.json("/api/v1/cameras")["items"]]

    def live(self, *names, seconds=60):
        for name in names:
            until(lambda: self.camera(name)["state"] == "live", seconds, f"{name} is live")

    def command(self, *arguments, code=0):
        ran = subprocess.run(
            [GUARDIAN, "camera", *map(str, arguments), "--config", self.installation.state / "edge.yaml"], capture_output=True, text=True, timeout=120)
        assert ran.returncode == code, ran.stdout + ran.stderr
        return ran.stdout + ran.stderr

    def stop(self):
        self.extra.stop()
        self.installation.stop()


@pytest.fixture
def recorder(tmp_path):
    made = []

    def make(mounts, others, **options):
        made.append(Recorder(tmp_path, mounts, others, **options))
        made[-1].installation.start()
        return made[-1]

    yield make
    for each in made:
        each.stop()


@pytest.mark.timeout(900)
def test_a_camera_lives_from_its_test_to_its_removal(recorder, tmp_path):
    one = recorder({"front": LOOPS / "busy-10s.ts"}, {"yard": LOOPS / "busy-10s.ts", "gate": LOOPS / "campus-sub.ts"})
    one.live("front")
    yard, gate = one.extra.urls["yard"], one.extra.urls["gate"]

    found = one.edge.send("POST", "/api/v1/camera-tests", {"source": yard})
    assert found["ok"] and found["codec"] == "h264" and found["width"] > 0 and found["fps"] > 1, found
    # Its keyframes come every ten seconds, for longer than a test lasts.
    assert found["gopSeconds"] is None and any("keyframe" in advice for advice in found["advice"]), found
    measured = one.edge.send("POST", "/api/v1/camera-tests", {"source": gate})
    assert measured["ok"] and measured["gopSeconds"] > 0, measured
    wrong = one.edge.send("POST", "/api/v1/camera-tests", {"source": yard.replace("/yard", "/none")})
    assert not wrong["ok"] and wrong["reason"]

    added = one.edge.send("POST", "/api/v1/cameras", {"id": "yard", "name": "Yard", "source": yard, "username": "me", "password": "hunter2"}, expect=201)
    assert added["settings"]["hasPassword"] and added["settings"]["source"] == yard
    one.live("yard")
    event = until(lambda: next(iter(one.edge.events(camera="yard")), None), 120, "an event at the yard")

    assert "gate" in one.command("add", "The gate", gate, "--id", "gate")
    one.live("gate")
    assert "The gate" in one.command("list")
    assert "It works" in one.command("test", "gate")
    assert "password" in one.command("add", "Leaky", "rtsp://u:hunter2@127.0.0.1/", code=1)

    assert one.edge.send("PUT", "/api/v1/cameras/yard", {"name": "Court"})["name"] == "Court"
    reconnects = one.camera("yard")["reconnects"]
    assert one.camera("yard")["state"] == "live" and reconnects == 0, "a name restarted the camera"

    one.command("pause", "yard")
    assert one.camera("yard")["state"] == "paused"
    gap = until(lambda: next((gap for gap in one.edge.coverage() if gap["camera"] == "yard" and gap["reason"] == "camera_paused"), None), 60, "the coverage names the pause")
    assert gap["to"] is None and "paused" in gap["text"]

    state = one.installation.state / "edge"
    assert "hunter2" not in (state / "camera-settings.json").read_text()
    assert "hunter2" in (state / "camera-passwords.json").read_text()
    assert (state / "camera-settings.json").stat().st_mode & 0o777 == (state / "camera-passwords.json").stat().st_mode & 0o777 == 0o600

    one.installation.processes["edge"].stop()
    one.installation.start("edge")
    assert one.names() == ["front", "yard", "gate"]
    one.live("front", "gate")
    assert one.camera("yard")["state"] == "paused" and one.camera("yard")["name"] == "Court"
    one.command("resume", "yard")
    one.live("yard")
    gaps = until(lambda: [gap for gap in one.edge.coverage() if gap["camera"] == "yard" and gap["reason"] == "camera_paused" and gap["to"]], 60, "the pause has ended")
    assert all(moment(gap["from"]) <= moment(gap["to"]) for gap in gaps)

    until(lambda: not [each for each in one.edge.events(camera="yard") if each["id"] == event["id"] and each["state"] == "open"], 60, "the event is closed")
    clips = one.edge.json(f"/api/v1/events/{event['id']}")["clips"]
    assert clips
    one.edge.send("DELETE", "/api/v1/cameras/yard", expect=204)
    one.command("remove", "gate")
    assert one.names() == ["front"]
    assert one.edge.get("/api/v1/cameras/yard").status_code == 404
    assert event["id"] in [each["id"] for each in one.edge.events(camera="yard")]
    for clip in clips:
        assert one.edge.get(clip["url"]).status_code in (200, 206)
    assert 'camera="yard"' not in one.edge.get("/metrics").text

    exported = tmp_path / "cameras.yaml"
    one.command("export", "--output", exported)
    assert "front" in exported.read_text() and "yard" not in exported.read_text()
    printed = pathlib.Path(one.installation.processes["edge"].errors).read_text()
    assert "hunter2" not in printed
    audit = [entry["action"] for entry in one.edge.json("/api/v1/audit")["items"]]
    assert audit.count("camera_added") == 2 and audit.count("camera_removed") == 2 and "camera_changed" in audit


@pytest.mark.timeout(400)
def test_the_configuration_is_merged_in_and_damage_is_set_aside(recorder):
    one = recorder({"front": LOOPS / "campus-sub.ts"}, {"yard": LOOPS / "campus-sub.ts"})
    one.edge.send("POST", "/api/v1/cameras", {"id": "yard", "name": "Yard", "source": one.extra.urls["yard"]}, expect=201)
    one.edge.send("PUT", "/api/v1/cameras/front", {"name": "My door"})
    one.installation.processes["edge"].stop()
    settings = one.installation.state / "edge" / "camera-settings.json"
    assert json.loads(settings.read_text())["cameras"][0]["name"] == "My door"
    settings.write_text("{ damaged")
    one.installation.start("edge")
    assert one.names() == ["front"]
    problems = one.edge.status()["problems"]
    assert any("set aside" in problem["what"] and ".damaged-" in problem["where"] for problem in problems), problems
    assert [file.read_text() for file in settings.parent.glob("camera-settings.json.damaged-*")] == ["{ damaged"]


def missing(recorder, name):
    return recorder.camera(name)["reconnects"], next(
        float(line.split()[-1]) for line in recorder.edge.get("/metrics").text.splitlines()
        if line.startswith("guardian_camera_packets_missing") and f'camera="{name}"' in line)


def resident(recorder):
    """Bytes of the edge's memory."""
    status = pathlib.Path(f"/proc/{recorder.installation.processes['edge'].pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) << 10


@pytest.mark.faults
@pytest.mark.timeout(2400 if TORTURE else 600)
def test_others_lose_no_frame_while_a_camera_comes_and_goes(recorder):
    others = [f"other{number}" for number in range(OTHERS)]
    one = recorder({name: LOOPS / "busy-10s.ts" for name in others}, {"guest": LOOPS / "campus-sub.ts", "moved": LOOPS / "campus-sub.ts"}, recording=", maximum: 10")
    one.live(*others)
    until(lambda: all(one.camera(name)["recording"] for name in others), 90, "all others record")
    before = {name: missing(one, name) for name in others}
    memory = None
    for number in range(ROUNDS):
        one.edge.send("POST", "/api/v1/cameras", {"id": "guest", "name": "Guest", "source": one.extra.urls["guest"]}, expect=201)
        one.live("guest")
        one.edge.send("PUT", "/api/v1/cameras/guest", {"source": one.extra.urls["moved"]})
        one.live("guest")
        one.edge.send("DELETE", "/api/v1/cameras/guest", expect=204)
        if number == ROUNDS // 10:
            memory = resident(one)
    grown = resident(one) - memory
    assert {name: missing(one, name) for name in others} == before

    def complete():
        found = {clip["id"]: clip for clip in one.edge.clips() if clip["state"] == "complete"}
        return found if {clip["camera"] for clip in found.values()} >= set(others) else None

    clips = until(complete, 120, "each of the others has a complete clip")
    one.installation.processes["edge"].stop()
    files = clip_files(one.installation.state)
    recorded = [(name, clip) for name, clip in clips.items() if clip["camera"] in others]
    assert recorded, "nothing was recorded meanwhile"
    for name, clip in recorded:
        assert clip["missingPackets"] == 0, clip
        times = sorted(float(packet["pts_time"]) for packet in packets(files[name]))
        steps = [after - at for at, after in zip(times, times[1:])]
        assert max(steps) < 1.8 * sorted(steps)[len(steps) // 2], f"a frame is missing in {name}"
    if TORTURE:
        # Caches of 100 rounds, and nothing that grows with each.
        assert grown < 48 << 20, f"the edge has grown by {grown >> 20} MiB"
    assert doctor(one.installation.state, "edge")[1] == []
