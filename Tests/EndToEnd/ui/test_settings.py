"""The page of the settings: how everything is recorded, and how much of the disk stays free."""

import json

import pytest
from playwright.sync_api import expect

from kit.site import Site
from kit.visitor import check_accessibility, count_tab_stops, until_focused
from kit.waiting import until


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A recorder whose configuration file sets the longest clip; Anna is its owner."""
    running = Site(tmp_path_factory.mktemp("settings"), ("front",), "recording: {maximum: 60}\n")
    try:
        yield running.set_up()
    finally:
        running.stop()


def loaded(site, log_in, **more):
    page = log_in(site, path="/settings", **more).page
    page.get_by_role("form", name="Recording").wait_for()
    return page


def save(page, section):
    page.get_by_role("form", name=section).get_by_role("button", name="Save", exact=True).click()


def told(page, words):
    """Waits until a section says so; screen readers are told elsewhere."""
    page.locator(".settings-saved:not([hidden])", has_text=words).wait_for()


def recording(site):
    return site.send("GET", "/api/v1/config")["recording"]


@pytest.mark.parametrize("colours", ["dark", "light"])
def test_names_contrast_and_sizes(site, log_in, size, colours):
    page = loaded(site, log_in, size=size, colours=colours)
    page.get_by_text("are free.").wait_for()
    check_accessibility(page)
    page.get_by_label("Before an event").fill("1")
    save(page, "Recording")
    page.locator(".field-error:not([hidden])").wait_for()
    check_accessibility(page)


def test_the_keyboard_reaches_all_controls_with_visible_focus(site, log_in):
    page = loaded(site, log_in)
    page.reload()
    page.get_by_role("form", name="Recording").wait_for()
    assert count_tab_stops(page, 40) >= 8


def test_owners_find_the_page_and_others_do_not(site, log_in):
    page = log_in(site, path="/system").page
    page.get_by_role("button", name="Account: Anna").click()
    page.get_by_role("link", name="Settings", exact=True).click()
    page.get_by_role("form", name="Recording").wait_for()
    site.add("Mia", "member")
    theirs = log_in(site, "Mia", "/settings").page
    theirs.get_by_role("heading", name="This page is not for you").wait_for()
    theirs.get_by_role("button", name="Account: Mia").click()
    assert theirs.get_by_role("link", name="Settings", exact=True).count() == 0


def test_a_section_is_saved_by_itself_and_stays(site, log_in, size):
    page = loaded(site, log_in, size=size)
    had = recording(site)
    wanted = 12 if had["preRoll"] != 12 else 11
    page.get_by_label("Before an event").fill(str(wanted))
    page.get_by_label("Record everything while").set_checked(not had["unanalysed"])
    save(page, "Recording")
    told(page, "Saved. It counts from now on.")
    expected = {**had, "preRoll": wanted, "unanalysed": not had["unanalysed"]}
    assert recording(site) == expected
    stored = json.loads((site.state / "settings.json").read_text())
    assert stored["recording"]["preRoll"] == wanted and "maximum" not in stored["recording"]
    page.reload()
    page.get_by_role("form", name="Recording").wait_for()
    expect(page.get_by_label("Before an event")).to_have_value(str(wanted))
    save(page, "Room on the disk")
    told(page, "Nothing was changed.")


def test_what_is_not_allowed_is_said_beside_its_field(site, log_in):
    page = loaded(site, log_in)
    had = recording(site)
    page.get_by_label("After an event").fill("61")
    save(page, "Recording")
    page.get_by_text("Type a whole number from 1 to 60.").wait_for()
    until_focused(page, "postRoll")
    # The server knows the disk.
    page.get_by_label("Kept free on the disk").fill("900000")
    save(page, "Room on the disk")
    page.get_by_text("less than a tenth of the disk").wait_for()
    until_focused(page, "keepFreeMegabytes")
    assert recording(site) == had


def test_what_the_configuration_file_sets_is_shown_and_stays(site, log_in):
    page = loaded(site, log_in)
    field = page.get_by_label("Longest clip")
    expect(field).to_have_value("60")
    expect(field).not_to_be_editable()
    page.get_by_text("Set in the configuration file, and can be changed only there.").wait_for()


def test_a_change_restarts_no_camera_and_is_in_the_audit_log(site, log_in):
    def front():
        return next(each for each in site.cameras() if each["id"] == "front")

    until(lambda: front()["state"] == "live", 60, "the front is live")
    before = front()
    had = recording(site)
    page = loaded(site, log_in)
    wanted = 9 if had["postRoll"] != 9 else 8
    page.get_by_label("After an event").fill(str(wanted))
    save(page, "Recording")
    told(page, "Saved. It counts from now on.")
    after = front()
    assert (after["state"], after["since"], after["reconnects"]) == ("live", before["since"], before["reconnects"])
    entry = next(each for each in site.send("GET", "/api/v1/audit")["items"] if each["action"] == "settings_changed")
    assert entry["details"] == {"changed": "recording.postRoll"}


def test_clips_are_deleted_after_some_days_if_an_owner_says_so(site, log_in):
    page = loaded(site, log_in)
    field = page.get_by_label("Delete after")
    expect(field).to_have_value("")
    assert recording(site)["keepDays"] is None
    field.fill("0")
    save(page, "Room on the disk")
    page.get_by_text("Type a whole number from 1 to 36,500, or nothing.").wait_for()
    until_focused(page, "keepDays")
    field.fill("30")
    save(page, "Room on the disk")
    told(page, "Saved. It counts from now on.")
    assert recording(site)["keepDays"] == 30
    assert site.send("GET", "/api/v1/status")["storage"]["keepDays"] == 30
    page.reload()
    expect(page.get_by_label("Delete after")).to_have_value("30")
    page.get_by_label("Delete after").fill("")
    save(page, "Room on the disk")
    told(page, "Saved. It counts from now on.")
    assert recording(site)["keepDays"] is None
