"""A recorder finds cameras over its API, tries a maker's password and adds what was found, against other people's software."""

import concurrent.futures
import json
import sys

import pytest

from kit import network
from kit.places import GUARDIAN, TOOLS
from kit.ports import free_ports
from kit.processes import Process
from kit.waiting import until

pytestmark = pytest.mark.skipif(not network.available(), reason="a network of its own takes root")
PEER = network.__file__.replace("network.py", "onvif_peer.py")
REQUEST = network.__file__.replace("network.py", "request.py")
CAMERA = f"{network.ADDRESS}:8080"
PASSWORD = "swordfish-77"


class Recorder:
    """A recorder without cameras, in a network with one that names the maker Hikvision. `local`: whether it may ask its own
    machine; then it finds the camera at 127.0.0.1 too, because the network is one of this machine."""

    def __init__(self, folder, local=False):
        self.network = network.Network()
        self.state, self.process, self.camera = folder / "edge", None, None
        try:
            self.camera = self.network.start(sys.executable, PEER, "device", "HIKVISION%20front", "Hikvision", "admin", PASSWORD)
            port = free_ports(1)[0]
            self.base = f"https://127.0.0.1:{port}"
            self.file = file = folder / "edge.yaml"
            file.write_text(
                f"state: {self.state}\nweb: {{address: 127.0.0.1, port: {port}}}\nallowLocalCameraAddresses: {json.dumps(local)}\n"
                f"inference: {{model: {TOOLS}/model, runtime: {TOOLS}/openvino/libs}}\ncameras: []\n"
            )
            file.chmod(0o600)
            self.process = Process(self.network.command(GUARDIAN, "edge", "--config", file), folder, "edge")
            until(self.answers, 60, "the edge answers")
        except BaseException:
            self.stop()
            raise

    def answers(self):
        assert self.process.running(), self.process.printed()[-2000:]
        return self.send("GET", "/healthz")

    def send(self, method, path, body=None, expect=200):
        authority, token = self.state / "web-authority" / "authority.pem", self.state / "local.token"
        ran = self.network.run(
            sys.executable, REQUEST, method, self.base + path, authority, token, input="" if body is None else json.dumps(body))
        assert ran.returncode == 0, ran.stderr[-1000:]
        status, answer = json.loads(ran.stdout)
        assert status == expect, f"{method} {path}: {status} {answer}"
        return answer

    def discover(self, **body):
        """Asks cameras, or searches until one has answered in time: on a busy machine the other software may take longer than a search."""
        return until(lambda: self.send("POST", "/api/v1/cameras/discover", body)["items"], 120, "a camera answers")

    def add(self, *arguments, typed=""):
        """Runs `guardian camera add --discover` with the login of a file. Returns its exit code and what it printed."""
        ran = self.network.run(
            GUARDIAN, "camera", "add", "--discover", "--seconds", "1", "--untested", "--username", "admin", "--config", self.file, *arguments, input=typed)
        return ran.returncode, ran.stdout + ran.stderr

    def stop(self):
        if self.process:
            self.process.stop()
        if self.camera:
            self.camera.kill()
            self.camera.wait()
        self.network.close()


@pytest.fixture
def recorder(tmp_path, request):
    running = Recorder(tmp_path, getattr(request, "param", False))
    yield running
    running.stop()


@pytest.mark.timeout(600)
def test_a_camera_is_found_asked_and_added(recorder):
    (found,) = recorder.discover()
    assert (found["address"], found["maker"], found["outcome"], found["camera"]) == (CAMERA, "Hikvision", "found", None)

    def command():
        ran = recorder.network.run(GUARDIAN, "camera", "discover", "--json")
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)["items"]

    assert until(command, 120, "the command finds a camera") == [found]

    address = {"addresses": [found["address"]]}
    (asked,) = recorder.discover(**address)
    assert asked["outcome"] == "needs_login" and "login" in asked["note"] and asked["streams"] == []
    # What it said in the search, so that a page knows whose password to ask for.
    assert (asked["maker"], asked["name"]) == ("Hikvision", "HIKVISION front")

    login = {"username": "admin", "password": PASSWORD}
    (asked,) = recorder.discover(**address, **login)
    (stream,) = asked["streams"]
    assert asked["outcome"] == "streams" and (stream["width"], stream["detectWidth"]) == (1920, 640)
    assert stream["source"].startswith(f"rtsp://{network.ADDRESS}:8554/") and PASSWORD not in json.dumps(asked)

    added = {"name": "Front", "source": stream["source"], "detect": stream["detect"], **login}
    assert recorder.send("POST", "/api/v1/cameras", added, expect=201)["id"] == "front"
    (again,) = recorder.discover()
    assert again["camera"] == "front"


