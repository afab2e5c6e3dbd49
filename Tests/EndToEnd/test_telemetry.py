"""What edges measure of themselves: it adds up exactly, counts once, and reaches the node through outages and crashes."""

import random
import time

import pytest

from kit.api import moment
from kit.installation import Installation
from kit.places import LOOPS
from kit.telemetry import CAMERA, SyntheticEdge, day, rollups, shuffled
from kit.waiting import until

HOUR = 3_600_000


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    installation = Installation(tmp_path_factory.mktemp("telemetry"), {"yard": LOOPS / "campus-sub.ts"}, archive=False, direct=True)
    yield installation.start("node")
    installation.stop()


@pytest.fixture(scope="module")
def replayed(node):
    """A known day that ended with the last whole hour: {"samples", "begin", "end"}, sent in any order, partly twice, with samples around
    it that are refused."""
    rng = random.Random(20261128)
    now = int(time.time() * 1000)
    end = now - now % HOUR
    begin = end - 24 * HOUR
    samples = day(begin, rng)
    edge = SyntheticEdge(node.node_port, node.state / "certificates")
    for batch in shuffled(samples, rng):
        edge.send(batch)
    foreign = {("cpu_permille", None): 999_999}
    refused = edge.send([(now - 49 * HOUR, foreign), (now + HOUR, foreign)])
    assert b"too_old" in refused and b"in_future" in refused
    return {"samples": samples, "begin": begin, "end": end}


