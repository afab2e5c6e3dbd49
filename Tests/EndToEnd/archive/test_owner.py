"""Clips of an edge that was killed during an upload: the command, the archive page, open.html and the script yield the same bytes."""

import os
import pathlib
import subprocess

import pytest

from archive.sealer import Owner
from archive.test_plug import verify_checkpoint
from archive.test_recorded import unlock
from kit.archive import opened
from kit.installation import Installation
from kit.places import GUARDIAN, LOOPS
from kit.visitor import log_in, new_context
from kit.waiting import until


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    """An installation whose edge was killed during an upload and restarted; its clips last 15 s at most."""
    installation = Installation(tmp_path_factory.mktemp("owner"), {"yard": LOOPS / "busy-2s.ts"}, recording=", maximum: 15")
    try:
        installation.start()
        # Between its first checkpoint and its middle: another moment could leave no clip in two parts, or a part without one.
        until(
            lambda: [item for item in items(installation, "uploading") if 500_000 < item["size"] < 3_000_000 and item["parts"][0]["checkpoint"]],
            90, "the beginning of a clip is uploaded",
        )
        installation.kill("edge")
        installation.start("edge")
        yield installation
    finally:
        installation.stop()


def items(installation, status):
    return installation.edge.json("/api/v1/archive", params={"status": status, "limit": 50})["items"]


@pytest.fixture(scope="module", params=[1, 2], ids=["one part", "two parts"])
def clip(request, installation):
    """A stored clip with that number of parts."""
    return until(
        lambda: next((item for item in items(installation, "stored") if len(item["parts"]) == request.param), None), 180, f"a clip of {request.param} parts is stored"
    )


@pytest.fixture(scope="module")
def objects(installation, clip):
    """The sealed files of its parts in the object store, in order."""
    return [installation.state / "archive" / part["bucket"] / part["objectKey"] for part in sorted(clip["parts"], key=lambda part: part["part"])]


@pytest.fixture(scope="module")
def by_command(installation, objects, tmp_path_factory):
    """The content of each part as `guardian archive open` writes it."""
    folder = tmp_path_factory.mktemp("opened")
    found = []
    for sealed in objects:
        done = command("open", sealed, "--code-file", installation.state / "owner.code", "--output", folder / f"{sealed.stem}.mp4")
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("complete:" if sealed == objects[-1] else "interrupted:"), done.stdout
        found.append((folder / f"{sealed.stem}.mp4").read_bytes())
    assert all(found)
    return found


def command(*arguments):
    return subprocess.run([GUARDIAN, "archive", *map(str, arguments)], capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)


@pytest.fixture
def page(browser):
    context = new_context(browser, locale="en-GB")
    yield context.new_page()
    context.close()


def saved(page, count):
    """Returns the bytes of all files that the page downloads, one per part."""
    downloads = []

    def is_last(download):
        downloads.append(download)
        return len(downloads) == count

    with page.expect_download(is_last):
        page.get_by_role("button", name="Save as mp4").click()
    return sorted(pathlib.Path(each.path()).read_bytes() for each in downloads)


def test_the_command_yields_the_edges_clip(installation, clip, by_command):
    recorded = installation.edge.get(f"/api/v1/clips/{clip['clipId']}.mp4").content
    if len(by_command) == 1:
        assert by_command[0] == recorded
    else:
        # The first part is a prefix of the file. The second begins at the keyframe at which the first ended, or before.
        assert recorded.startswith(by_command[0])
        assert recorded.endswith(by_command[-1][-500_000:])


def test_the_script_yields_the_same_bytes(installation, objects, by_command, tmp_path):
    for sealed, expected in zip(objects, by_command, strict=True):
        opened(installation.state, sealed, tmp_path / "clip.mp4")
        assert (tmp_path / "clip.mp4").read_bytes() == expected


def test_the_page_yields_the_same_bytes(installation, clip, by_command, page):
    log_in(page.context, installation.edge.base)
    page.goto(f"{installation.edge.base}/archive/{clip['clipId']}")
    unlock(page, (installation.state / "owner.code").read_text().strip())
    assert saved(page, len(by_command)) == sorted(by_command)


def test_open_html_saved_from_the_edge_yields_the_same_bytes(installation, objects, by_command, page, tmp_path):
    (tmp_path / "open.html").write_bytes(installation.edge.get("/open.html").content)
    page.context.set_offline(True)
    page.goto((tmp_path / "open.html").as_uri())
    page.set_input_files("#files", objects)
    unlock(page, (installation.state / "owner.code").read_text().strip())
    assert saved(page, len(by_command)) == sorted(by_command)


def test_the_checkpoint_of_every_part_verifies(installation, clip, objects, tmp_path):
    for part, sealed in zip(sorted(clip["parts"], key=lambda part: part["part"]), objects, strict=True):
        holds, output = verify_checkpoint(installation.state, part, sealed, tmp_path / "checkpoint")
        assert holds, output


def test_a_foreign_code_opens_nothing(objects, tmp_path):
    (tmp_path / "code").write_text(Owner().code)
    for sealed in objects:
        done = command("open", sealed, "--code-file", tmp_path / "code", "--output", tmp_path / "clip.mp4")
        assert done.returncode == 1 and done.stderr
    assert os.listdir(tmp_path) == ["code"]