@pytest.mark.timeout(600)
def test_a_password_goes_only_to_cameras_of_its_maker_and_is_in_no_log(recorder):
    address = {"addresses": [CAMERA]}
    (other,) = recorder.discover(**address, maker="Axis", username="admin", password=PASSWORD)
    assert other["outcome"] == "other_maker" and "Hikvision" in other["note"] and other["streams"] == []
    (wrong,) = recorder.discover(**address, maker="hikvision", username="admin", password="guess-it-77")
    assert wrong["outcome"] == "refused" and wrong["streams"] == []
    (right,) = recorder.discover(**address, maker="Hikvision", username="admin", password=PASSWORD)
    assert right["outcome"] == "streams" and right["streams"][0]["width"] == 1920

    tried = [entry for entry in recorder.send("GET", "/api/v1/audit")["items"] if entry["action"] == "camera_login_tried"]
    assert [entry["details"]["maker"] for entry in tried] == ["Hikvision", "hikvision", "Axis"]
    assert all(entry["details"]["cameras"] == "1" for entry in tried)
    for text in (json.dumps(tried), recorder.process.printed()):
        assert PASSWORD not in text and "guess-it-77" not in text


@pytest.mark.timeout(600)
def test_the_command_adds_what_it_finds(recorder, tmp_path):
    right, wrong = tmp_path / "right", tmp_path / "wrong"
    right.write_text(PASSWORD)
    wrong.write_text("guess-it-77")
    code, printed = recorder.add("--all", "--maker", "hikvision", "--password-file", wrong)
    assert code != 0 and "refuses" in printed and "Not all of the chosen cameras were added" in printed
    code, printed = recorder.add("--all", "--maker", "Axis", "--password-file", right)
    assert code != 0 and "No further camera by Axis answered" in printed
    code, printed = recorder.add("--password-file", right, typed="2\n")
    assert code != 0 and "from 1 to 1" in printed
    assert recorder.send("GET", "/api/v1/cameras")["items"] == []

    code, printed = recorder.add("--password-file", right, typed="1\nFront\n")
    assert code == 0 and "1  " + CAMERA in printed and "Front is recorded; its id is front." in printed
    (camera,) = recorder.send("GET", "/api/v1/cameras")["items"]
    assert camera["name"] == "Front" and camera["settings"]["hasPassword"] and camera["settings"]["detect"]
    code, printed = recorder.add("--all", "--password-file", right)
    assert code != 0 and "is here already as front" in printed
    assert PASSWORD not in printed and PASSWORD not in recorder.process.printed()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("recorder, outcome, words", [(False, "failed", "this machine itself"), (True, "unreachable", "refuses the connection")], indirect=["recorder"])
def test_its_own_machine_is_asked_only_when_that_is_allowed(recorder, outcome, words):
    (asked,) = recorder.discover(addresses=["127.0.0.1:9"])
    assert asked["outcome"] == outcome and words in asked["note"]
    wanted = {network.ADDRESS, "127.0.0.1"} if outcome == "unreachable" else {network.ADDRESS}

    def hosts():
        found = {each["host"] for each in recorder.discover()}
        return found if found >= wanted else None

    assert ("127.0.0.1" in until(hosts, 120, f"{wanted} answer")) == (outcome == "unreachable")


@pytest.mark.timeout(600)
def test_only_one_search_runs_at_a_time(recorder):
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        # Whichever comes first, the short search or the long one, the other one is tried again.
        long = pool.submit(until, lambda: recorder.discover(seconds=20), 120, "the long search has run")
        refused = until(
            lambda: recorder.send("POST", "/api/v1/cameras/discover", {"seconds": 1}, expect=409), 120, "a second search is refused")
        assert refused["code"] == "aborted"
        assert len(long.result(240)) == 1
