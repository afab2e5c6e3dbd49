"""The HTTP APIs conform to their OpenAPI documents for valid and invalid requests (schemathesis)."""

import pathlib
import subprocess
import sys

import pytest
import yaml

from kit.demo import Demo
from kit.faults import TORTURE
from kit.waiting import until

# These change the demo's cameras, which other tests need, and open connections to any address. CameraManagementRouteTests and
# test_cameras_at_run_time.py, DiscoveryRouteTests and test_discovery.py cover them.
CAMERAS = ("addCamera", "changeCamera", "removeCamera", "discoverCameras", "testAddress")
ACCOUNTS = tuple(f"/api/v1/{name}" for name in ("setup", "session", "users", "passkeys", "tokens", "audit"))
# These responses do not end. Tests/GuardianHTTPTests and the browser tests cover them.
ENDLESS = ("/api/v1/events/stream", "/api/v1/live", "/api/v1/cameras/{id}/live.mp4")


@pytest.fixture(scope="module")
def own_demo(tmp_path_factory):
    """A demo of its own: the owner's rights are used up to the removal of people and tokens."""
    running = Demo(tmp_path_factory.mktemp("contract") / "state")
    try:
        yield running.until_up(120)
    finally:
        running.stop()


def description(api):
    answer = api.get("/api/v1/openapi.yaml")
    assert answer.status_code == 200
    return answer.content


def operations(api):
    """Returns what the API describes: operation id → path, method and description."""
    return {
        operation["operationId"]: (path, method, operation)
        for path, item in yaml.safe_load(description(api))["paths"].items()
        for method, operation in item.items() if isinstance(operation, dict) and "operationId" in operation
    }


@pytest.mark.faults
@pytest.mark.timeout(900)
@pytest.mark.parametrize("side", ["edge", "node"])
def test_no_answer_breaks_the_contract(own_demo, side, tmp_path):
    api = getattr(own_demo, side)
    until(lambda: api.events(), 120, f"the {side} has an event")
    # Root of the machine cannot disable itself, as an owner can once there is another one, and may send as many requests as it likes.
    token = (own_demo.state / side / "local.token").read_text().strip()
    document = tmp_path / "openapi.yaml"
    document.write_bytes(description(api))
    mine, others = operations(api), {}
    if side == "node" and not TORTURE:
        # One code serves these at both sides.
        others = {name: what for name, what in operations(own_demo.edge).items() if mine.get(name) == what and what[0].startswith(ACCOUNTS)}
    assert len(mine) - len(others) > len(ENDLESS) + 5, "there is hardly anything to test"
    excluded = [option for path in ENDLESS for option in ("--exclude-path", path)]
    excluded += [option for name in (*CAMERAS, *others) for option in ("--exclude-operation-id", name)]
    ran = subprocess.run(
        [
            pathlib.Path(sys.executable).parent / "schemathesis", "run", document, "--url", api.base, "--tls-verify", api.session.authority(),
            "--header", f"Authorization: Bearer {token}", *excluded,
            "--checks",
            "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
            "response_headers_conformance,unsupported_method,negative_data_rejection",
            "--phases", "examples,coverage,fuzzing", "--max-examples", "100" if TORTURE else "8", "--generation-deterministic",
            # One worker: Python 3.11 fails in `ast.parse` now and then when two threads use it (CPython issue 106905).
            "--request-timeout", "60", "--warnings", "off", "--no-color", "--workers", "1",
        ],
        capture_output=True, text=True, cwd=tmp_path, timeout=700,
    )
    # A request may have a body of thousands of characters.
    assert ran.returncode == 0, "\n".join(line[:300] for line in ran.stdout.splitlines())[-6000:] + ran.stderr[-1000:]
    assert own_demo.process.running() and api.get("/healthz").status_code == 200
