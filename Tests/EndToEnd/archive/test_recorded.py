"""Clips and snapshots that an edge sealed, from the node's object store: opened in Chromium and by commands with the owner's code."""

import hashlib
import json
import pathlib
import subprocess
from types import SimpleNamespace

import pytest

from archive.sealer import DIGITS, Owner
from archive.script import run
from archive.site import PAGES
from archive.wire import STORED, Recorder, leaks
from kit.places import GUARDIAN
from kit.rest import entries, process_alone, proof
from kit.visitor import log_in, new_context
from kit.waiting import until


@pytest.fixture(scope="module")
def restarted(minute_demo):
    """Edge and node of the finished demo, restarted. The cameras are not, so every clip has ended."""
    minute_demo.finish()
    state = minute_demo.state
    with process_alone(state, "node") as node, process_alone(state, "edge") as edge:
        yield SimpleNamespace(state=state, edge=edge, node=node, base=edge.base)


@pytest.fixture(scope="module")
def owner(restarted):
    code = (restarted.state / "owner.code").read_text().strip()
    number = 0
    for digit in code.replace("-", ""):
        number = number * 32 + DIGITS.index(digit)
    owner = Owner(number.to_bytes(35, "big")[:32])
    assert owner.code == code
    return owner


@pytest.fixture(scope="module")
def item(restarted):
    """A stored clip of one part."""

    def stored():
        items = restarted.edge.json("/api/v1/archive", params={"status": "stored", "limit": 50})["items"]
        return next((item for item in items if len(item["parts"]) == 1 and item["duration"]), None)

    return until(stored, 60, "a clip is stored in one part")


@pytest.fixture
def context(browser):
    context = new_context(browser, locale="en-GB")
    context.recorder = Recorder(context)
    yield context
    context.close()


def unlock(page, code):
    page.wait_for_selector(".unlock")
    page.fill("#recovery-code", code)
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('video')?.currentTime > 0.3")


def saved(page):
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save as mp4").click()
    return pathlib.Path(saving.value.path()).read_bytes()


def test_it_is_listed_plays_seeks_and_equals_the_edges_clip(restarted, context, owner, item):
    page = log_in(context, restarted.base).new_page()
    page.goto(restarted.base + "/archive?status=stored")
    page.locator(f"a[href='/archive/{item['clipId']}']").click()
    unlock(page, owner.code)
    page.locator(".place-range").fill(str(item["duration"] / 1000 * 0.7))
    page.wait_for_function("(at) => { const video = document.querySelector('video'); return !video.seeking && video.currentTime > at; }", arg=item["duration"] / 1000 * 0.7)
    assert saved(page) == restarted.edge.get(f"/api/v1/clips/{item['clipId']}.mp4").content
    assert leaks(context.recorder.bytes + page.evaluate(STORED).encode(), owner) == []
    page.get_by_role("link", name="Archive").first.click()
    page.wait_for_selector("a.archive-row")


def test_its_object_opens_from_a_file_without_a_network(restarted, context, owner, item):
    [sealed] = (restarted.state / "archive").glob(f"*/{item['parts'][0]['objectKey']}")
    context.set_offline(True)
    page = context.new_page()
    page.goto((PAGES / "open.html").as_uri())
    page.set_input_files("#files", sealed)
    unlock(page, owner.code)
    page.wait_for_selector("text=The clip is complete")
    assert saved(page) == restarted.edge.get(f"/api/v1/clips/{item['clipId']}.mp4").content


