"""The event page: clip, box, proofs, keep."""

import re

import pytest
from playwright.sync_api import expect

from kit.visitor import check_accessibility, silence_stream
from kit.waiting import until

CLOSED = """async () => (await (await fetch('/api/v1/events?limit=200')).json()).items
    .filter((event) => event.state === 'closed' && event.snapshot && event.clips.length === 1).map((event) => event.id)"""


@pytest.fixture
def closed(visit):
    """Ids of closed events that have a clip, newest first. The clip may still be recording because of another open event."""
    page = visit("/system").page

    def enough():
        ids = page.evaluate(CLOSED)
        return ids if len(ids) >= 3 else None

    return until(enough, 180, "three closed events have a clip and a snapshot")


def plays(page):
    page.wait_for_function("() => { const video = document.querySelector('.picture video'); return video && video.readyState >= 3 && video.currentTime > 0 && !video.error; }")


def test_its_clip_plays_at_once_and_to_the_end(visit, closed, size):
    visitor = visit("/events", size)
    page = visitor.page
    took = []
    for index in range(3):
        found = until(lambda: page.evaluate("""(index) => {
            const links = [...document.querySelectorAll('.days .event-card:not(.open)')];
            if (links.length <= index) scrollTo(0, document.documentElement.scrollHeight);
            return links[index]?.getAttribute('href');
        }""", index), 60, "the list shows enough closed events")
        took.append(page.evaluate("""async (href) => {
            const began = performance.now();
            document.querySelector(`.days a[href="${href}"]`).click();
            for (;;) {
                await new Promise(requestAnimationFrame);
                const video = document.querySelector('event-page .picture video');
                if (video && !video.paused && video.readyState >= 3 && !video.seeking && video.currentTime > 0) return performance.now() - began;
            }
        }""", found))
        page.evaluate("() => { const video = document.querySelector('.picture video'); video.currentTime = video.duration - 0.05; }")
        page.wait_for_function("() => document.querySelector('.picture video').ended")
        assert page.evaluate("document.querySelector('.picture video').error") is None
        page.go_back()
    # On an idle machine less than a second; how long it takes says nothing beside other tests.
    print(f"\nclip plays after {', '.join(f'{one:.0f}' for one in took)} ms")


