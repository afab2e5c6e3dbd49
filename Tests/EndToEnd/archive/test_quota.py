"""An archive that is full refuses in plain words, harms nothing else, and takes what it refused once there is room."""

import pytest

from kit.archive import objects, opened
from kit.demo import Demo
from kit.parts import parts, usage
from kit.rest import process_alone
from kit.waiting import until

LIMIT = 3_000_000


@pytest.mark.timeout(500)
def test_a_full_archive(tmp_path):
    state = tmp_path / "state"
    running = Demo(state, environment={"GUARDIAN_ARCHIVE_QUOTA_BYTES": str(LIMIT), "GUARDIAN_RECORDING_MAXIMUM": "15"})
    try:
        running.until_up()

        def refused():
            assert usage(state)[0] <= LIMIT
            return [event for event in running.edge.events() if event["archive"]["state"] == "refused"]

        event = until(refused, 150, "a clip for which there is no room")[0]
        assert "full" in event["archive"]["reason"]
        # Nothing else stops: the event's entries arrive, and its clip is kept here.
        until(lambda: running.edge.json(f"/api/v1/events/{event['id']}")["delivery"]["state"] == "delivered", 60, "it is delivered")
        until(
            lambda: all(clip["state"] == "complete" for clip in running.edge.json(f"/api/v1/events/{event['id']}")["clips"]),
            60, "its clip is complete",
        )
    finally:
        running.stop()
    sealed = [path for found in objects(state).values() for path in found.values()]
    assert sum(path.stat().st_size for path in sealed) <= LIMIT
    assert all(part["reason"] for part in parts(state) if part["state"] == "refused")
    assert not list((state / "archive" / ".uploads").rglob("*.*"))
    # The same node without a limit: the edge tries again by itself.
    wanted = [clip["id"] for clip in event["clips"]]
    with process_alone(state, "node"), process_alone(state, "edge") as edge:
        until(
            lambda: edge.json(f"/api/v1/events/{event['id']}")["archive"]["state"] == "stored", 150,
            "the refused clip is stored once there is room",
        )
    for clip in wanted:
        assert opened(state, objects(state)[clip][0], tmp_path / f"{clip}.mp4") == "complete"
