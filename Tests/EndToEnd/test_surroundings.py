"""Recording needs a camera and a disk: an edge whose surroundings fail goes on, says so, and recovers by itself."""

import base64
import os
import pathlib
import shutil
import socket
import subprocess

import pytest

from kit.api import API
from kit.installation import Installation
from kit.places import GUARDIAN, LOOPS
from kit.processes import Process
from kit.rest import doctor
from kit.secure_edge import SecureEdge
from kit.waiting import until, until_promptly


@pytest.fixture
def installation(tmp_path):
    installation = Installation(tmp_path, {"yard": LOOPS / "busy-2s.ts"}, recording=", maximum: 10", direct=True)
    try:
        yield installation
    finally:
        installation.stop()


def clips(folder):
    """Returns the sizes of the clips' files in a folder, by name."""
    return {path.name: path.stat().st_size for path in pathlib.Path(folder).rglob("*.mp4")}


def until_recorded(folder, more_than=0):
    """Waits until there are more clips than that, and one of them has grown."""
    found = until(lambda: len(clips(folder)) > more_than and clips(folder), 90, "a clip is recorded")
    until(lambda: any(size > found.get(name, 0) for name, size in clips(folder).items()), 60, "the clips grow")


def problems(installation):
    return [(each["where"], each["what"]) for each in installation.edge.status()["problems"]]


def component(installation, name):
    return next(each for each in installation.edge.status()["components"] if each["name"] == name)


def test_it_records_without_web_server_node_and_archive(installation):
    state, edge = installation.state, installation.state / "edge"
    installation.start("node")
    key = state / "certificates" / "edge.key"
    key.chmod(0o640)
    edge.mkdir(exist_ok=True)
    (edge / "archive.sqlite").write_bytes(os.urandom(20_000))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", installation.web))
        taken.listen()
        process = Process([GUARDIAN, "edge", "--config", state / "edge.yaml"], state.parent, "edge")
        installation.processes["edge"] = process
        until_recorded(edge / "clips")
        assert process.running() and "web.port" in process.printed()
    until(lambda: installation.answers("edge"), 60, "the web server runs once its port is free")
    until(lambda: component(installation, "web server")["state"] == "running", 60, "the web server counts as running")
    assert component(installation, "web server")["failures"] > 0
    until(lambda: any(where == "node" and "chmod 600" in what for where, what in problems(installation)), 60, "the key that others may read is a problem")
    # The damaged ledger was set aside, not deleted, and the archive runs with a new one.
    [aside] = edge.glob("archive.sqlite.damaged-*")
    assert aside.stat().st_size == 20_000 and any(where == str(aside) for where, _ in problems(installation))
    key.chmod(0o600)
    until(lambda: installation.edge.status()["node"]["connected"], 60, "the node is connected once the key may be used")
    until(lambda: component(installation, "archive reading")["state"] == "running", 60, "the archive can be read")
    until(lambda: installation.edge.status()["node"]["waiting"] < 20, 60, "the entries reach the node")


def test_a_wrong_section_of_the_configuration_does_not_stop_recording(installation):
    config = installation.state / "edge.yaml"
    good = config.read_text()
    wrong = good.replace("address: 127.0.0.1, port", "adress: 127.0.0.1, port").replace("address: \"localhost:", "address: \"")
    wrong = wrong.replace("archive: {", "archive: {cameras: garden, ").replace("inference: {model", "inference: {modell")
    config.write_text(wrong)
    installation.start("edge")
    until_recorded(installation.state / "edge" / "clips")
    found = [what for where, what in problems(installation) if where == "configuration"]
    for name, key in (("web", "web.adress"), ("node", "node.address"), ("archive", "archive.cameras"), ("inference", "inference.modell")):
        [what] = [each for each in found if f"section {name} " in each]
        assert "edge.yaml:" in what and f"“{key}”" in what, what
    assert "configuration section refused, left out" in installation.processes["edge"].printed()
    assert doctor_refuses(config)
    # A refused archive must not become one that archives everything.
    config.write_text(good.replace("archive: {", "archive: {cameras: garden, "))
    installation.processes["edge"].stop()
    installation.start()
    until(lambda: installation.edge.status()["node"]["connected"], 60, "the node is connected")
    assert [where for where, _ in problems(installation) if where == "configuration"] == ["configuration"]
    assert {each["name"] for each in installation.edge.status()["components"]} == {"archive reading", "relay to the node", "AI service", "telemetry", "web server"}
    config.write_text(good)
    installation.processes["edge"].stop()
    installation.start("edge")
    assert not [where for where, _ in problems(installation) if where == "configuration"]
    until(lambda: installation.archived(), 120, "what was recorded since is archived")


