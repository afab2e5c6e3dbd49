"""Live pictures."""

PLAYING = """() => {
    const videos = [...document.querySelectorAll('.tile video')];
    return videos.length > 0 && videos.every((video) => video.readyState >= 2 && video.currentTime > 0);
}"""
TIMES = "() => Object.fromEntries([...document.querySelectorAll('.tile')].map((tile) => [tile.dataset.camera, tile.querySelector('video').currentTime]))"


def advances(page, timeout=20_000):
    """Waits until every tile's picture has moved on by more than a second."""
    page.wait_for_function(PLAYING, timeout=timeout)
    before = page.evaluate(TIMES)
    page.wait_for_function(
        f"(before) => Object.entries(({TIMES})()).every(([camera, time]) => time > before[camera] + 1)", arg=before, timeout=timeout,
    )
    return before


def test_every_tile_moves_and_a_second_tab_loads(visit, size):
    visitor = visit("/", size)
    cameras = visitor.page.evaluate("async () => (await (await fetch('/api/v1/cameras')).json()).items.length")
    assert len(advances(visitor.page)) == cameras
    second = visitor.tab()
    second.goto(visitor.base + "/events")
    second.wait_for_selector("h1")
    second.goto(visitor.base + "/")
    advances(second)
    advances(visitor.page)


def test_all_tiles_come_over_one_connection(visit):
    visitor = visit("/system")
    streams = []
    visitor.page.on("request", lambda request: streams.append(request.url) if "/api/v1/live?" in request.url else None)
    visitor.open("/")
    advances(visitor.page)
    assert len(streams) == 1


def test_the_picture_stays_near_now(visit):
    page = visit("/").page
    advances(page)
    page.keyboard.press("1")
    page.keyboard.press("l")
    page.wait_for_function("() => /behind/.test(document.querySelector('.tile.full .behind')?.textContent ?? '')")
    page.wait_for_function("""() => {
        const video = document.querySelector('.tile.full video');
        return video.buffered.length > 0 && video.buffered.end(video.buffered.length - 1) - video.currentTime < 2;
    }""")


def test_keys_lead_to_a_camera_and_back(visit):
    page = visit("/").page
    advances(page)
    first = page.locator(".tile").first.get_attribute("data-camera")
    page.keyboard.press("1")
    page.wait_for_selector(".tile.full")
    assert page.url.endswith(f"/live/{first}")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("(first) => document.querySelector('.tile.full')?.dataset.camera !== first", arg=first)
    page.keyboard.press("Escape")
    page.wait_for_selector(".tile:not(.full)")
    page.wait_for_function("() => location.pathname === '/' && !document.querySelector('.tile.full')")


def test_a_camera_s_address_can_be_opened(visit, size):
    visitor = visit("/", size)
    camera = visitor.page.evaluate("async () => (await (await fetch('/api/v1/cameras')).json()).items[0]")
    page = visitor.open(f"/live/{camera['id']}")
    page.wait_for_selector(".tile.full")
    assert page.locator("h1").text_content() == camera["name"]


def test_a_tile_tells_who_is_in_view(visit):
    page = visit("/").page
    page.wait_for_selector(".tile.alert", timeout=120_000)
    tile = page.locator(".tile.alert").first
    assert tile.locator(".badge.person").is_visible()
    assert "in view" in tile.locator("button.open").get_attribute("aria-label")