def command(*arguments):
    """Runs `guardian archive …`. Returns (exit code, output)."""
    done = subprocess.run([GUARDIAN, "archive", *map(str, arguments)], capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def picture(restarted):
    """A stored snapshot of an event, as the command lists it."""
    code, said = command("list", "--snapshots", "--config", restarted.state / "edge.yaml", "--status", "stored", "--json")
    assert code == 0, said
    return json.loads(said.splitlines()[0])


def journal_hashes(restarted, event):
    """Returns the SHA-256 of every snapshot that the journal names for an event."""
    bodies = [json.loads(payload)["body"] for payload in entries(restarted.state, "edge").values()]
    return {body["snapshot"]["sha256"] for body in bodies if body.get("id") == event and "snapshot" in body}


def test_every_event_has_its_snapshot_in_the_archive(restarted):
    wanted = {event["id"] for event in restarted.edge.events() if event["snapshot"]}
    code, said = command("list", "--snapshots", "--config", restarted.state / "edge.yaml", "--limit", 200)
    assert code == 0 and {line.split()[1] for line in said.splitlines()} == wanted
    assert all(" stored " in line and " picture" in line for line in said.splitlines())
    listed = restarted.edge.json("/api/v1/archive", params={"limit": 50})["items"]
    assert {event for item in listed for event in item["pictures"]} <= wanted and any(item["pictures"] for item in listed)


def test_a_snapshot_is_fetched_opened_and_verified_by_command_and_script(restarted, picture, owner, tmp_path):
    (event, sealed, jpeg, code_file) = (picture["eventId"], tmp_path / "picture.grdn", tmp_path / "picture.jpg", restarted.state / "owner.code")
    assert command("fetch", "--snapshot", event, "--node", restarted.node.base, *proof(restarted.state), "--output", sealed) == (0, f"{sealed}\n")
    [stored] = (restarted.state / "archive").glob(f"*/events/{event}/snapshot.grdn")
    assert sealed.read_bytes() == stored.read_bytes()
    code, said = command("open", sealed, "--code-file", code_file, "--output", jpeg)
    assert code == 0 and "complete:" in said, said
    assert hashlib.sha256(jpeg.read_bytes()).hexdigest() in journal_hashes(restarted, event)
    assert run(sealed, owner.code, tmp_path / "script.jpg") == ("complete", jpeg.read_bytes())
    sources = ["--config", restarted.state / "edge.yaml", "--node", restarted.node.base, *proof(restarted.state), "--code-file", code_file]
    code, said = command("verify", sealed, *sources)
    assert code == 0 and "proven: It is a picture that the journal names for its event" in said and "refuted" not in said, said
    assert "proven: Up to the checkpoint" in said
    damaged = bytearray(sealed.read_bytes())
    damaged[-1] ^= 1
    sealed.write_bytes(damaged)
    code, said = command("verify", sealed, *sources)
    assert code == 1 and "refuted" in said
    jpeg.unlink()
    code, said = command("open", sealed, "--code-file", code_file, "--output", jpeg)
    assert code == 1 and "damaged" in said and not jpeg.exists()


def test_a_missing_snapshot_is_reported(restarted, tmp_path):
    code, said = command("fetch", "--snapshot", "0192f7c0-70a2-7f15-8e4b-1c2d3e4f5a6b", "--config", restarted.state / "edge.yaml", "--output", tmp_path / "x")
    assert code == 1 and "has no picture of an event" in said and not (tmp_path / "x").exists()


def test_a_snapshot_is_the_clips_preview_while_the_archive_is_unlocked(restarted, context, owner):
    item = next(item for item in restarted.edge.json("/api/v1/archive", params={"status": "stored", "limit": 50})["items"] if item["pictures"])
    page = log_in(context, restarted.base).new_page()
    page.goto(f"{restarted.base}/archive/{item['clipId']}")
    unlock(page, owner.code)
    page.wait_for_function("() => document.querySelector('video').poster.startsWith('blob:')")
    page.get_by_role("link", name="Archive").first.click()
    page.wait_for_function("(clip) => document.querySelector(`a[href='/archive/${clip}'] img`)?.naturalWidth > 100", arg=item["clipId"])
    assert leaks(context.recorder.bytes + page.evaluate(STORED).encode(), owner) == []


def test_a_snapshot_opens_from_a_file_without_a_network(restarted, context, owner, picture):
    [sealed] = (restarted.state / "archive").glob(f"*/events/{picture['eventId']}/snapshot.grdn")
    context.set_offline(True)
    page = context.new_page()
    page.goto((PAGES / "open.html").as_uri())
    page.set_input_files("#files", sealed)
    page.wait_for_selector(".unlock")
    page.fill("#recovery-code", owner.code)
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('.sealed-still')?.naturalWidth > 100")
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save as jpg").click()
    assert hashlib.sha256(pathlib.Path(saving.value.path()).read_bytes()).hexdigest() in journal_hashes(restarted, picture["eventId"])
