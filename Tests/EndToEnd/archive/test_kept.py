"""Somebody keeps an event that the policy does not want: it is archived, and outlives a full disk and a fall."""

import pytest

from kit.archive import objects, opened
from kit.installation import Installation
from kit.places import LOOPS
from kit.waiting import until


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A recorder whose policy wants nothing; its clips last 15 s at most."""
    place = Installation(
        tmp_path_factory.mktemp("kept"), {"yard": LOOPS / "busy-2s.ts"}, recording=", maximum: 15", policy=", confidence: 1"
    )
    try:
        yield place.start()
    finally:
        place.stop()


def ask(place, event, method="PUT"):
    return place.edge.session.request(method, f"{place.edge.base}/api/v1/events/{event}/keep", timeout=10)


def test_kept(place, tmp_path):
    # While it still goes on.
    event = until(lambda: next((each for each in place.edge.events() if each["state"] == "open" and each["clips"] and each["snapshot"]), None), 90, "somebody is there")
    assert place.archived() == [] and event["archive"]["state"] == "off" and event["kept"] is False
    answer = ask(place, event["id"])
    assert answer.status_code == 200 and answer.json()["kept"] is True
    clip = event["clips"][0]["id"]
    until(lambda: place.parts(clip), 30, "its clip leaves at once")
    # Its picture came before it.
    [picture] = place.node.json("/api/v1/archive/events")["items"]
    assert picture["eventId"] == event["id"]
    assert picture["file"]["startedAt"] <= place.parts(clip)[0]["startedAt"]

    # One that nobody keeps ends too, in a clip of its own.
    def other():
        kept = {each["id"] for each in place.edge.json(f"/api/v1/events/{event['id']}")["clips"]}
        return next((each for each in place.edge.events(kept="true") if each["id"] != event["id"]), None) or next(
            (each for each in place.edge.events() if each["clips"] and all(one["state"] == "complete" and one["id"] not in kept for one in each["clips"])), None)

    other = until(other, 150, "an event that nobody keeps")
    until(lambda: place.edge.json(f"/api/v1/events/{event['id']}")["archive"]["state"] == "stored", 120, "all of it is stored")
    event = place.edge.json(f"/api/v1/events/{event['id']}")
    assert {item["clipId"] for item in place.archived()} == {each["id"] for each in event["clips"]}
    assert opened(place.state, objects(place.state)[clip][0], tmp_path / "clip.mp4") == "complete"

    # A fall, and a disk without room: what nobody keeps goes, and it stays.
    place.kill("edge")
    config = place.state / "edge.yaml"
    config.write_text(config.read_text().replace("keepFreeMegabytes: 256", "keepFreeMegabytes: 100000000"))
    place.start("edge")
    assert [each["id"] for each in place.edge.events(kept="true")] == [event["id"]]
    lost = other["clips"][0]["id"]
    until(lambda: place.edge.get(f"/api/v1/clips/{lost}.mp4").status_code == 404, 30, "the other clip goes")
    assert place.edge.get(f"/api/v1/clips/{clip}.mp4").content == (tmp_path / "clip.mp4").read_bytes()
    refusal = ask(place, other["id"])
    assert refusal.status_code == 409 and "deleted to make room" in refusal.json()["detail"]

    # Let go, it goes as well; the archive keeps it.
    assert ask(place, event["id"], "DELETE").json()["kept"] is False
    until(lambda: place.edge.get(f"/api/v1/clips/{clip}.mp4").status_code == 404, 30, "the clip that was let go goes")
    assert place.parts(clip)[0]["status"] == "stored"
