"""The events page."""

import re

from playwright.sync_api import expect

from kit.waiting import until, until_promptly

IDS = "() => [...document.querySelectorAll('.days .event-card')].map((card) => card.href)"


def ready(page):
    page.wait_for_selector(".days .event-card", timeout=120_000)
    return page


def test_an_event_appears_without_reload(visit, size):
    page = visit("/events", size).page
    page.wait_for_selector("h1")
    page.wait_for_function("() => !document.querySelector('.list-state .bones') || document.querySelector('.event-card[href]')")
    page.evaluate("() => { window.sameDocument = true; }")
    before = page.evaluate(IDS)
    page.wait_for_function(f"(before) => ({IDS})().some((id) => !before.includes(id))", arg=before, timeout=120_000)
    assert page.evaluate("window.sameDocument") is True


def test_new_events_wait_while_the_list_is_scrolled_down(visit):
    page = ready(visit("/events", "phone").page)
    page.wait_for_function("() => document.documentElement.scrollHeight > innerHeight + 600", timeout=120_000)
    page.evaluate("scrollTo(0, 400)")
    top = page.evaluate("() => [...document.querySelectorAll('.days .event-card')].map((card) => [card.href, card.getBoundingClientRect().top]).find(([, top]) => top > 150)")
    page.wait_for_selector(".fresh:not([hidden])", timeout=120_000)
    now = page.evaluate("(href) => [...document.querySelectorAll('.days .event-card')].find((card) => card.href === href).getBoundingClientRect().top", top[0])
    assert abs(now - top[1]) < 2
    count = len(page.evaluate(IDS))
    page.locator(".fresh").click()
    page.wait_for_function(f"(count) => ({IDS})().length > count", arg=count)


def test_every_thumbnail_shows_the_box(visit, size):
    page = ready(visit("/events", size).page)
    page.wait_for_selector(".event-card .crop img.there")
    boxes = page.evaluate("""() => [...document.querySelectorAll('.days .event-card')].filter((card) => card.querySelector('img.there')).map((card) => {
        const view = card.querySelector('.crop').getBoundingClientRect();
        const box = card.querySelector('.mark-box').getBoundingClientRect();
        return [box.left - view.left, box.top - view.top, view.right - box.right, view.bottom - box.bottom, box.width / view.width];
    })""")
    assert boxes
    for left, top, right, bottom, width in boxes:
        assert min(left, top, right, bottom) > -4 and 0.01 < width < 0.95


def test_filters_are_kept_in_the_url(visit, size):
    page = ready(visit("/events", size).page)
    page.get_by_role("button", name="Camera:").click()
    option = page.get_by_role("option").nth(1)
    name = option.text_content()
    option.click()
    page.wait_for_function("() => new URL(location.href).searchParams.has('camera')")
    page.reload()
    page.wait_for_function("(name) => document.querySelector('.chip.chosen')?.textContent.includes(name)", arg=name)
    page.wait_for_function("""(name) => [...document.querySelectorAll('.days .event-card .where')].every((where) => where.textContent.startsWith(name))
        && (document.querySelector('.days .event-card') || document.querySelector('.list-state .blank'))""", arg=name)


def test_a_day_without_events_says_so(visit, size):
    page = visit("/events?day=2001-01-01", size).page
    expect(page.locator(".list-state .blank strong")).to_contain_text(re.compile("Nobody|Nothing"))
    page.get_by_role("button", name="Show all events").click()
    page.wait_for_function("() => location.search === ''")


def test_an_event_plays_on_hover(visit):
    page = ready(visit("/events").page)
    card = page.locator(".days .event-card:not(.open):has(img.there)").first
    card.wait_for(timeout=120_000)

    def plays():
        # A new event moves the list, and another card comes under the mouse.
        if not card.evaluate("(card) => card.matches(':hover')"):
            card.hover()
        return page.evaluate("""() => {
            const video = document.querySelector('.event-card video.there');
            return Boolean(video) && video.playbackRate === 4 && video.currentTime > 0 && !video.error;
        }""")

    until(plays, 120, "the event plays")

    def has_stopped():
        # The list may move while the mouse does.
        page.mouse.move(2, 2)
        page.mouse.move(3, 3)
        return page.evaluate("() => !document.querySelector('.event-card video')")

    # Chromium passes the mouse on with its next frame, and the machine may have none for it for a while.
    until_promptly(has_stopped, 60, "the preview ends")


def test_the_list_keeps_its_scroll_position(visit):
    page = ready(visit("/events", "phone").page)
    page.wait_for_function("() => document.documentElement.scrollHeight > innerHeight + 500", timeout=120_000)
    card = page.locator(".days .event-card:not(.open)").nth(3)
    card.scroll_into_view_if_needed()
    # One call reads the position and clicks: between two calls a new event may move the list.
    before = card.evaluate("card => { const y = scrollY; (card.matches('a') ? card : card.querySelector('a')).click(); return y; }")
    page.wait_for_selector("event-page .picture")
    page.go_back()
    page.wait_for_selector("events-page")
    page.wait_for_function("(before) => Math.abs(scrollY - before) < 40", arg=before)


def test_the_density_strip_jumps_to_an_hour(visit):
    page = ready(visit("/events").page)
    page.wait_for_selector(".density button")
    page.locator(".density button").first.click()
    page.wait_for_function("() => document.activeElement?.classList.contains('event-card')")
