"""The live page."""

import re

from playwright.sync_api import expect

PLAYING = """() => {
    const videos = [...document.querySelectorAll('.tile video')];
    return videos.length > 0 && videos.every((video) => video.readyState >= 2 && video.currentTime > 0);
}"""
TIMES = "() => Object.fromEntries([...document.querySelectorAll('.tile')].map((tile) => [tile.dataset.camera, tile.querySelector('video').currentTime]))"


def wait_until_all_play(page, timeout=60_000):
    """Waits until every tile's video has advanced by more than a second. Returns the start times by camera."""
    page.wait_for_function(PLAYING, timeout=timeout)
    before = page.evaluate(TIMES)
    page.wait_for_function(
        f"(before) => Object.entries(({TIMES})()).every(([camera, time]) => time > before[camera] + 1)", arg=before, timeout=timeout,
    )
    return before


def test_every_tile_plays_and_a_second_tab_loads(visit, size):
    visitor = visit("/", size)
    cameras = visitor.page.evaluate("async () => (await (await fetch('/api/v1/cameras')).json()).items.length")
    assert len(wait_until_all_play(visitor.page)) == cameras
    second = visitor.tab()
    second.goto(visitor.base + "/events")
    second.wait_for_selector("h1")
    second.goto(visitor.base + "/")
    wait_until_all_play(second)
    wait_until_all_play(visitor.page)


def test_all_tiles_share_one_connection(visit):
    visitor = visit("/system")
    streams = []
    visitor.page.on("request", lambda request: streams.append(request.url) if "/api/v1/live?" in request.url else None)
    visitor.open("/")
    wait_until_all_play(visitor.page)
    assert len(streams) == 1


def test_playback_stays_within_two_seconds_of_live(visit):
    page = visit("/").page
    wait_until_all_play(page)
    page.keyboard.press("1")
    page.keyboard.press("l")
    page.wait_for_function("() => /behind/.test(document.querySelector('.tile.full .behind')?.textContent ?? '')")
    page.wait_for_function("""() => {
        const video = document.querySelector('.tile.full video');
        return video.buffered.length > 0 && video.buffered.end(video.buffered.length - 1) - video.currentTime < 2;
    }""")


def test_keys_open_a_camera_and_return(visit):
    page = visit("/").page
    wait_until_all_play(page)
    first = page.locator(".tile").first.get_attribute("data-camera")
    page.keyboard.press("1")
    page.wait_for_selector(".tile.full")
    expect(page).to_have_url(re.compile(f"/live/{first}$"))
    page.keyboard.press("ArrowRight")
    page.wait_for_function("(first) => document.querySelector('.tile.full')?.dataset.camera !== first", arg=first)
    page.keyboard.press("Escape")
    page.wait_for_selector(".tile:not(.full)")
    page.wait_for_function("() => location.pathname === '/' && !document.querySelector('.tile.full')")


def test_the_url_of_a_camera_can_be_opened(visit, size):
    visitor = visit("/", size)
    camera = visitor.page.evaluate("async () => (await (await fetch('/api/v1/cameras')).json()).items[0]")
    page = visitor.open(f"/live/{camera['id']}")
    page.wait_for_selector(".tile.full")
    expect(page.locator("h1")).to_have_text(camera["name"])


def test_a_tile_shows_that_a_person_is_in_view(visit):
    page = visit("/").page
    # One question: a person may leave between two.
    page.wait_for_function("""() => {
        const tile = document.querySelector('.tile.alert');
        return tile?.querySelector('.badge.person')?.checkVisibility() && tile.querySelector('button.open').ariaLabel.includes('in view');
    }""", timeout=120_000)
