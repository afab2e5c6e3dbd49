"""Clips, pictures and live views that somebody watches at the node: they pass through from the recorder, whose audit log says who watched."""

import hashlib
import struct

import pytest

from kit.waiting import until


@pytest.fixture(scope="module")
def event(demo):
    """An event that the node knows, with a clip and a picture, of a recorder that passes them on."""
    until(lambda: demo.node.json("/api/v1/cameras")["items"], 60, "the recorder waits for requests")
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


def test_a_player_gets_the_clip_with_an_index(demo):
    def complete():
        clips = [clip for event in demo.node.events() for clip in event["clips"] if clip["state"] == "complete"]
        return clips[0]["id"] if clips else None

    path = f"/api/v1/clips/{until(complete, 420, 'the node has a complete clip')}.mp4?index=true"
    there, here = demo.node.get(path), demo.edge.get(path)
    assert there.status_code == 200 and b"sidx" in there.content[:4096]
    assert there.content == here.content and there.headers["ETag"] == here.headers["ETag"]
    part = demo.node.get(path, headers={"Range": "bytes=700-5000"})
    assert part.status_code == 206 and part.content == here.content[700:5001]


def cameras(demo):
    """The cameras that the node knows, once it knows all."""
    here = demo.edge.json("/api/v1/cameras")["items"]

    def known():
        there = demo.node.json("/api/v1/cameras")["items"]
        return there if len(there) == len(here) and all(each["state"] == "live" for each in there) else None

    return until(known, 60, "the node knows the cameras")


def test_the_node_shows_the_cameras_as_their_recorder_names_them(demo):
    there, here = cameras(demo), demo.edge.json("/api/v1/cameras")["items"]
    for name in ("id", "cameraId", "name", "width", "height", "codec"):
        assert [each[name] for each in there] == [each[name] for each in here], name
    assert {each["camera"] for each in demo.node.events()} <= {each["id"] for each in here}
    one = demo.node.json(f"/api/v1/cameras/{here[0]['id']}")
    assert one["cameraId"] == here[0]["cameraId"] and one["settings"] is None
    assert demo.node.json(f"/api/v1/cameras/{here[0]['cameraId']}")["id"] == here[0]["id"]
    # Nothing of it is on the node's disk.
    names = [each["name"].encode() for each in here] + [b'"' + each["id"].encode() + b'"' for each in here]
    files = [file for file in (demo.state / "node").rglob("*") if file.is_file()]
    assert files and not [(file, name) for file in files for name in names if name in content(file)]


def content(file):
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""  # the node moves parts from its spool into the archive


def test_a_picture_and_the_live_view_of_a_camera_pass_through(demo):
    first = cameras(demo)[0]["id"]
    picture = demo.node.get(f"/api/v1/cameras/{first}/snapshot.jpg")
    assert picture.status_code == 200 and picture.headers["Content-Type"] == "image/jpeg"
    assert picture.content.startswith(b"\xff\xd8\xff") and picture.content.endswith(b"\xff\xd9")
    with demo.node.session.get(f"{demo.node.base}/api/v1/cameras/{first}/live.mp4", stream=True, timeout=60) as answer:
        assert answer.status_code == 200 and answer.headers["Content-Type"] == "video/mp4"
        bytes_ = answer.raw.read(200_000)
        assert bytes_[4:8] == b"ftyp" and b"moof" in bytes_ and b"mdat" in bytes_
    assert demo.node.get("/api/v1/cameras/nowhere/snapshot.jpg").status_code == 404


def test_the_live_view_of_all_cameras_is_one_response(demo):
    ids = [each["id"] for each in cameras(demo)]
    kinds = {index: set() for index in range(len(ids))}
    with demo.node.session.get(f"{demo.node.base}/api/v1/live?cameras={','.join(ids)}", stream=True, timeout=60) as answer:
        assert answer.status_code == 200
        while not all({0, 1} <= seen for seen in kinds.values()):
            camera, kind, zero, length = struct.unpack(">BBHI", answer.raw.read(8))
            payload = answer.raw.read(length)
            assert kind in (0, 1, 2) and zero == 0 and len(payload) == length
            if kind == 1:
                assert 0 in kinds[camera] and payload[4:8] == b"moof"
            kinds[camera].add(kind)

    def written():
        items = demo.edge.json("/api/v1/audit?limit=200")["items"]
        return {each["subject"] for each in items if each["action"] == "footage_sent" and each["details"]["kind"] == "live"}

    until(lambda: written() == {each["cameraId"] for each in cameras(demo)}, 30, "the audit log says who watched each camera")


def test_the_recorder_writes_down_who_watched_once(demo, event):
    clip = event["clips"][0]["id"]

    def written():
        items = demo.edge.json("/api/v1/audit?limit=200")["items"]
        return [each for each in items if each["action"] == "footage_sent" and each["subject"] == clip]

    # Other tests have watched it too, also as other people.
    before = len(written())
    for _ in range(3):
        assert demo.node.get(f"/api/v1/clips/{clip}.mp4").ok
    entries = until(written, 30, "the audit log has it")
    assert len(entries) - before <= 1
    assert all(each["by"] == "guardian" and each["details"]["kind"] == "clip" and each["details"]["name"] for each in entries)


def test_a_clip_that_nobody_has_is_not_asked_for(demo):
    answer = demo.node.get("/api/v1/clips/0192f7c0-6c1e-7d3a-9d5b-0f6f2f4f1a2b.mp4")
    assert answer.status_code == 404 and answer.headers["Content-Type"] == "application/problem+json"


def test_events_at_the_node_name_where_their_files_are(demo, event):
    assert event["snapshot"]["url"] == f"/api/v1/events/{event['id']}/snapshot.jpg"
    assert event["clips"][0]["url"] == f"/api/v1/clips/{event['clips'][0]['id']}.mp4"
