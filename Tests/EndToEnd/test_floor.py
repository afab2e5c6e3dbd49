"""Requirements on every process of Guardian: it ends when asked, keeps secrets and refuses foreign hosts and origins."""

import json
import os
import pathlib
import signal
import subprocess

import pytest

from kit.api import API
from kit.camera import Camera
from kit.demo import Demo
from kit.places import GUARDIAN, LOOPS, ROOT, TOOLS
from kit.ports import free_ports
from kit.processes import Process, alive
from kit.waiting import until, until_promptly

PASSWORD = "Zebra-Quilt-7731"


@pytest.mark.timeout(600)
def test_ends_soon_after_sigterm_with_a_correct_summary_and_leaves_no_process(tmp_path):
    running = Demo(tmp_path / "state")
    try:
        running.until_up()
        until(lambda: "  person at " in running.process.printed(), 120, "the demo reports a person")
        pids = running.pids()
        assert pids
        code, took = running.process.stop(90)
        assert took < 20, "after SIGTERM the demo has ten seconds for its final counts, and must have ended after 20"
        assert not [name for name, pid in pids.items() if alive(pid)]
    finally:
        running.stop()
    summary = json.loads(running.process.output.read_text().strip().splitlines()[-1])
    assert summary["cameras"] == 2 and summary["events"] >= 1 and summary["acknowledged"] >= 1, summary
    assert summary["events"] >= running.process.printed().count("  person at ")
    assert (code == 0) == (summary["archived"] == summary["clips"] == summary["events"] and summary["open"] == 0), summary


@pytest.fixture(scope="module")
def own_demo(tmp_path_factory):
    """A demo whose processes the tests may end."""
    running = Demo(tmp_path_factory.mktemp("own-demo") / "state")
    try:
        yield running
    finally:
        running.stop()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", ["node", "edge", "ai"])
def test_each_process_ends_on_sigterm_and_is_restarted(own_demo, name):
    own_demo.until_up()
    old = own_demo.pids()[name]
    os.kill(old, signal.SIGTERM)
    until_promptly(lambda: not alive(old), 10, f"{name} has ended after SIGTERM")
    own_demo.until_restarted(name, old)
    own_demo.until_up()


@pytest.mark.parametrize("header, value", [
    ("Host", "evil.example"), ("Host", "127.0.0.1.evil.example"), ("Origin", "http://evil.example"),
    ("Origin", "null"), ("Origin", "https://127.0.0.1"), ("Origin", "http://127.0.0.1"),
])
@pytest.mark.parametrize("side", ["edge", "node"])
def test_refuses_a_foreign_host_or_origin(demo, side, header, value):
    api = getattr(demo, side)
    for path in ("/api/v1/status" if side == "edge" else "/api/v1/events", "/api/v1/events"):
        answer = api.get(path, headers={header: value})
        assert 400 <= answer.status_code < 500, f"{header}: {value} got {answer.status_code}"
        assert answer.headers["Content-Type"].startswith("application/problem+json")
        assert "items" not in answer.text


def test_answers_health_readiness_metrics_and_status(demo):
    assert demo.edge.get("/healthz").status_code == 200
    assert demo.edge.get("/readyz").status_code == 200
    assert demo.node.get("/healthz").status_code == 200
    for api in (demo.edge, demo.node):
        text = api.get("/metrics").text
        assert "# TYPE guardian_" in text
    assert demo.edge.status()["summary"]


def test_a_bad_request_gets_a_problem_that_says_what_to_do(demo):
    for path, code in (("/api/v1/events?limit=0", 400), ("/api/v1/events?from=yesterday", 400), ("/api/v1/events/no-such", 400),
                       ("/api/v1/events/01890000-0000-7000-8000-000000000000", 404), ("/api/v1/nothing", 404)):
        answer = demo.edge.get(path)
        problem = answer.json()
        assert answer.status_code == code, path
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert problem["code"] and problem["detail"], path
        assert answer.headers.get("X-Request-Id") or problem.get("requestId") or problem.get("instance")


def edge_configuration(folder, web, source):
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "edge.yaml"
    file.write_text(
        f"state: {folder}/edge\nweb: {{address: {web[0]}, port: {web[1]}}}\n"
        f"inference: {{model: {TOOLS}/model, runtime: {TOOLS}/openvino/libs}}\n"
        f'cameras:\n  - {{id: gate, name: Gate, source: "{source}"}}\n'
    )
    file.chmod(0o600)
    return file


@pytest.mark.timeout(300)
@pytest.mark.parametrize("right", [True, False])
def test_a_cameras_password_never_shows(tmp_path, right):
    password_file = tmp_path / "password"
    password_file.write_text(PASSWORD if right else "another-one")
    camera = Camera(tmp_path, {"gate": LOOPS / "campus.ts"}, "--user", "cam", "--password-file", password_file)
    port = free_ports(1)[0]
    source = camera.urls["gate"].replace("rtsp://", f"rtsp://cam:{PASSWORD}@")
    edge = Process(
        [GUARDIAN, "edge", "--config", edge_configuration(tmp_path / "place", ("127.0.0.1", port), source)],
        tmp_path, "edge", {"GUARDIAN_LOG_LEVEL": "debug"},
    )
    try:
        api = API(port, tmp_path / "place" / "edge")

        def connected_or_refused():
            assert edge.running(), edge.printed()[-2000:]
            state = api.json("/api/v1/cameras")["items"][0]
            return state["state"] == "live" if right else state["lastFailure"]

        until(connected_or_refused, 90, "the edge has connected, or its password was refused")
        shown = [api.get(path).text for path in ("/api/v1/cameras", "/api/v1/cameras/gate", "/api/v1/status", "/metrics")]
        shown.append(subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout)
        shown += [
            pathlib.Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace")
            for pid in children(edge.pid)
        ]
        edge.stop()
        shown.append(edge.printed())
        state = tmp_path / "place" / "edge"
        # The one file that holds it, for its owner alone (docs/design/cameras.md).
        passwords = state / "camera-passwords.json"
        assert passwords.stat().st_mode & 0o777 == 0o600 and PASSWORD in passwords.read_text()
        files = [path for path in state.rglob("*") if path.is_file() and path.suffix != ".mp4" and path != passwords]
        assert len(files) > 3
        shown += [path.read_bytes().decode("latin-1") for path in files]
        assert not [text for text in shown if PASSWORD in text]
    finally:
        edge.kill()
        camera.kill()


def children(pid):
    found = [pid]
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return found


def test_an_unknown_configuration_key_is_reported_with_its_file(tmp_path):
    configuration = edge_configuration(tmp_path, ("127.0.0.1", free_ports(1)[0]), f"file:{LOOPS}/campus.ts")
    configuration.write_text(configuration.read_text() + "camreas: []\n")
    ran = subprocess.run([GUARDIAN, "edge", "--config", configuration], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert ran.returncode != 0
    assert "camreas" in ran.stderr and "edge.yaml" in ran.stderr and len(ran.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("command", ["edge", "node", "ai", "demo", "analyze", "doctor"])
def test_every_command_has_help_with_an_example(command):
    ran = subprocess.run([GUARDIAN, command, "--help"], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0 and "guardian " + command in ran.stdout and "xample" in ran.stdout


def test_a_wrong_flag_is_a_usage_error():
    ran = subprocess.run([GUARDIAN, "demo", "--nonsense"], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 64 and ran.stderr
