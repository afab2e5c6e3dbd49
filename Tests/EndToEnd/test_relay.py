"""Clips and pictures that somebody watches at the node: they pass through from the recorder, whose audit log says who watched."""

import hashlib

import pytest

from kit.waiting import until


@pytest.fixture(scope="module")
def event(demo):
    """An event that the node knows, with a clip and a picture."""
    return until(lambda: next((each for each in demo.node.events() if each["clips"] and each["snapshot"]), None), 180, "the node has an event with a clip")


def test_a_clip_and_a_picture_are_the_recorders_own(demo, event):
    for path in (f"/api/v1/clips/{event['clips'][0]['id']}.mp4", f"/api/v1/events/{event['id']}/clip.mp4"):
        # It may grow meanwhile.
        there, here = demo.node.get(path), demo.edge.get(path)
        assert there.status_code == 200, (path, there.text)
        assert len(there.content) > 1000 and here.content.startswith(there.content)
        for name in ("Content-Type", "Accept-Ranges"):
            assert there.headers[name] == here.headers[name], (path, name)
        head = demo.node.session.head(demo.node.base + path, timeout=60)
        assert head.status_code == 200 and int(head.headers["Content-Length"]) >= len(there.content)

    def same_picture():
        path = f"/api/v1/events/{event['id']}/snapshot.jpg"
        there, here = demo.node.get(path), demo.edge.get(path)
        if there.status_code != 200 or there.headers["ETag"] != here.headers["ETag"]:
            return False  # a better picture has just taken its place
        assert there.content == here.content and there.headers["Content-Type"] == "image/jpeg"
        assert there.headers["ETag"] == f'"{hashlib.sha256(there.content).hexdigest()}"'
        assert demo.node.get(path, headers={"If-None-Match": there.headers["ETag"]}).status_code in (200, 304)
        return True

    until(same_picture, 60, "both have the same picture")


def test_a_player_gets_the_ranges_that_it_asks_for(demo, event):
    path = f"/api/v1/clips/{event['clips'][0]['id']}.mp4"
    whole = demo.edge.get(path).content
    last = len(whole) - 1
    for first, end in ((0, 99), (last - 6, last), (1000, min(200_000, last)), (0, last)):
        answer = demo.node.get(path, headers={"Range": f"bytes={first}-{end}"})
        assert answer.status_code == 206, answer.text
        assert answer.content == whole[first:end + 1]
        assert answer.headers["Content-Range"].startswith(f"bytes {first}-{end}/")
    assert demo.node.get(path, headers={"Range": f"bytes={1 << 40}-"}).status_code == 416


def test_the_recorder_writes_down_who_watched_once(demo, event):
    clip = event["clips"][0]["id"]
    for _ in range(3):
        assert demo.node.get(f"/api/v1/clips/{clip}.mp4").ok

    def written():
        items = demo.edge.json("/api/v1/audit?limit=200")["items"]
        return [each for each in items if each["action"] == "footage_sent" and each["subject"] == clip]

    entries = until(written, 30, "the audit log has it")
    assert len(entries) == 1 and entries[0]["by"] == "guardian"
    assert entries[0]["details"]["kind"] == "clip" and entries[0]["details"]["name"]


def test_a_clip_that_nobody_has_is_not_asked_for(demo):
    answer = demo.node.get("/api/v1/clips/0192f7c0-6c1e-7d3a-9d5b-0f6f2f4f1a2b.mp4")
    assert answer.status_code == 404 and answer.headers["Content-Type"] == "application/problem+json"


def test_events_at_the_node_name_where_their_files_are(demo, event):
    assert event["snapshot"]["url"] == f"/api/v1/events/{event['id']}/snapshot.jpg"
    assert event["clips"][0]["url"] == f"/api/v1/clips/{event['clips'][0]['id']}.mp4"
