"""open.html: opens sealed clips from files, without a server or a network."""

import hashlib
import pathlib
import socket
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from archive.conftest import VECTORS, plays, unlock
from archive.sealer import Owner, interrupt, seal
from archive.site import PAGES
from archive.wire import STORED, Recorder, leaks
from kit.places import ROOT
from kit.visitor import SIZES, Visitor, check_accessibility, new_context

pytestmark = pytest.mark.parallel


@pytest.fixture
def visit(browser):
    """Opens open.html from disk without a network. Fails at the end if a page reported an error or requested any origin."""
    visitors = []

    def begin(size="desk", colours="dark"):
        context = new_context(browser, size, colours, locale="en-GB")
        context.set_offline(True)
        context.recorder = Recorder(context)
        visitors.append(Visitor(context, None))
        page = visitors[-1].page
        page.goto((PAGES / "open.html").as_uri())
        page.wait_for_selector(".offline-start")
        return page

    begin.visitors = visitors
    yield begin
    for visitor in visitors:
        visitor.leave()


def choose(page, tmp_path, *sealed):
    files = []
    for number, content in enumerate(sealed):
        files.append(tmp_path / f"{number}.grdn")
        files[-1].write_bytes(content)
    # The page has one or the other.
    page.wait_for_function("() => document.querySelector('#files') || [...document.querySelectorAll('button')].some((each) => each.textContent.includes('Another file'))")
    if page.locator("#files").count() == 0:
        page.get_by_role("button", name="Another file").click()
    page.set_input_files("#files", files)


def test_the_file_is_generated_from_the_current_modules():
    assert subprocess.run([sys.executable, ROOT / "scripts" / "open-page", "--check"], capture_output=True, text=True).returncode == 0


def test_a_clip_opens_plays_and_is_saved_from_a_file(visit, tmp_path, owner, short):
    page = visit()
    sealed = seal(short, [(owner, "X-Wing")])
    choose(page, tmp_path, sealed.bytes)
    unlock(page, owner.code[:-5])
    page.wait_for_selector("text=more to come")
    unlock(page, Owner().code)
    page.wait_for_selector("text=sealed to another one")
    unlock(page, owner.code)
    plays(page)
    page.wait_for_selector("text=The clip is complete, as it was recorded. It lasts 6 s.")
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save as mp4").click()
    assert pathlib.Path(saving.value.path()).read_bytes() == short
    # The page requested only itself and its own blobs.
    schemes = {piece.split(b":")[0] for piece in page.context.recorder.pieces if piece.startswith((b"http", b"file:", b"blob:", b"ws"))}
    assert schemes <= {b"file", b"blob"}
    assert leaks(page.context.recorder.bytes + page.evaluate(STORED).encode(), owner, sealed.clip_key) == []


def test_served_over_http_it_runs_no_script_and_says_what_to_do(browser, site):
    context = new_context(browser)
    page = context.new_page()
    page.goto(site.base + "/open.html")
    assert page.inner_text("body").startswith("Save this page, then open it from your disk.") and page.locator("main").count() == 0
    context.close()


def test_the_page_cannot_send_anything(visit):
    page = visit()
    page.context.set_offline(False)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        found = page.evaluate("""async (host) => {
            const refused = [];
            addEventListener("securitypolicyviolation", (event) => refused.push(event.effectiveDirective));
            const tried = await Promise.allSettled([fetch(`http://${host}/secret`), fetch("https://example.org/secret")]);
            const picture = new Image();
            await new Promise((resolve) => { picture.onerror = resolve; picture.src = `http://${host}/secret.png`; });
            try { new WebSocket(`ws://${host}/`); } catch { /* refused at once */ }
            navigator.sendBeacon(`http://${host}/secret`, "x");
            const script = document.createElement("script");
            try { script.textContent = "window.ran = true"; document.body.append(script); } catch { /* Trusted Types */ }
            // The events come after what they are about; one that does not come is missing below.
            for (let tries = 0; tries < 600 && new Set(refused).size < 3; tries += 1) await new Promise((resolve) => setTimeout(resolve, 100));
            return { all: tried.every((each) => each.status === "rejected"), ran: window.ran ?? false, refused: [...new Set(refused)].sort() };
        }""", "127.0.0.1:%d" % listener.getsockname()[1])
        # Nobody connected: what the browser's events say is one thing, what reached a server another.
        listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert found == {"all": True, "ran": False, "refused": ["connect-src", "img-src", "require-trusted-types-for"]}
    # The refused requests are recorded as errors and foreign requests.
    for expected in (visit.visitors[0].errors, visit.visitors[0].foreign):
        expected.clear()


def test_several_parts_play_as_one_and_a_gap_is_named(visit, tmp_path, owner, short):
    first = seal(short, [(owner, "X-Wing")])
    clip = first.bytes.split(b'"clipId":"')[1][:36].decode()
    second = seal(short, [(owner, "X-Wing")], part=1, previous=first.bind, clip=clip)
    third = seal(short, [(owner, "X-Wing")], part=2, previous=second.bind, clip=clip)
    page = visit()
    choose(page, tmp_path, second.bytes, first.bytes)
    unlock(page, owner.code)
    plays(page)
    page.wait_for_function("() => document.querySelector('.counter').textContent.endsWith('0:12')")
    expect(page.locator("text=does not follow")).to_have_count(0)
    page = visit()
    choose(page, tmp_path, first.bytes, third.bytes)
    unlock(page, owner.code)
    page.wait_for_selector("text=Part 3: It does not follow the previous part")
    choose(page, tmp_path, first.bytes, seal(short, [(owner, "X-Wing")]).bytes)
    page.wait_for_selector("text=parts of several clips")


def test_interrupted_damaged_and_foreign_files_have_different_messages(visit, tmp_path, owner, short):
    sealed = seal(short, [(owner, "X-Wing")])
    page = visit()
    choose(page, tmp_path, interrupt(sealed, len(sealed.bytes) // 4096 // 2))
    unlock(page, owner.code)
    plays(page)
    page.wait_for_selector("text=The recording was interrupted")
    damaged = bytearray(sealed.bytes)
    damaged[len(damaged) // 2] ^= 4
    choose(page, tmp_path, bytes(damaged))
    unlock(page, owner.code)
    page.wait_for_selector("text=A piece of the clip is damaged")
    choose(page, tmp_path, b"\0\0\0\x1cftypisom and so on")
    page.wait_for_selector("text=This is not a sealed clip")
    header = bytearray(sealed.bytes)
    header[40] ^= 1
    choose(page, tmp_path, bytes(header))
    page.wait_for_selector("text=header is damaged")


def test_a_vector_opens_to_the_expected_bytes(visit, vectors):
    case = next(case for case in vectors["cases"] if case["file"] == "s4096-many.grdn")
    page = visit()
    page.set_input_files("#files", VECTORS / case["file"])
    unlock(page, vectors["ownerCode"])
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save as mp4").click()
    assert hashlib.sha256(pathlib.Path(saving.value.path()).read_bytes()).hexdigest() == case["sha256"]
    page.wait_for_selector("text=uses X25519 alone")


@pytest.mark.parametrize("colours", ["dark", "light"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["start", "locked", "open"])
def test_names_contrast_and_sizes(visit, tmp_path, owner, short, name, size, colours):
    page = visit(size, colours)
    if name != "start":
        choose(page, tmp_path, seal(short, [(owner, "X-Wing")]).bytes)
        page.wait_for_selector(".unlock")
    if name == "open":
        unlock(page, owner.code)
        plays(page)
    check_accessibility(page, allowed_small=["1x1 input.unseen \"\""])
