"""An owner and what a recorder left when it fell: the command, the page, the page saved as a file and the script of the docs agree to the byte."""

import os
import pathlib
import subprocess

import pytest

from archive.sealer import Owner
from archive.test_plug import proven
from archive.test_recorded import unlock
from kit.archive import opened
from kit.installation import Installation
from kit.places import GUARDIAN, LOOPS
from kit.waiting import until


@pytest.fixture(scope="module")
def fallen(tmp_path_factory):
    """A recorder that fell once while a clip left it, and is back; its clips last 15 s at most."""
    place = Installation(tmp_path_factory.mktemp("fallen"), {"yard": LOOPS / "busy-2s.ts"}, recording=", maximum: 15")
    try:
        place.start()
        until(lambda: [item for item in items(place, "uploading") if item["size"] > 500_000], 90, "a clip that leaves while it is recorded")
        place.kill("edge")
        place.start("edge")
        yield place
    finally:
        place.stop()


def items(place, status):
    return place.edge.json("/api/v1/archive", params={"status": status, "limit": 50})["items"]


@pytest.fixture(scope="module", params=[1, 2], ids=["whole", "in two parts"])
def clip(request, fallen):
    """A stored clip of so many parts."""
    return until(
        lambda: next((item for item in items(fallen, "stored") if len(item["parts"]) == request.param), None), 180, "such a clip is stored"
    )


@pytest.fixture(scope="module")
def objects(fallen, clip):
    """The sealed files of its parts, in order, in the store itself."""
    return [fallen.state / "archive" / part["bucket"] / part["objectKey"] for part in sorted(clip["parts"], key=lambda part: part["part"])]


@pytest.fixture(scope="module")
def by_command(fallen, objects, tmp_path_factory):
    """What `guardian archive open` gives of each."""
    folder = tmp_path_factory.mktemp("opened")
    found = []
    for sealed in objects:
        done = command("open", sealed, "--code-file", fallen.state / "owner.code", "--output", folder / f"{sealed.stem}.mp4")
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("complete:" if sealed == objects[-1] else "interrupted:"), done.stdout
        found.append((folder / f"{sealed.stem}.mp4").read_bytes())
    return found


def command(*words):
    return subprocess.run([GUARDIAN, "archive", *map(str, words)], capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    yield context.new_page()
    context.close()


def saved(page, count):
    """The bytes of all files that the page hands over: one a part."""
    given = []

    def is_last(download):
        given.append(download)
        return len(given) == count

    with page.expect_download(is_last):
        page.get_by_role("button", name="Save as mp4").click()
    return sorted(pathlib.Path(each.path()).read_bytes() for each in given)


def test_the_command_gives_what_the_recorder_has(fallen, clip, by_command):
    recorded = fallen.edge.get(f"/api/v1/clips/{clip['clipId']}.mp4").content
    if len(by_command) == 1:
        assert by_command[0] == recorded
    else:
        # The first part is the file as far as it came; the next goes on at the keyframe at which it ended, or before.
        assert recorded.startswith(by_command[0])
        assert recorded.endswith(by_command[-1][-500_000:])


def test_the_script_gives_the_same_bytes(fallen, objects, by_command, tmp_path):
    for sealed, bytes_ in zip(objects, by_command):
        opened(fallen.state, sealed, tmp_path / "clip.mp4")
        assert (tmp_path / "clip.mp4").read_bytes() == bytes_


def test_the_page_gives_the_same_bytes(fallen, clip, by_command, page):
    page.goto(f"{fallen.edge.base}/archive/{clip['clipId']}")
    unlock(page, (fallen.state / "owner.code").read_text().strip())
    assert saved(page, len(by_command)) == sorted(by_command)


def test_the_page_that_the_recorder_gave_as_a_file_gives_the_same_bytes(fallen, objects, by_command, page, tmp_path):
    (tmp_path / "open.html").write_bytes(fallen.edge.get("/open.html").content)
    page.context.set_offline(True)
    page.goto((tmp_path / "open.html").as_uri())
    page.set_input_files("#files", objects)
    unlock(page, (fallen.state / "owner.code").read_text().strip())
    assert saved(page, len(by_command)) == sorted(by_command)


def test_every_part_is_proven_by_its_checkpoint(fallen, clip, objects, tmp_path):
    for part, sealed in zip(sorted(clip["parts"], key=lambda part: part["part"]), objects):
        holds, said = proven(fallen.state, part, sealed, tmp_path / "checkpoint")
        assert holds, said


def test_somebody_elses_code_opens_nothing(objects, tmp_path):
    (tmp_path / "code").write_text(Owner().code)
    for sealed in objects:
        done = command("open", sealed, "--code-file", tmp_path / "code", "--output", tmp_path / "clip.mp4")
        assert done.returncode == 1 and done.stderr
    assert os.listdir(tmp_path) == ["code"]