def iso(milliseconds):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(milliseconds // 1000)) + f".{milliseconds % 1000:03}Z"


@pytest.mark.parametrize("step", [60, 300, 900, 3600, 10_800])
def test_a_known_day_adds_up_exactly(step, node, replayed):
    begin = replayed["begin"] - replayed["begin"] % (step * 1000)
    answer = node.node.json("/api/v1/telemetry", params={"from": iso(replayed["begin"]), "to": iso(replayed["end"]), "step": step})
    assert answer["step"] == step and answer["from"] == iso(begin)
    found = {
        (line["metric"], line["cameraId"]): {point[0]: point[1:] for point in line["points"]} for line in answer["items"]}
    expected = rollups(replayed["samples"], begin, replayed["end"], step)
    assert found == {(metric, str(camera) if camera else None): steps for (metric, camera), steps in expected.items()}
    assert len({line["device"] for line in answer["items"]}) == 1


def test_the_report_adds_up_exactly(node, replayed):
    report = node.node.json("/api/v1/telemetry/report", params={"from": iso(replayed["begin"]), "to": iso(replayed["end"])})
    samples = [replayed["samples"][at] for at in sorted(replayed["samples"])]
    edge, = report["edges"]
    assert edge["uptime"] == {"up": 10 * len(samples), "known": 10 * len(samples), "of": 86_400}
    camera, = edge["cameras"]
    live = [values["camera_live", CAMERA] for values in samples if ("camera_live", CAMERA) in values]
    assert camera["uptime"] == {"up": 10 * sum(live), "known": 10 * len(live), "of": 86_400}
    assert camera["reconnects"] == sum(values.get(("camera_reconnects", CAMERA), 0) for values in samples)
    assert camera["missingPackets"] is None and camera["cameraId"] == str(CAMERA)
    clips = {at: values["clips_bytes", None] for at, values in replayed["samples"].items() if ("clips_bytes", None) in values}
    first_step = [clips[at] for at in sorted(clips) if at < replayed["begin"] + 900_000]
    last = clips[max(clips)]
    assert edge["storage"]["usedBytes"] == last and edge["storage"]["grownBytes"] == last - first_step[-1]
    free = [values["disk_free_bytes", None] for values in samples if ("disk_free_bytes", None) in values][-1]
    assert edge["storage"]["freeBytes"] == free
    assert edge["storage"]["daysLeft"] == pytest.approx(free / (last - first_step[-1]) * 10 * len(samples) / 86_400, rel=1e-12)
    assert report["events"] == [] and report["incidents"] == [] and report["incidentsOmitted"] == 0


def test_gaps_are_gaps_and_not_zeros(node, replayed):
    answer = node.node.json(
        "/api/v1/telemetry",
        params={"from": iso(replayed["begin"] + 30_000_000), "to": iso(replayed["begin"] + 37_200_000), "step": 60})
    # The step of a minute in which it begins is whole.
    assert all(point[0] < 60_000 for line in answer["items"] for point in line["points"])


def test_some_series_can_be_asked_for(node, replayed):
    span = {"from": iso(replayed["begin"]), "to": iso(replayed["end"])}
    def asked(**more):
        return {(line["metric"], line["cameraId"]) for line in node.node.json("/api/v1/telemetry", params={**span, **more})["items"]}
    assert asked(metric="edge_up,cpu_permille") == {("edge_up", None), ("cpu_permille", None)}
    assert asked(camera=str(CAMERA)) == {("camera_live", str(CAMERA)), ("camera_reconnects", str(CAMERA))}
    assert asked(device="0" * 64) == set()
    for bad in ({"metric": "edge_down"}, {"step": 90}, {"step": 30}, {"device": "edge"}, {"to": span["from"]}):
        answer = node.node.get("/api/v1/telemetry", params={**span, **bad})
        assert answer.status_code == 400 and answer.json()["code"] == "invalid_argument", bad
    long = {"from": "2024-01-01T00:00:00Z", "to": "2026-11-01T00:00:00Z"}
    assert node.node.get("/api/v1/telemetry", params=long).status_code == 400
    assert node.node.get("/api/v1/telemetry/report", params=long).status_code == 400


def total(api, metric):
    """[count, sum] of a metric over everything that there is."""
    now = int(time.time() * 1000)
    lines = api.json("/api/v1/telemetry", params={"from": iso(now - HOUR), "to": iso(now + HOUR), "step": 3600, "metric": metric})["items"]
    points = [point for line in lines for point in line["points"]]
    return [sum(point[1] for point in points), sum(point[2] for point in points)]


def test_it_reaches_the_node_through_outages_and_crashes_and_counts_once(tmp_path):
    installation = Installation(tmp_path, {"yard": LOOPS / "campus-sub.ts"}, archive=False, direct=True).start()
    try:
        until(lambda: total(installation.node, "camera_live")[1] > 0, 120, "the node has telemetry of the camera")
        edge, = installation.node.json("/api/v1/edges")["items"]
        assert edge["health"]["state"] in ("healthy", "degraded") and edge["health"]["measuredAt"]
        until(lambda: installation.node.json("/api/v1/edges")["items"][0]["health"]["state"] == "healthy", 120, "the edge is healthy")
        line, = installation.edge.json("/api/v1/telemetry", params={"metric": "camera_live"})["items"]
        assert line["camera"] == "yard" and line["unit"] == "count" and line["kind"] == "level"
        measured = {line["metric"] for line in installation.edge.json("/api/v1/telemetry")["items"]}
        assert {"cpu_permille", "memory_used_bytes", "network_sent_bytes", "disk_free_bytes", "clips", "outbox_waiting", "camera_bits_per_second"} <= measured

        installation.kill("node")
        before = total(installation.edge, "edge_up")[0]
        until(lambda: total(installation.edge, "edge_up")[0] >= before + 2, 60, "the edge measures without its node")
        installation.kill("edge")
        installation.start("edge")
        until(lambda: total(installation.edge, "edge_up")[0] >= before + 3, 60, "the edge measures again")
        problems = installation.edge.status()["problems"]
        assert not [problem for problem in problems if problem["where"] == "telemetry"], problems
        installation.start("node")

        def is_delivered():
            return total(installation.node, "edge_up") == total(installation.edge, "edge_up")

        until(is_delivered, 120, "the node has every sample of the edge once")
        report = installation.edge.json("/api/v1/telemetry/report")
        camera, = report["edges"][0]["cameras"]
        assert camera["camera"] == "yard" and camera["uptime"]["up"] > 0
        assert {gap["reason"] for gap in report["incidents"]} >= {"fell"}
        assert moment(report["from"]) < moment(report["to"])
    finally:
        installation.stop()
