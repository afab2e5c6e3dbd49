"""A recorder that archives nothing until its owner makes a recovery code in the browser; the commands open its clips with that code."""

import datetime

import pytest

from archive.test_owner import command
from archive.test_recipients import make_code
from kit.archive import objects
from kit.installation import Installation
from kit.places import LOOPS
from kit.visitor import Visitor, log_in, new_context
from kit.waiting import until


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    """A recorder with a node and without recipients."""
    running = Installation(tmp_path_factory.mktemp("first-code"), {"yard": LOOPS / "busy-2s.ts"}, archive=False, recording=", maximum: 15")
    try:
        yield running.start()
    finally:
        running.stop()


def add_code(page, owner, name):
    form = page.get_by_role("form", name="Name the code")
    form.get_by_label("Whose code is it?").fill(name)
    form.get_by_role("button", name="Seal clips to it").click()
    return owner


def sealed_since(installation, began):
    """Returns the clips of the node's archive that are whole, and that began after a time."""
    return [item for item in installation.archived() if item["status"] == "stored" and item["startedAt"] > began]


def opens(installation, owner, item, folder):
    """Returns whether `guardian archive open` opens the clip's first part with the owner's code."""
    code, output = folder / f"{owner.code[:4]}.code", folder / f"{item['clipId']}-{owner.code[:4]}.mp4"
    code.write_text(owner.code + "\n")
    code.chmod(0o600)
    output.unlink(missing_ok=True)
    done = command("open", objects(installation.state)[item["clipId"]][0], "--code-file", code, "--output", output)
    assert done.returncode == 0 or "another" in done.stderr or "sealed to" in done.stderr, done.stderr
    return done.returncode == 0 and output.stat().st_size > 10_000


@pytest.mark.timeout(600)
def test_clips_are_sealed_to_the_codes_that_were_made_in_the_browser(installation, browser, tmp_path):
    edge = installation.edge
    until(lambda: [clip for clip in edge.clips() if clip["state"] == "complete"], 120, "a clip is recorded")
    assert edge.json("/api/v1/config/recipients") == {"items": [], "limit": 8, "node": True}
    assert edge.json("/api/v1/status")["archive"]["configured"] is False and installation.archived() == []

    visitor = Visitor(log_in(new_context(browser), edge.base), edge.base, "Failed to load resource")
    page = visitor.open("/welcome?step=code")
    first = add_code(page, make_code(page), "Anna")
    page.get_by_text("nobody can open the archive any more").wait_for()
    began = edge.json("/api/v1/config/recipients")["items"]
    assert [(item["name"], item["fixed"]) for item in began] == [("Anna", False)]
    clip = until(lambda: sealed_since(installation, ""), 240, "a clip is archived")[0]
    assert edge.json("/api/v1/status")["archive"]["configured"] is True
    assert opens(installation, first, clip, tmp_path)

    # Another code, and no longer the first one: what is sealed next can be opened only with the other.
    visitor.open("/settings")
    page.get_by_role("button", name="Make a recovery code").click()
    second = add_code(page, make_code(page), "Ben")
    page.get_by_text("the others still open").first.wait_for()
    page.get_by_role("button", name="Stop sealing for Anna").click()
    page.get_by_role("form", name="Stop sealing for Anna?").get_by_role("button", name="Stop sealing").click()
    page.get_by_text("nobody can open the archive any more").wait_for()
    visitor.leave()
    # A part is sealed to those of its beginning.
    removed = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    later = until(lambda: sealed_since(installation, removed), 240, "a later clip is archived")[0]
    assert opens(installation, second, later, tmp_path) and not opens(installation, first, later, tmp_path)
    # What was sealed to the first code stays readable with it.
    assert opens(installation, first, clip, tmp_path)

    # They are kept over a restart.
    installation.processes["edge"].stop()
    installation.start("edge")
    assert [item["name"] for item in edge.json("/api/v1/config/recipients")["items"]] == ["Ben"]
    entries = [each for each in edge.json("/api/v1/audit?limit=50")["items"] if each["action"] == "recipients_changed"]
    assert [(each["details"]["changed"], each["details"]["name"]) for each in entries] == [("removed", "Anna"), ("added", "Ben"), ("added", "Anna")]
    stored = (installation.state / "edge" / "settings.json").read_text()
    for owner in (first, second):
        assert owner.code not in stored