def test_the_box_follows_the_path(visit, closed, size):
    page = visit(f"/events/{closed[0]}", size).page
    plays(page)
    page.wait_for_selector(".follow:not([hidden])")
    event = page.evaluate("async (id) => (await fetch(`/api/v1/events/${id}`)).json()", closed[0])
    clip, path = event["clips"][0], event["path"]
    middle = path[len(path) // 2]
    page.evaluate("(time) => { const video = document.querySelector('.picture video'); video.pause(); video.currentTime = time; }", (clip["from"] + middle[0]) / 1000)
    page.wait_for_function("() => !document.querySelector('.picture video').seeking")
    # It is drawn with the next picture.
    page.wait_for_function("""(expected) => {
        const view = document.querySelector('.picture').getBoundingClientRect();
        const box = document.querySelector('.follow').getBoundingClientRect();
        const shown = [(box.left - view.left) / view.width, (box.top - view.top) / view.height, box.width / view.width, box.height / view.height];
        return shown.every((number, index) => Math.abs(number - expected[index]) < 0.03);
    }""", arg=middle[1:])


def test_keys_pause_step_and_change_events(visit, closed):
    page = visit(f"/events/{closed[1]}").page
    plays(page)
    page.keyboard.press("k")
    page.wait_for_function("() => document.querySelector('.picture video').paused")
    before = page.evaluate("document.querySelector('.picture video').currentTime")
    page.keyboard.press(".")
    page.wait_for_function("(before) => { const video = document.querySelector('.picture video'); return !video.seeking && video.currentTime > before && video.currentTime < before + 0.5; }", arg=before)
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("(before) => document.querySelector('.picture video').currentTime < before", arg=before)
    page.keyboard.press("[")
    page.wait_for_function("(id) => !location.pathname.endsWith(id)", arg=closed[1])
    page.keyboard.press("]")
    page.wait_for_function("(id) => location.pathname.endsWith(id)", arg=closed[1])


def test_a_key_pressed_while_an_event_loads_takes_effect(visit, closed):
    page = visit("/system").page
    # The page knows no event from a list, and none from the stream.
    page.route("**/api/v1/events?*", lambda route: route.fulfill(json={"items": [], "nextCursor": None}))
    silence_stream(page)
    page.goto(f"{page.url.removesuffix('/system')}/events/{closed[1]}")
    plays(page)
    page.wait_for_selector(".neighbours a:first-child[href]")
    held, holding = [], [True]
    page.route(re.compile(r"/events/[0-9a-f-]{36}$"), lambda route: held.append(route) if holding else route.continue_())
    page.keyboard.press("[")
    # The test hears of routes while it asks the page.
    until(lambda: page.evaluate("1") and held, 60, "the other event is asked for")
    page.keyboard.press("]")
    assert not page.evaluate("(id) => location.pathname.endsWith(id)", closed[1])
    holding.clear()
    while held:
        held.pop().continue_()
    page.wait_for_function("(id) => location.pathname.endsWith(id)", arg=closed[1])


def test_its_proofs_hold(visit, closed):
    page = visit(f"/events/{closed[-1]}").page
    expect(page.locator(".proofs li.well:nth-child(1)")).to_contain_text("unbroken chain")
    expect(page.locator(".proofs li.well:nth-child(2)")).to_contain_text("after first sight")


def test_its_clip_can_be_downloaded(visit, closed):
    page = visit(f"/events/{closed[0]}").page
    plays(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download clip").click()
    with open(download.value.path(), "rb") as file:
        assert file.read(12)[4:8] == b"ftyp"


def test_an_unknown_event_is_reported(visit, size):
    visitor = visit("/events/01890a5d-ac96-774b-bcce-b302099a8057", size)
    expect(visitor.page.locator(".blank strong")).to_contain_text("not here")
    check_accessibility(visitor.page)
    # The browser reports the expected 404 as an error.
    visitor.errors[:] = [error for error in visitor.errors if "404" not in error]


def test_it_can_be_kept_filtered_and_released(visit, closed, size):
    visitor = visit("/events", size)
    page, event = visitor.page, closed[0]
    card = page.locator(f".days a[href='/events/{event}']")
    until(lambda: card.count() or page.mouse.wheel(0, 4000), 60, "the list shows the event")
    tab = visitor.tab()
    tab.goto(f"{visitor.base}/events/{event}")
    button = tab.get_by_role("button", name="Keep this")
    button.click()
    tab.wait_for_selector(".keep[aria-pressed='true']")
    expect(tab.locator(".keep-said")).to_contain_text("stays on this recorder and goes to your archive")
    # The other tab updates without a reload.
    card.locator(".kept:not([hidden])").wait_for()
    expect(card).to_have_attribute("aria-label", re.compile(", kept$"))
    page.get_by_role("button", name="Kept", exact=True).click()
    page.wait_for_function("() => document.querySelectorAll('.days .event-card').length > 0 && document.querySelectorAll('.days .event-card .kept[hidden]').length === 0")
    expect(page).to_have_url(re.compile(r"/events\?kept=true$"))
    expect(card).to_have_count(1)
    page.reload()
    page.wait_for_selector(".chip.switch[aria-pressed='true']")
    button.focus()
    tab.keyboard.press("Enter")
    tab.wait_for_selector(".keep[aria-pressed='false']")
    expect(tab.locator(".keep-said")).to_be_hidden()
    tab.wait_for_function("() => document.activeElement.matches('.keep')")


def test_it_says_why_it_cannot_be_kept(visit, closed, size):
    visitor = visit("/system", size)
    page, detail = visitor.page, "This event's clip was deleted to make room; it is too late to keep it."
    silence_stream(page)
    visitor.open(f"/events/{closed[0]}")
    page.route("**/keep", lambda route: route.fulfill(status=409, json={"status": 409, "code": "failed_precondition", "detail": detail}))
    page.get_by_role("button", name="Keep this").click()
    page.wait_for_selector(f".keep-said.bad:has-text('{detail.split(';')[0][11:]}')")
    expect(page.locator(".keep")).to_have_attribute("aria-pressed", "false")
    visitor.errors[:] = [error for error in visitor.errors if "409" not in error]


FULL = "The archive is full: it may take 3000000 bytes. Raise the quota or remove clips."
ARCHIVE_STATES = [
    ("waiting", None, "On its way into your archive", "sealed here first"),
    ("waiting", "waits for 22:00", "Waiting for your archive", "Waits for 22:00."),
    ("refused", FULL, "Your archive is full", "Raise the quota or remove clips. The clip stays on this recorder until there is room"),
    ("interrupted", "The clip's file is not on the disk any more.", "In your archive, cut short", "not on the disk any more. Everything before is there."),
    ("failed", "The clip's file is shorter than it was.", "Not in your archive", "shorter than it was. It is not tried again."),
]


@pytest.mark.parametrize("state,reason,title,detail", ARCHIVE_STATES, ids=[f"{state} {'with' if reason else 'without'} a reason" for state, reason, *_ in ARCHIVE_STATES])
def test_its_archive_state_is_explained(visit, closed, state, reason, title, detail):
    page = visit("/system").page

    def change(route):
        event = route.fetch().json()
        route.fulfill(json={**event, "archive": {"state": state, "objectKey": None, "reason": reason}})

    silence_stream(page)
    page.route(re.compile(r"/api/v1/events/[0-9a-f-]{36}$"), change)
    page.goto(f"{page.url.removesuffix('/system')}/events/{closed[-1]}")
    page.wait_for_selector(f".proofs li:nth-child(3) strong:has-text('{title}')")
    expect(page.locator(".proofs li").nth(2)).to_contain_text(detail)
