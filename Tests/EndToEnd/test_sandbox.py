"""The AI service decodes what cameras send: whoever takes it over must reach nothing of the edge's."""

import pathlib
import subprocess

import pytest

from kit.places import GUARDIAN, ROOT
from kit.waiting import until


def attempts(demo, paths):
    """Runs the AI service's program in the sandbox of the demo's, and lets it try to open the paths. Returns the sandbox, and
    what was possible at each path."""
    options = [option for path in paths for option in ("--attempt", str(path))]
    ran = subprocess.run(
        [GUARDIAN, "ai", "--config", demo.state / "edge" / "run" / "ai.yaml", *options],
        capture_output=True, text=True, cwd=ROOT, timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    first, *lines = ran.stdout.strip().splitlines()
    results = dict(reversed(line.rsplit(" ", 1)) for line in lines)
    return first.removeprefix("sandbox: "), {path: results[str(path)] for path in paths}


def require_landlock(sandbox):
    if sandbox.startswith("none"):
        pytest.skip(f"this machine has no sandbox to test: {sandbox}")


@pytest.mark.timeout(400)
def test_the_ai_service_cannot_open_keys_database_clips_or_the_edges_memory(demo):
    edge = demo.state / "edge"
    clip = until(lambda: next(iter(edge.glob("clips/**/*.mp4")), None), 90, "a clip is recorded")
    pid = demo.pids()["edge"]
    secret = [
        edge / "device.key", edge / "edge.sqlite", edge / "clips", clip, edge / "snapshots", edge / "run" / "lock",
        demo.state / "edge.yaml", demo.state / "certificates" / "edge.key", demo.state / "owner.code",
        pathlib.Path(f"/proc/{pid}/environ"), pathlib.Path(f"/proc/{pid}/mem"),
        pathlib.Path(f"/proc/{pid}/root{edge}/device.key"),
    ]
    # The same user can read them outside of the sandbox, so it is the sandbox that refuses.
    assert (edge / "device.key").read_bytes()
    sandbox, possible = attempts(demo, secret)
    require_landlock(sandbox)
    assert {path: what for path, what in possible.items() if not what.startswith("nothing")} == {}
    needed = [edge / "run" / "ai.yaml", ROOT / ".tools" / "model" / "model.json", pathlib.Path("/dev/null")]
    assert list(attempts(demo, needed)[1].values()) == ["read", "read", "read,write"]


def test_the_running_ai_service_has_no_environment_privileges_or_descriptors_of_the_edge(demo):
    process = pathlib.Path(f"/proc/{demo.pids()['ai']}")
    variables = {field.partition(b"=")[0].decode() for field in (process / "environ").read_bytes().split(b"\0") if field}
    assert variables <= {"GUARDIAN_SUPERVISED", "GUARDIAN_SANDBOX", "GUARDIAN_LOG_LEVEL", "LD_LIBRARY_PATH", "TZ", "SWIFT_BACKTRACE"}
    status = dict(line.split(":\t", 1) for line in (process / "status").read_text().splitlines() if ":\t" in line)
    assert status["NoNewPrivs"] == "1"
    # Root keeps one capability: opening files whatever their mode, which Landlock limits.
    assert int(status["CapEff"], 16) & ~2 == 0
    limits = [line.split() for line in (process / "limits").read_text().splitlines()]
    assert ["Max", "core", "file", "size", "0", "0", "bytes"] in limits
    assert ["Max", "open", "files", "1024", "1024", "files"] in limits
    opened = [str(entry.readlink()) for entry in (process / "fd").iterdir() if int(entry.name) > 2]
    assert [path for path in opened if path.startswith(str(demo.state)) and "/run/ai/" not in path] == []


def test_the_metrics_say_whether_the_ai_service_is_in_its_sandbox(demo):
    sandbox, _ = attempts(demo, [pathlib.Path("/dev/null")])
    require_landlock(sandbox)
    until(lambda: "\nguardian_ai_sandboxed 1\n" in demo.edge.get("/metrics").text, 60, "the metric is there")
