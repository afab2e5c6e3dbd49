"""SIGKILL of every process at random times: no committed entry or clip is lost or duplicated, and every gap is in the coverage."""

import json
import random
import shutil
import sqlite3
import time

import pytest

from kit.api import moment
from kit.demo import PROCESSES, Demo
from kit.faults import TORTURE, plan, seed
from kit.probe import probe
from kit.rest import clip_files, database, doctor, entries, process_alone, proof, sha256, waiting

pytestmark = pytest.mark.faults

KILLS, SECONDS = (5, 100) if TORTURE else (1, 20)


@pytest.fixture(scope="module")
def killed_demo(tmp_path_factory):
    """A finished demo each of whose processes was killed KILLS times: (summary, state, kills as (unix time, process))."""
    chance = random.Random(seed())
    running = Demo(tmp_path_factory.mktemp("faults") / "state", "--for", str(SECONDS + (60 if TORTURE else 25)))
    killed = []
    try:
        running.until_up()
        began = time.monotonic()
        for at, name in plan(chance, PROCESSES, kills=KILLS, seconds=SECONDS, apart=1.5):
            # Waits for the planned time, not for a condition.
            time.sleep(max(0, began + at - time.monotonic()))
            if killed and killed[-1][1] == name:
                running.until_restarted(name, killed[-1][2])
            killed.append((time.time(), name, running.kill(name)))
        for name in PROCESSES:
            running.until_restarted(name, next(pid for _, other, pid in reversed(killed) if other == name))
        running.until_up()
        _, summary = running.finish(240)
        return summary, running.state, [(when, name) for when, name, _ in killed]
    finally:
        running.stop()


@pytest.mark.timeout(900)
def test_every_event_closed_with_its_clips_and_reached_the_node(killed_demo):
    summary = killed_demo[0]
    assert summary["events"] >= 4
    assert summary["open"] == 0
    # Clips that a kill interrupted are not counted; another test checks each of them.
    assert 0 < summary["clips"] <= summary["events"] == summary["acknowledged"]


def test_the_node_has_every_entry_once(killed_demo):
    edge, node = entries(killed_demo[1], "edge"), entries(killed_demo[1], "node")
    assert node and node.items() <= edge.items()
    # The entries that the edge wrote when it stopped may still be in its outbox, because the node stops at the same time.
    undelivered = [json.loads(payload) for name, payload in edge.items() if name not in node]
    assert len(undelivered) <= 2 and {entry["kind"] for entry in undelivered} <= {"coverage"}, undelivered
    assert len(undelivered) == waiting(killed_demo[1])


def test_every_clip_of_an_event_exists_and_matches_its_hash(killed_demo):
    files = clip_files(killed_demo[1])
    with process_alone(killed_demo[1], "edge") as api:
        named = {clip["id"]: clip for event in api.events() for clip in event["clips"]}
    assert named
    for name, clip in named.items():
        assert clip["state"] in ("complete", "interrupted"), clip
        assert sha256(files[name]) == clip["sha256"]
        assert float(probe(files[name])["format"]["duration"]) > 0


def test_coverage_names_every_gap(killed_demo):
    with process_alone(killed_demo[1], "edge") as api:
        coverage = api.coverage()
    reasons = {"cameras": {"camera_lost", "fell"}, "edge": {"fell"}, "ai": {"watch_lost", "fell"}}
    for when, name in killed_demo[2]:
        if name == "node":
            continue
        gaps = [
            gap for gap in coverage
            if gap["reason"] in reasons[name] and moment(gap["from"]) - 3 <= when + 3
            and (gap["to"] is None or moment(gap["to"]) >= when - 1)
        ]
        assert gaps, f"the coverage has no gap for the {name} killed at {when}: {coverage}"


def test_the_doctor_finds_no_damage(killed_demo):
    assert doctor(killed_demo[1], "edge") == (0, [])
    assert doctor(killed_demo[1], "node") == (0, [])


@pytest.fixture
def copy(killed_demo, tmp_path):
    """A copy of the edge's state that a test may damage."""
    target = tmp_path / "state"
    shutil.copytree(killed_demo[1] / "edge", target / "edge", ignore=shutil.ignore_patterns("*.sock"))
    text = (killed_demo[1] / "edge.yaml").read_text().replace(f"{killed_demo[1]}/edge", f"{target}/edge")
    (target / "edge.yaml").write_text(text)
    (target / "edge.yaml").chmod(0o600)
    return target


def damage(state, sql, *arguments):
    with sqlite3.connect(database(state, "edge")) as connection:
        changed = connection.execute(sql, arguments).rowcount
    connection.close()
    assert changed > 0


def test_the_doctor_finds_a_bit_flipped_in_a_clip(copy):
    name, path = sorted(clip_files(copy).items())[0]
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    code, findings = doctor(copy, "edge")
    assert code == 1 and any(name.lower() in str(finding).lower() for finding in findings), findings


def test_the_doctor_finds_a_bit_flipped_in_an_entry(copy):
    with sqlite3.connect(database(copy, "edge")) as connection:
        position, payload = connection.execute("SELECT position, payload FROM entries ORDER BY position LIMIT 1 OFFSET 3").fetchone()
    changed = bytearray(payload)
    changed[-3] ^= 1
    damage(copy, "UPDATE entries SET payload = ? WHERE position = ?", bytes(changed), position)
    code, findings = doctor(copy, "edge")
    assert code == 1 and findings


def test_the_doctor_finds_an_entry_removed(copy):
    damage(copy, "DELETE FROM entries WHERE position = (SELECT position FROM entries ORDER BY position LIMIT 1 OFFSET 5)")
    code, findings = doctor(copy, "edge")
    assert code == 1 and findings


def test_the_doctor_finds_a_missing_clip(copy):
    name, path = sorted(clip_files(copy).items())[-1]
    path.unlink()
    code, findings = doctor(copy, "edge")
    assert code == 1 and any(name.lower() in str(finding).lower() for finding in findings), findings


def test_with_the_node_the_doctor_finds_that_the_newest_entries_are_missing(copy, killed_demo):
    known = max(sequence for _, sequence in entries(killed_demo[1], "node"))
    damage(copy, "DELETE FROM entries WHERE sequence > ?", known - 3)
    with process_alone(killed_demo[1], "node") as node:
        code, findings = doctor(copy, "edge", "--node", node.base, *proof(killed_demo[1]))
    assert code == 1 and findings
