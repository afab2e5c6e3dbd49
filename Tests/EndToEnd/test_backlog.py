"""After a long time without its node, the edge delivers new entries before the backlog, and then the whole backlog."""

import base64
import contextlib
import hashlib
import json
import pathlib
import sqlite3
import uuid

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kit.api import API, moment
from kit.camera import Camera
from kit.demo import Demo
from kit.places import GUARDIAN, LOOPS
from kit.processes import Process
from kit.rest import configured_port, database, entries
from kit.waiting import until

WAITING = 10_000


def add_backlog(state, count):
    """Adds entries of closed events to the edge's journal and outbox, as after a long time without a node. They are signed with
    the edge's key and chained to its last entry."""
    key = Ed25519PrivateKey.from_private_bytes(base64.b64decode((state / "edge" / "device.key").read_text()))
    with contextlib.closing(sqlite3.connect(database(state, "edge"))) as connection, connection:
        position, chain, sequence, payload = connection.execute(
            "SELECT position, chain, sequence, payload FROM entries ORDER BY position DESC LIMIT 1"
        ).fetchone()
        sample = json.loads(connection.execute(
            "SELECT payload FROM entries WHERE json_extract(CAST(payload AS TEXT), '$.kind') = 'event_closed' LIMIT 1"
        ).fetchone()[0])
        for step in range(1, count + 1):
            event = uuid.uuid4()
            sample["sequence"], sample["previous"] = sequence + step, hashlib.sha256(payload).hexdigest()
            sample["body"]["id"] = sample["body"]["id"][:24] + event.hex[:12]
            subject = uuid.UUID(sample["body"]["id"]).bytes
            payload = json.dumps(sample, separators=(",", ":"), ensure_ascii=False).encode()
            signature = key.sign(b"guardian/journal/v1\0" + payload)
            connection.execute(
                "INSERT INTO entries (position, chain, sequence, stored_at, subject, payload, signature) VALUES (?,?,?,?,?,?,?)",
                (position + step, chain, sequence + step, sample["at"], subject, payload, signature),
            )
            connection.execute("INSERT INTO outbox (position, subject) VALUES (?, ?)", (position + step, subject))


@pytest.mark.timeout(900)
def test_ten_thousand_entries_drain_and_the_newest_event_goes_first(tmp_path):
    first = Demo(tmp_path / "state", "--for", "15")
    try:
        _, summary = first.finish(240)
    finally:
        first.stop()
    assert summary["events"], "the first run had no event"
    state = pathlib.Path(summary["state"])
    add_backlog(state, WAITING)

    camera = Camera(tmp_path, {"campus": LOOPS / "campus.ts", "street": LOOPS / "street.ts"}, port=first.camera_port)
    edge = Process([GUARDIAN, "edge", "--config", state / "edge.yaml"], tmp_path, "edge")
    node = None
    try:
        api = API(configured_port(state / "edge.yaml"), state)
        until(lambda: api.status()["node"]["waiting"] >= WAITING, 60, "the outbox contains the backlog")

        def newest_open_event():
            event = api.events()[0]
            return event if event["state"] == "open" and event["delivery"]["state"] == "waiting" else None

        newest = until(newest_open_event, 60, "an event opens while the node is stopped")
        node = Process([GUARDIAN, "node", "--config", state / "node.yaml"], tmp_path, "node")
        since = until(lambda: api.status()["node"]["connected"] and api.status()["node"]["since"], 60, "the edge is connected to the node again")

        def acknowledged():
            return api.json(f"/api/v1/events/{newest['id']}")["delivery"]["firstAcknowledgedAt"]

        assert moment(until(acknowledged, 60, "the newest event is acknowledged")) - moment(since) <= 2
        camera.stop()
        until(lambda: api.status()["node"]["waiting"] == 0 and not [e for e in api.events() if e["state"] == "open"], 90, "the outbox is empty and no event is open")
        edge.stop()
        node.stop()
        at_edge, at_node = entries(state, "edge"), entries(state, "node")
        # Only the entries that the edge wrote when it stopped may be undelivered.
        assert len(at_edge) - len(at_node) <= 2
        assert all(at_edge[name] == payload for name, payload in at_node.items())
        assert len(at_node) > WAITING
    finally:
        for process in (edge, node, camera):
            if process:
                process.kill()
