"""Finding and asking ONVIF cameras, against other people's software."""

import json
import sys

import pytest

from kit import network
from kit.places import GUARDIAN
from kit.waiting import until

pytestmark = pytest.mark.skipif(not network.available(), reason="a network of its own takes root")
PEER = network.__file__.replace("network.py", "onvif_peer.py")
CAMERA = f"{network.ADDRESS}:8080"


class Cameras:
    """A network with processes of `onvif_peer.py`."""

    def __init__(self):
        self.network = network.Network()
        self.processes = []

    def start(self, *arguments):
        self.processes.append(self.network.start(sys.executable, PEER, *arguments))

    def peer(self, *arguments):
        ran = self.network.run(sys.executable, PEER, *arguments)
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)

    def discover(self, *arguments):
        return self.network.run(GUARDIAN, "camera", "discover", *arguments)

    def json(self, *arguments):
        ran = self.discover("--json", *arguments)
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)

    def found(self, count=1):
        """Searches until so many have answered in time: on a busy machine the other software may take longer than a search. Returns the items."""

        def items():
            found = self.json()["items"]
            return found if len(found) >= count else None

        return until(items, 120, f"{count} cameras answer")

    def close(self):
        for process in self.processes:
            process.kill()
            process.wait()
        self.network.close()


@pytest.fixture
def cameras():
    running = Cameras()
    yield running
    running.close()


@pytest.fixture
def password(tmp_path):
    def write(text):
        file = tmp_path / "password"
        file.write_text(f"{text}\n")
        return "--address", CAMERA, "--username", "admin", "--password-file", file

    return write


def test_finds_the_same_camera_as_other_software_and_says_what_it_is(cameras):
    cameras.start("device", "HIKVISION%20front", "Hikvision", "admin", "pass")
    (found,) = cameras.found()
    assert found == {
        "address": CAMERA, "host": network.ADDRESS, "maker": "Hikvision", "model": None, "name": "HIKVISION front", "note": None,
        "camera": None, "outcome": "found", "streams": [],
    }
    assert until(lambda: cameras.peer("search"), 120, "the other software finds it") == [f"http://{CAMERA}/onvif/device_service"]


def test_believes_where_an_answer_came_from_and_not_what_it_says(cameras):
    cameras.start("publish", "10.9.9.9")
    (found,) = cameras.found()
    assert found["address"] == f"{network.ADDRESS}:8081" and "10.9.9.9" in found["note"]
    assert (found["maker"], found["name"]) == ("Axis", "AXIS P3268")


def test_finds_cameras_beside_a_liar_and_bounds_what_the_liar_adds(cameras):
    cameras.start("device", "front", "Acme", "admin", "pass")
    cameras.start("lie", network.LIAR)
    items = cameras.found(2)
    assert [item["address"] for item in items].count(CAMERA) == 1
    lies = [item for item in items if item["host"] == network.LIAR]
    assert 0 < len(lies) <= 16
    assert all("169.254.169.254" in item["note"] for item in lies)
    assert all(item["address"].startswith(f"http://{network.LIAR}:80/") for item in lies)
    assert len(items) == len(lies) + 1


def test_gets_the_same_streams_as_other_software(cameras, password):
    cameras.start("device", "front", "Acme", "admin", "pass")
    (camera,) = cameras.json(*password("pass"))["items"]
    theirs = cameras.peer("ask", network.ADDRESS, 8080, "admin", "pass")
    assert (camera["maker"], camera["model"]) == (theirs["information"]["Manufacturer"], theirs["information"]["Model"])
    (lens,) = camera["streams"]
    assert (lens["width"], lens["detectWidth"]) == (1920, 640)
    assert [lens["source"], lens["detect"]] == list(theirs["streams"].values())
    # Its clock is this machine's.
    assert camera["outcome"] == "streams" and camera["note"] is None
    assert "SN-77" not in json.dumps(camera)


def test_puts_the_address_that_it_asked_in_place_of_another(cameras, password):
    cameras.start("device", "front", "Acme", "admin", "pass", "10.9.9.9")
    (camera,) = cameras.json(*password("pass"))["items"]
    assert camera["streams"][0]["source"].startswith(f"rtsp://{network.ADDRESS}:8554/")
    assert "10.9.9.9" in camera["note"]


@pytest.mark.parametrize("arguments, words", [
    ("wrong", "refuses the name or the password"),
    (("--address", CAMERA), "wants a login"),
    (("--address", f"{network.ADDRESS}:9"), "turn on ONVIF"),
    (("--address", "127.0.0.1:8080"), "unless loopback is allowed"),
    (("--address", "http://169.254.169.254/latest"), "cloud"),
])
def test_says_in_words_why_a_camera_cannot_be_asked(cameras, password, arguments, words):
    cameras.start("device", "front", "Acme", "admin", "pass")
    ran = cameras.discover(*(password("wrong") if arguments == "wrong" else arguments))
    assert ran.returncode != 0
    assert words in ran.stderr
