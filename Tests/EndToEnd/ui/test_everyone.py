"""Accessibility of every page: what axe-core checks, contrast, target sizes, keyboard, in both colour schemes and both window sizes."""

import pytest

from kit.visitor import check_accessibility, count_tab_stops, log_in, new_context, until_transitions_end
from kit.waiting import until

PAGES = {"live": "/", "events": "/events", "system": "/system", "report": "/report"}


def loaded(visitor, name):
    page = visitor.page
    page.wait_for_selector({"live": ".tile .open", "events": ".days .event-card", "event": ".proofs", "system": ".system-card", "report": ".report-sentence"}[name], timeout=120_000)
    page.wait_for_function("() => !document.querySelector('.verdict-bone')")
    return page


def addresses(visitor):
    event = until(lambda: visitor.page.evaluate("async () => (await (await fetch('/api/v1/events?limit=1')).json()).items[0]?.id"), 120, "there is an event")
    return {**PAGES, "event": f"/events/{event}"}


@pytest.mark.parametrize("colours", ["dark", "light"])
@pytest.mark.parametrize("name", ["live", "events", "event", "system", "report"])
def test_names_contrast_and_sizes(visit, name, size, colours):
    visitor = visit("/system", size, colours)
    visitor.open(addresses(visitor)[name])
    check_accessibility(loaded(visitor, name))


def test_menus_dialogs_and_an_empty_list(visit, size, colours):
    visitor = visit("/events", size, colours)
    page = loaded(visitor, "events")
    page.get_by_role("button", name="Day:").click()
    page.get_by_role("option").first.wait_for()
    check_accessibility(page)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keys").wait_for()
    check_accessibility(page)
    page.keyboard.press("Escape")
    visitor.open("/events?day=2001-01-01")
    page.wait_for_selector(".list-state .blank")
    check_accessibility(page)


@pytest.mark.parametrize("name", ["live", "events", "event", "system", "report"])
def test_the_keyboard_reaches_all_controls_with_visible_focus(visit, name):
    visitor = visit("/system")
    visitor.open(addresses(visitor)[name])
    assert count_tab_stops(loaded(visitor, name), 120) >= 6


def test_reduced_motion_disables_transitions(base, browser):
    context = new_context(browser, reduced_motion="reduce")
    page = log_in(context, base).new_page()
    page.goto(base + "/system")
    page.wait_for_selector(".system-card")
    assert page.evaluate("() => [...document.querySelectorAll('*')].every((element) => parseFloat(getComputedStyle(element).transitionDuration) <= 0.02)")
    context.close()


def test_the_chosen_colours_survive_a_reload(visit):
    page = visit("/system", colours="dark").page
    colour = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(colour)
    page.get_by_role("button", name="Light colours").click()
    page.wait_for_function(f"(dark) => {colour} !== dark", arg=dark)
    until_transitions_end(page)
    light = page.evaluate(colour)
    page.reload()
    page.wait_for_selector("h1")
    page.wait_for_function(f"(light) => {colour} === light", arg=light)
