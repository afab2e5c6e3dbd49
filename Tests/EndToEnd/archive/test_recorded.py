"""What a recorder sealed, out of the node's store: opened in Chromium with the owner's code, online and from a file."""

import pathlib
from types import SimpleNamespace

import pytest

from archive.sealer import DIGITS, Owner
from archive.site import PAGES
from archive.wire import STORED, Recorder, leaks
from kit.demo import Demo
from kit.rest import process_alone
from kit.waiting import until


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A recorder and its node after a short demo: its cameras are gone, so every clip has ended."""
    state = tmp_path_factory.mktemp("recorded") / "state"
    running = Demo(state, "--for", "15")
    try:
        running.finish(180)
    finally:
        running.stop()
    with process_alone(state, "node") as node, process_alone(state, "edge") as edge:
        yield SimpleNamespace(state=state, edge=edge, node=node, base=edge.base)


@pytest.fixture(scope="module")
def owner(demo):
    code = (demo.state / "owner.code").read_text().strip()
    number = 0
    for digit in code.replace("-", ""):
        number = number * 32 + DIGITS.index(digit)
    owner = Owner(number.to_bytes(35, "big")[:32])
    assert owner.code == code
    return owner


@pytest.fixture(scope="module")
def item(demo):
    """A clip that is stored as a whole, in one part."""

    def stored():
        items = demo.edge.json("/api/v1/archive", params={"status": "stored", "limit": 50})["items"]
        return next((item for item in items if len(item["parts"]) == 1 and item["duration"]), None)

    return until(stored, 60, "a clip that is stored as a whole")


@pytest.fixture
def context(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    context.recorder = Recorder(context)
    yield context
    context.close()


def unlock(page, code):
    page.wait_for_selector(".unlock")
    page.fill("#recovery-code", code)
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('video')?.currentTime > 0.3", timeout=30_000)


def saved(page):
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save as mp4").click()
    return pathlib.Path(saving.value.path()).read_bytes()


def test_it_is_found_in_the_list_opens_plays_seeks_and_is_the_very_clip(demo, context, owner, item):
    page = context.new_page()
    page.goto(demo.base + "/archive?status=stored")
    page.locator(f"a[href='/archive/{item['clipId']}']").click()
    unlock(page, owner.code)
    page.locator(".place-range").fill(str(item["duration"] / 1000 * 0.7))
    page.wait_for_function("(at) => { const video = document.querySelector('video'); return !video.seeking && video.currentTime > at; }", arg=item["duration"] / 1000 * 0.7, timeout=30_000)
    assert saved(page) == demo.edge.get(f"/api/v1/clips/{item['clipId']}.mp4").content
    assert leaks(context.recorder.bytes + page.evaluate(STORED).encode(), owner) == []
    page.get_by_role("link", name="Archive").first.click()
    page.wait_for_selector("a.archive-row")


def test_its_object_opens_from_a_file_without_any_network(demo, context, owner, item):
    [sealed] = (demo.state / "archive").glob(f"*/{item['parts'][0]['objectKey']}")
    context.set_offline(True)
    page = context.new_page()
    page.goto((PAGES / "open.html").as_uri())
    page.set_input_files("#files", sealed)
    unlock(page, owner.code)
    page.wait_for_selector("text=The clip is complete")
    assert saved(page) == demo.edge.get(f"/api/v1/clips/{item['clipId']}.mp4").content
