"""Keeping an event that the archive policy excludes: it is archived, and survives a full disk and a crash of the edge."""

import pytest

from kit.archive import objects, opened
from kit.installation import Installation
from kit.places import LOOPS
from kit.waiting import until


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    """An installation whose policy archives no event; its clips last 15 s at most."""
    installation = Installation(
        tmp_path_factory.mktemp("kept"), {"yard": LOOPS / "busy-2s.ts"}, recording=", maximum: 15", policy=", confidence: 1"
    )
    try:
        yield installation.start()
    finally:
        installation.stop()


def keep(installation, event, method="PUT"):
    """Keeps an event, or with DELETE no longer keeps it."""
    return installation.edge.session.request(method, f"{installation.edge.base}/api/v1/events/{event}/keep", timeout=60)


def test_a_kept_event_is_archived_and_not_deleted(installation, tmp_path):
    # The event is still open when it is kept.
    event = until(lambda: next((each for each in installation.edge.events() if each["state"] == "open" and each["clips"] and each["snapshot"]), None), 90, "an open event has a clip and a snapshot")
    assert installation.archived() == [] and event["archive"]["state"] == "off" and event["kept"] is False
    answer = keep(installation, event["id"])
    assert answer.status_code == 200 and answer.json()["kept"] is True
    clip = event["clips"][0]["id"]
    until(lambda: installation.parts(clip), 60, "the upload of its clip has begun")
    # Its snapshot was archived before the clip.
    [picture] = installation.node.json("/api/v1/archive/events")["items"]
    assert picture["eventId"] == event["id"]
    assert picture["file"]["startedAt"] <= installation.parts(clip)[0]["startedAt"]

    # Another event, which is not kept, ends with clips that the kept event does not share.
    def complete_other():
        kept = {each["id"] for each in installation.edge.json(f"/api/v1/events/{event['id']}")["clips"]}
        return next((each for each in installation.edge.events(kept="true") if each["id"] != event["id"]), None) or next(
            (each for each in installation.edge.events() if each["clips"] and all(one["state"] == "complete" and one["id"] not in kept for one in each["clips"])), None)

    other = until(complete_other, 150, "an event that is not kept has complete clips of its own")
    until(lambda: installation.edge.json(f"/api/v1/events/{event['id']}")["archive"]["state"] == "stored", 120, "all clips of the kept event are stored")
    event = installation.edge.json(f"/api/v1/events/{event['id']}")
    assert {item["clipId"] for item in installation.archived()} == {each["id"] for each in event["clips"]}
    assert opened(installation.state, objects(installation.state)[clip][0], tmp_path / "clip.mp4") == "complete"

    # After a crash and with a full disk, the edge deletes the other clip and not the kept one.
    installation.kill("edge")
    config = installation.state / "edge.yaml"
    config.write_text(config.read_text().replace("keepFreeMegabytes: 256", "keepFreeMegabytes: 100000000"))
    installation.start("edge")
    assert [each["id"] for each in installation.edge.events(kept="true")] == [event["id"]]
    deleted = other["clips"][0]["id"]
    until(lambda: installation.edge.get(f"/api/v1/clips/{deleted}.mp4").status_code == 404, 60, "the clip that is not kept is deleted")
    assert installation.edge.get(f"/api/v1/clips/{clip}.mp4").content == (tmp_path / "clip.mp4").read_bytes()
    refusal = keep(installation, other["id"])
    assert refusal.status_code == 409 and "deleted to make room" in refusal.json()["detail"]

    # Once it is not kept any more, the edge deletes its clip too. The archive retains it.
    assert keep(installation, event["id"], "DELETE").json()["kept"] is False
    until(lambda: installation.edge.get(f"/api/v1/clips/{clip}.mp4").status_code == 404, 60, "the clip that is not kept any more is deleted")
    assert installation.parts(clip)[0]["status"] == "stored"
