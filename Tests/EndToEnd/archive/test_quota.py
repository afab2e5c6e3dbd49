"""A full archive refuses clips with a reason and accepts them once there is room. Nothing else is affected."""

import pytest

from kit.archive import objects, opened
from kit.demo import Demo
from kit.parts import parts, usage
from kit.rest import process_alone
from kit.waiting import until

LIMIT = 1_500_000


@pytest.mark.timeout(500)
def test_a_full_archive_refuses_clips_and_stores_them_later(tmp_path):
    state = tmp_path / "state"
    running = Demo(state, environment={"GUARDIAN_ARCHIVE_QUOTA_BYTES": str(LIMIT), "GUARDIAN_RECORDING_MAXIMUM": "15"})
    try:
        running.until_up()

        def refused_events():
            assert usage(state)[0] <= LIMIT
            return [event for event in running.edge.events() if event["archive"]["state"] == "refused"]

        event = until(refused_events, 150, "a clip is refused because the archive is full")[0]
        assert "full" in event["archive"]["reason"]
        # The event's entries are delivered, and the edge keeps its clip.
        until(lambda: running.edge.json(f"/api/v1/events/{event['id']}")["delivery"]["state"] == "delivered", 60, "the event is delivered")
        until(
            lambda: {clip["state"] for clip in running.edge.json(f"/api/v1/events/{event['id']}")["clips"]} == {"complete"},
            60, "the event's clips are complete",
        )
    finally:
        running.stop()
    sealed = [path for found in objects(state).values() for path in found.values()]
    assert sum(path.stat().st_size for path in sealed) <= LIMIT
    refused = [part for part in parts(state) if part["state"] == "refused"]
    assert refused and all(part["reason"] for part in refused)
    assert (state / "archive").is_dir() and not list((state / "archive" / ".uploads").rglob("*.*"))
    # With a node without a quota, the edge uploads the clip without being asked.
    wanted = [clip["id"] for clip in event["clips"]]
    assert wanted
    with process_alone(state, "node"), process_alone(state, "edge") as edge:
        until(
            lambda: edge.json(f"/api/v1/events/{event['id']}")["archive"]["state"] == "stored", 150,
            "the refused clip is stored",
        )
    for clip in wanted:
        assert opened(state, objects(state)[clip][0], tmp_path / f"{clip}.mp4") == "complete"