def doctor_refuses(config):
    """Whether the doctor refuses the file in one line, instead of examining by a part of it."""
    ran = subprocess.run([GUARDIAN, "doctor", "--config", config], capture_output=True, text=True, timeout=120)
    return ran.returncode == 1 and len(ran.stderr.strip().splitlines()) == 1 and str(config) in ran.stderr


def test_an_unmounted_disk_loses_nothing_and_recording_goes_on(installation):
    edge = installation.state / "edge"
    folder, emergency, elsewhere = edge / "clips", edge / "emergency", edge / "elsewhere"
    installation.start()
    until_recorded(folder, more_than=1)
    event = until(lambda: next((each for each in installation.edge.events() if any(clip["state"] == "complete" for clip in each["clips"])), None), 90, "an event has a complete clip")
    clip = f"/api/v1/clips/{next(each['id'] for each in event['clips'] if each['state'] == 'complete')}.mp4"
    assert installation.edge.get(clip).status_code == 200
    # As after `umount`: the folder is there and empty.
    folder.rename(elsewhere)
    folder.mkdir()
    until_promptly(lambda: any(where == str(folder) for where, _ in problems(installation)), 15, "the missing disk is a problem")
    assert installation.edge.status()["storage"]["away"] is True
    until_promptly(lambda: installation.edge.get(clip).status_code == 503, 10, "its clips are unavailable, not gone")
    until_recorded(emergency)
    assert list(folder.iterdir()) == []
    until(lambda: len(clips(emergency)) > 1, 60, "the emergency folder has a complete clip")

    folder.rmdir()
    elsewhere.rename(folder)
    until_promptly(lambda: installation.edge.status()["storage"]["away"] is False, 15, "the disk is back")
    assert installation.edge.get(clip).status_code == 200
    before = set(clips(emergency)) | set(clips(folder))
    until(lambda: not clips(emergency), 90, "the clips of the emergency folder have moved")
    assert before <= set(clips(folder))
    coverage = installation.edge.coverage()
    assert not [gap for gap in coverage if gap["reason"] == "disk_full"], coverage
    installation.processes["edge"].stop()
    assert doctor(installation.state, "edge") == (0, [])


def test_a_start_without_the_disk_declares_no_clip_deleted(installation):
    edge = installation.state / "edge"
    folder, elsewhere = edge / "clips", edge / "elsewhere"
    installation.start()
    until_recorded(folder, more_than=1)
    installation.processes["edge"].stop()
    recorded = clips(folder)
    folder.rename(elsewhere)
    folder.mkdir()
    # There is too little room as well: without the disk, room must not be made.
    config = installation.state / "edge.yaml"
    before = config.read_text()
    config.write_text(before.replace("keepFreeMegabytes: 256", "keepFreeMegabytes: 100000000"))
    installation.start("edge")
    until_promptly(lambda: any(where == str(folder) for where, _ in problems(installation)), 15, "the missing disk is a problem")
    installation.processes["edge"].stop()
    code, findings = doctor(installation.state, "edge")
    assert code == 1 and [each["where"] for each in findings] == [str(folder)], findings

    shutil.rmtree(folder)
    elsewhere.rename(folder)
    config.write_text(before)
    assert recorded.items() <= clips(folder).items()
    assert doctor(installation.state, "edge") == (0, [])
    installation.start("edge")
    for name in recorded:
        assert installation.edge.get(f"/api/v1/clips/{name}").status_code == 200


