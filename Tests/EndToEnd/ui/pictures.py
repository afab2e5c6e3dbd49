"""Takes the screenshots of README and guide from a demo that it starts. Run by scripts/screenshots."""

import pathlib
import tempfile

from playwright.sync_api import sync_playwright

from kit.browser import executable
from kit.demo import Demo
from kit.places import ROOT
from kit.visitor import log_in
from kit.waiting import until

FOLDER = ROOT / "docs" / "images"
# Bytes; a documents test has the same bound.
LARGEST = 150_000
BEST_EVENT = """async () => {
    const items = (await (await fetch('/api/v1/events?limit=100')).json()).items;
    const complete = items.filter((event) => event.state === 'closed' && event.snapshot && event.clips.length === 1 && event.path.length > 15);
    return complete.sort((one, other) => other.box.height * other.confidence - one.box.height * one.confidence)[0]?.id ?? null;
}"""


def main():
    with tempfile.TemporaryDirectory() as folder:
        demo = Demo(pathlib.Path(folder) / "state")
        try:
            take_screenshots(demo.until_up(), (demo.state / "owner.code").read_text().strip())
        finally:
            demo.stop()


def take_screenshots(demo, code):
    base = demo.base
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=["--no-sandbox"])

        def page(width, height, colours, base=base):
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=colours, locale="en-GB", ignore_https_errors=True
            )
            return log_in(context, base).new_page()

        desk = page(1280, 800, "dark")
        desk.goto(base + "/")
        desk.wait_for_function("() => [...document.querySelectorAll('.tile')].length > 0 && [...document.querySelectorAll('.tile')].every((tile) => tile.classList.contains('plays'))")
        desk.wait_for_selector(".tile.alert", timeout=120_000)
        settle(desk)
        save(desk, "live")
        desk.goto(base + "/system")
        desk.wait_for_selector(".system-card")
        save(desk, "system")
        event = until(lambda: desk.evaluate(BEST_EVENT), 180, "there is an event for the screenshot")
        desk.goto(f"{base}/events/{event}")
        desk.wait_for_selector(".film.there", timeout=30_000)
        desk.wait_for_selector(".proofs li.well:nth-child(1)", timeout=30_000)
        desk.evaluate("""() => new Promise((done) => {
            const check = () => (document.querySelector('.trail').getAttribute('points').split(' ').length > 8 ? done() : requestAnimationFrame(check));
            check();
        })""")
        save(desk, "event")
        desk.goto(base + "/events")
        desk.wait_for_selector(".days .event-card img.there")
        settle(desk)
        # Scrolls so that closed events are shown too.
        desk.evaluate("() => [...document.querySelectorAll('.event-card:not(.open)')][2]?.scrollIntoView({ block: 'center' })")
        desk.evaluate("() => [...document.querySelectorAll('.event-card')].find((card) => card.getBoundingClientRect().top > 60)?.scrollIntoView()")
        settle(desk)
        save(desk, "events")
        desk.goto(base + "/archive")
        desk.click(".archive-row")
        desk.fill("#recovery-code", code)
        desk.keyboard.press("Enter")
        desk.wait_for_function("() => document.querySelector('video')?.currentTime > 2", timeout=30_000)
        save(desk, "archive")
        phone = page(390, 844, "light")
        phone.goto(base + "/events")
        phone.wait_for_selector(".days .event-card img.there")
        settle(phone)
        save(phone, "events-phone")
        until(lambda: demo.node.json("/api/v1/cameras")["items"], 60, "the node knows the cameras")
        away = page(390, 844, "dark", demo.node.base)
        away.goto(demo.node.base + "/")
        away.wait_for_function("() => [...document.querySelectorAll('.tile')].length > 0 && [...document.querySelectorAll('.tile')].every((tile) => tile.classList.contains('plays'))")
        settle(away)
        save(away, "node-phone")
        browser.close()


def save(page, name):
    """Writes a JPEG of the page, as good as fits."""
    for quality in range(85, 20, -10):
        picture = page.screenshot(type="jpeg", quality=quality)
        if len(picture) < LARGEST:
            return (FOLDER / f"{name}.jpg").write_bytes(picture)
    raise AssertionError(f"{name} does not fit into {LARGEST} bytes")


def settle(page):
    """Waits until every visible image is loaded and no animation runs."""
    page.wait_for_function("""() => [...document.querySelectorAll('.crop')].filter((crop) => crop.getBoundingClientRect().top < innerHeight && crop.checkVisibility())
        .every((crop) => crop.querySelector('img.there'))""", timeout=60_000)
    page.wait_for_function("() => document.getAnimations().every((one) => one.playState !== 'running' || one.effect.getTiming().iterations === Infinity)")


if __name__ == "__main__":
    main()
