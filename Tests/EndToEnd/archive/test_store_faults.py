"""A store in all kinds of trouble, and a node that is killed: every part ends stored once, or refused with a reason."""

import hashlib

import pytest
from botocore.exceptions import ClientError

from archive.test_s3 import BUCKET, client, contents
from kit.archive import opened
from kit.demo import Demo
from kit.proxy import FaultyProxy
from kit.parts import parts
from kit.rest import process_alone
from kit.s3 import S3Server
from kit.waiting import until

# Seconds after which a clip is continued by the next: long enough that most grow at the store before they end.
SHORT = {"GUARDIAN_RECORDING_MAXIMUM": "25"}
MODES = ("down", "busy", "slow", "half")


def waiting(state):
    """Parts that the store should have by now."""
    return [part for part in parts(state) if part["state"] == "sealed"]


def clips(state):
    """Parts of clips: what grows at the store; a picture is there at once."""
    return [part for part in parts(state) if part["kind"] == "clip"]


def unfinished(state):
    """Parts that are neither stored nor refused with a reason."""
    return [part for part in parts(state) if part["state"] != "stored" and not (part["state"] in ("refused", "failed") and part["reason"])]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", ["moto", "swift"])
def test_every_part_ends_stored_once(kind, tmp_path):
    state = tmp_path / "state"
    with S3Server(kind) as server, FaultyProxy(server.endpoint) as proxy:
        running = Demo(state, "--s3", proxy.endpoint, environment={**server.environment, **SHORT})
        try:
            running.until_up()
            until(lambda: [part for part in clips(state) if part["state"] == "stored"], 90, "a clip is stored")
            lost = remove_bucket(client(server))
            for mode in MODES:
                proxy.mode = mode
                known = {part["id"] for part in clips(state) if part["state"] != "uploading"}
                until(
                    lambda: {part["id"] for part in clips(state) if part["state"] == "sealed"} - known and proxy.met.get(mode, 0) >= 3, 120,
                    f"a clip's part ends and meets a store that is {mode}",
                )
                if mode in ("slow", "half"):
                    old = running.kill("node")
                    running.until_restarted("node", old)
            proxy.mode = "pass"
            # What a look at the start may have found a store in trouble for.
            old = running.kill("node")
            running.until_restarted("node", old)
            if kind == "swift":
                a_clock_that_jumps(server, state)
            until(lambda: not waiting(state), 180, "all that waited is stored")
            until(lambda: named(state) >= lost, 60, "what went with the bucket is named")
        finally:
            running.stop()
        if server.clock:
            server.set_clock(0)
        # The recorder is gone for good: what it was sending the node ends by itself.
        with process_alone(state, "node", server.environment):
            until(lambda: not unfinished(state), 90, "all that a recorder was sending is stored, or refused with a reason")
        found = contents(client(server))
    rows = {part["object_key"]: part for part in parts(state) if part["state"] == "stored"}
    assert len(rows) >= len(MODES)
    assert set(rows) == set(found), "exactly the objects that the table knows"
    for number, (name, part) in enumerate(rows.items()):
        assert part["size"] == len(found[name])
        assert part["sha256"] == hashlib.sha256(found[name]).digest()
        sealed = tmp_path / f"{number}.grdn"
        sealed.write_bytes(found[name])
        said = opened(state, sealed, tmp_path / f"{number}.mp4")
        assert said == "complete" or part["interrupted"], said


def a_clock_that_jumps(server, state):
    """The store's clock is 20 minutes ahead from now on, in the middle of what is going up: a whole part reaches it so."""
    known = {part["id"] for part in parts(state)}
    server.set_clock(20 * 60)
    with pytest.raises(ClientError, match="RequestTimeTooSkewed"):
        client(server, retries={"total_max_attempts": 1}).list_objects_v2(Bucket=BUCKET)
    until(
        lambda: [part for part in parts(state) if part["id"] not in known and part["state"] == "stored"], 120,
        "a part is stored by a server that is 20 minutes ahead",
    )


def remove_bucket(s3):
    """Takes bucket and objects away under the node's feet: the objects' names."""
    names = set()

    def removed():
        found = set(contents(s3))
        names.update(found)
        for name in found:
            s3.delete_object(Bucket=BUCKET, Key=name)
        try:
            s3.delete_bucket(Bucket=BUCKET)
        except ClientError as error:
            # Another clip came between the list and here, or the store's list was not the newest.
            if error.response["Error"]["Code"] == "BucketNotEmpty":
                return False
            raise
        return True

    until(removed, 30, "the bucket is empty and goes")
    return names


def named(state):
    """Objects that the node knows to be lost, each with a reason."""
    return {part["object_key"] for part in parts(state) if part["state"] == "failed" and part["reason"]}