def test_a_damaged_journal_is_set_aside_and_its_clips_are_adopted(installation):
    edge = installation.state / "edge"
    installation.start()
    until_recorded(edge / "clips", more_than=1)
    chain = installation.edge.status()["journal"]["chain"]
    installation.processes["edge"].stop()
    recorded = clips(edge / "clips")
    with (edge / "edge.sqlite").open("r+b") as file:
        file.write(os.urandom(8192))
    installation.start("edge")
    assert installation.edge.status()["journal"]["chain"] != chain
    [aside] = [path for path in edge.glob("edge.sqlite.damaged-*") if not path.name.endswith(("-wal", "-shm"))]
    assert any(where == str(aside) for where, _ in problems(installation))
    for name in recorded:
        until(lambda: installation.edge.get(f"/api/v1/clips/{name}").status_code == 200, 60, f"{name} is adopted")
    first = installation.edge.json("/api/v1/journal", params={"after": 0, "limit": 20})["items"]
    assert any("chain_begun" in base64.b64decode(item["payload"]).decode() for item in first)
    until(lambda: installation.edge.status()["node"]["waiting"] == 0, 60, "the node has the new chain")


def test_a_journal_damaged_in_use_is_set_aside_by_a_restart_with_the_same_process_id(installation):
    edge = installation.state / "edge"
    installation.start()
    until_recorded(edge / "clips", more_than=1)
    before, process = installation.edge.status(), installation.processes["edge"]

    def is_noticed():
        # The pages that the edge reads next may be in its caches and in the log, so they are damaged again and again.
        for name, keep in (("edge.sqlite", 100), ("edge.sqlite-wal", 32)):
            with (edge / name).open("r+b") as file:
                size = os.fstat(file.fileno()).st_size
                file.seek(keep)
                file.write(os.urandom(max(0, size - keep)))
        return "database found damaged while running" in process.printed()

    until(is_noticed, 60, "the edge notices the damage")
    # An edge that has run for less than a minute waits for that.
    until(lambda: any(edge.glob("edge.sqlite.damaged-*")), 120, "the database is set aside")
    until(lambda: installation.answers("edge"), 60, "the edge has started again")
    assert process.running(), "it is the same process"
    assert installation.edge.status()["journal"]["chain"] != before["journal"]["chain"]


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_disk_without_a_byte_at_start_is_made_room_on(installation):
    edge = installation.state / "edge"
    installation.start()
    until_recorded(edge / "clips", more_than=2)
    installation.processes["edge"].stop()
    recorded = clips(edge / "clips")
    saved = edge.with_name("saved")
    edge.rename(saved)
    edge.mkdir()
    used = sum(path.stat().st_size for path in saved.rglob("*") if path.is_file())
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={used + (24 << 20)}", "tmpfs", edge], check=True)
    try:
        shutil.copytree(saved, edge, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.sock"))
        filling = edge / "filling"
        with filling.open("wb", buffering=0) as file, pytest.raises(OSError):
            while True:
                file.write(bytes(4096))
        assert os.statvfs(edge).f_bavail == 0
        config = installation.state / "edge.yaml"
        config.write_text(config.read_text().replace("keepFreeMegabytes: 256", "keepFreeMegabytes: 64"))
        # The smallest floor is larger than this disk: whatever may be deleted is deleted, in order, with its tombstone.
        installation.start("edge")
        until(lambda: set(recorded) - set(clips(edge / "clips")), 60, "old clips are deleted")
        until(lambda: any("disk is full" in what for _, what in problems(installation)), 60, "the full disk is a problem")
        installation.processes["edge"].stop()
        assert [each for each in doctor(installation.state, "edge")[1] if each["severity"] == "error"] == []
    finally:
        installation.processes["edge"].stop()
        subprocess.run(["umount", "-l", edge], check=True)


def test_two_recorders_with_one_folder_of_clips_do_not_touch_each_others(tmp_path):
    first = SecureEdge(tmp_path / "first")
    edges = [first]
    try:
        first.until_up()
        (tmp_path / "second" / "edge").mkdir(parents=True, mode=0o700)
        (tmp_path / "second" / "edge" / "clips").symlink_to(first.state / "clips")
        second = SecureEdge(tmp_path / "second")
        edges.append(second)
        second.until_up()
        here, there = API(first.port, first.state), API(second.port, second.state)
        until(lambda: there.status()["storage"]["away"], 60, "the folder is away for the second")
        assert any("used by another recorder" in each["what"] for each in there.status()["problems"])
        assert not here.status()["storage"]["away"]
    finally:
        for edge in edges:
            edge.stop()
