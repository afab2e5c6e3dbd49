"""Faults of the object store and kills of the node: in the end every part is stored once, or refused or failed with a reason."""

import hashlib

import pytest
from botocore.exceptions import ClientError

from archive.test_s3 import BUCKET, client, contents
from kit.archive import opened
from kit.demo import Demo
from kit.faults import TORTURE
from kit.proxy import FaultyProxy
from kit.parts import parts
from kit.rest import process_alone
from kit.s3 import S3Server
from kit.waiting import until

# Seconds after which a clip ends and the next begins: long enough that the upload of most clips begins before they end.
SHORT = {"GUARDIAN_RECORDING_MAXIMUM": "25"}
MODES = ("down", "busy", "slow", "half") if TORTURE else ("half",)

pytestmark = pytest.mark.faults


def waiting(state):
    """Returns complete parts that are not in the object store yet."""
    return [part for part in parts(state) if part["state"] == "sealed"]


def clip_parts(state):
    """Returns the parts of clips. Those are uploaded while they grow, snapshots in one request."""
    return [part for part in parts(state) if part["kind"] == "clip"]


def unfinished(state):
    """Returns parts that are neither stored, nor refused or failed with a reason."""
    return [part for part in parts(state) if part["state"] != "stored" and not (part["state"] in ("refused", "failed") and part["reason"])]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", ["swift", pytest.param("moto", marks=pytest.mark.torture)])
def test_every_part_ends_stored_once(kind, tmp_path):
    state = tmp_path / "state"
    with S3Server(kind) as server, FaultyProxy(server.endpoint) as proxy:
        running = Demo(state, "--s3", proxy.endpoint, environment={**server.environment, **SHORT})
        try:
            running.until_up()
            until(lambda: [part for part in clip_parts(state) if part["state"] == "stored"], 90, "a clip is stored")
            removed = remove_objects(client(server))
            assert removed
            for mode in MODES:
                proxy.mode = mode
                known = {part["id"] for part in clip_parts(state) if part["state"] != "uploading"}
                until(
                    lambda: {part["id"] for part in clip_parts(state) if part["state"] == "sealed"} - known and proxy.connections.get(mode, 0) >= 3, 120,
                    f"a clip's part ends and three connections have met the store's fault {mode}",
                )
                if mode in ("slow", "half"):
                    old = running.kill("node")
                    running.until_restarted("node", old)
            proxy.mode = "pass"
            # The node checks its stored objects at start. After an earlier restart, a fault may have prevented that.
            old = running.kill("node")
            running.until_restarted("node", old)
            if kind == "swift":
                move_clock(server, state)
            until(lambda: not waiting(state), 180, "all complete parts are stored")
            until(lambda: lost_objects(state) >= removed, 60, "the node reports all removed objects as failed")
        finally:
            running.stop()
        if server.clock:
            server.set_clock(0)
        # The edge does not come back: the node ends the parts that the edge was uploading.
        with process_alone(state, "node", server.environment):
            until(lambda: not unfinished(state), 90, "every part is stored, or refused or failed with a reason")
        found = contents(client(server))
    rows = {part["object_key"]: part for part in parts(state) if part["state"] == "stored"}
    assert len(rows) >= len(MODES)
    assert set(rows) == set(found), "the objects in the store differ from those in the node's table"
    for number, (name, part) in enumerate(rows.items()):
        assert part["size"] == len(found[name])
        assert part["sha256"] == hashlib.sha256(found[name]).digest()
        sealed = tmp_path / f"{number}.grdn"
        sealed.write_bytes(found[name])
        verdict = opened(state, sealed, tmp_path / f"{number}.mp4")
        assert verdict == "complete" or part["interrupted"], verdict


def move_clock(server, state):
    """Sets the store's clock 20 minutes ahead during uploads, and waits until a new part is stored nevertheless."""
    known = {part["id"] for part in parts(state)}
    server.set_clock(20 * 60)
    with pytest.raises(ClientError, match="RequestTimeTooSkewed"):
        client(server, retries={"total_max_attempts": 1}).list_objects_v2(Bucket=BUCKET)
    until(
        lambda: [part for part in parts(state) if part["id"] not in known and part["state"] == "stored"], 120,
        "a new part is stored although the store's clock is 20 minutes ahead",
    )


def remove_objects(s3):
    """Deletes all sealed objects while the node uses their bucket. Returns their names."""
    names = set()

    def are_removed():
        found = set(contents(s3))
        names.update(found)
        for name in found:
            s3.delete_object(Bucket=BUCKET, Key=name)
        return not found

    until(are_removed, 60, "the bucket has no sealed objects")
    return names


def lost_objects(state):
    """Returns the names of objects that the node has marked as failed with a reason."""
    return {part["object_key"] for part in parts(state) if part["state"] == "failed" and part["reason"]}

