"""kill -9 of everything, at moments that nobody chose: nothing committed is lost, doubled or unnamed."""

import json
import random
import shutil
import sqlite3
import time

import pytest

from kit.api import moment
from kit.demo import PARTS, Demo
from kit.faults import plan, seed
from kit.probe import probe
from kit.rest import clip_files, database, doctor, entries, process_alone, sha256, waiting

KILLS = 5
SECONDS = 100


@pytest.fixture(scope="module")
def survivor(tmp_path_factory):
    """A demo whose every part was killed five times: (summary, state, kills as (unix time, part))."""
    chance = random.Random(seed())
    running = Demo(tmp_path_factory.mktemp("faults") / "state", "--for", str(SECONDS + 60))
    killed = []
    try:
        running.until_up()
        began = time.monotonic()
        for at, part in plan(chance, PARTS, kills=KILLS, seconds=SECONDS, apart=1.5):
            # The moment is the plan's, not a guess at how long something takes.
            time.sleep(max(0, began + at - time.monotonic()))
            if killed and killed[-1][1] == part:
                running.until_restarted(part, killed[-1][2])
            killed.append((time.time(), part, running.kill(part)))
        for part in PARTS:
            running.until_restarted(part, next(pid for _, what, pid in reversed(killed) if what == part), 60)
        running.until_up(60)
        _, summary = running.finish(240)
        return summary, running.state, [(when, part) for when, part, _ in killed]
    finally:
        running.stop()


@pytest.mark.timeout(420)
def test_every_event_closed_with_its_clips_and_reached_the_node(survivor):
    summary = survivor[0]
    assert summary["events"] >= 4
    assert summary["open"] == 0
    # Clips that a kill cut are complete no more: another test looks at each.
    assert 0 < summary["clips"] <= summary["events"] == summary["acknowledged"]


def test_the_node_has_every_entry_once(survivor):
    edge, node = entries(survivor[1], "edge"), entries(survivor[1], "node")
    assert node and node.items() <= edge.items()
    # What the edge said last, that it stopped, may still wait in its outbox: the node ends with it.
    owed = [json.loads(payload) for name, payload in edge.items() if name not in node]
    assert len(owed) <= 2 and {entry["kind"] for entry in owed} <= {"coverage"}, owed
    assert len(owed) == waiting(survivor[1])


def test_every_clip_that_an_event_names_is_there(survivor):
    files = clip_files(survivor[1])
    with process_alone(survivor[1], "edge") as api:
        named = {clip["id"]: clip for event in api.events() for clip in event["clips"]}
    assert named
    for name, clip in named.items():
        assert clip["state"] in ("complete", "interrupted"), clip
        assert sha256(files[name]) == clip["sha256"]
        assert float(probe(files[name])["format"]["duration"]) > 0


def test_coverage_names_every_hole(survivor):
    with process_alone(survivor[1], "edge") as api:
        coverage = api.coverage()
    reasons = {"cameras": {"camera_lost", "fell"}, "edge": {"fell"}, "ai": {"watch_lost", "fell"}}
    for when, part in survivor[2]:
        if part == "node":
            continue
        holes = [
            hole for hole in coverage
            if hole["reason"] in reasons[part] and moment(hole["from"]) - 3 <= when + 3
            and (hole["to"] is None or moment(hole["to"]) >= when - 1)
        ]
        assert holes, f"no hole is named for the {part} killed at {when}: {coverage}"


def test_the_doctor_finds_it_whole(survivor):
    assert doctor(survivor[1], "edge") == (0, [])
    assert doctor(survivor[1], "node") == (0, [])


@pytest.fixture
def copy(survivor, tmp_path):
    """A copy of the edge's state that a test may spoil."""
    target = tmp_path / "state"
    shutil.copytree(survivor[1] / "edge", target / "edge", ignore=shutil.ignore_patterns("*.sock"))
    text = (survivor[1] / "edge.yaml").read_text().replace(f"{survivor[1]}/edge", f"{target}/edge")
    (target / "edge.yaml").write_text(text)
    (target / "edge.yaml").chmod(0o600)
    return target


def spoil(state, sql, *arguments):
    with sqlite3.connect(database(state, "edge")) as connection:
        changed = connection.execute(sql, arguments).rowcount
    connection.close()
    assert changed > 0


def test_the_doctor_finds_a_bit_flipped_in_a_clip(copy):
    name, path = sorted(clip_files(copy).items())[0]
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(whole)
    code, findings = doctor(copy, "edge")
    assert code == 1 and any(name.lower() in str(finding).lower() for finding in findings), findings


def test_the_doctor_finds_a_bit_flipped_in_an_entry(copy):
    with sqlite3.connect(database(copy, "edge")) as connection:
        position, payload = connection.execute("SELECT position, payload FROM entries ORDER BY position LIMIT 1 OFFSET 3").fetchone()
    changed = bytearray(payload)
    changed[-3] ^= 1
    spoil(copy, "UPDATE entries SET payload = ? WHERE position = ?", bytes(changed), position)
    code, findings = doctor(copy, "edge")
    assert code == 1 and findings


def test_the_doctor_finds_an_entry_removed(copy):
    spoil(copy, "DELETE FROM entries WHERE position = (SELECT position FROM entries ORDER BY position LIMIT 1 OFFSET 5)")
    code, findings = doctor(copy, "edge")
    assert code == 1 and findings


def test_the_doctor_finds_a_missing_clip(copy):
    name, path = sorted(clip_files(copy).items())[-1]
    path.unlink()
    code, findings = doctor(copy, "edge")
    assert code == 1 and any(name.lower() in str(finding).lower() for finding in findings), findings


def test_beside_the_node_the_doctor_finds_a_tail_cut(copy, survivor):
    known = max(sequence for _, sequence in entries(survivor[1], "node"))
    spoil(copy, "DELETE FROM entries WHERE sequence > ?", known - 3)
    with process_alone(survivor[1], "node") as node:
        code, findings = doctor(copy, "edge", "--node", node.base)
    assert code == 1 and findings
