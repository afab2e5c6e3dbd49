"""People and access: who may do what, and what pages show them."""

import pytest
from playwright.sync_api import expect

from kit.site import PASSWORD
from kit.visitor import check_accessibility, count_tab_stops, until_focused
from ui.conftest import fill_in


def row(page, name):
    return page.locator(".row").filter(has=page.locator("strong", has_text=name))


@pytest.mark.parametrize("colours", ["dark", "light"])
def test_names_contrast_and_sizes(site, log_in, size, colours):
    page = log_in(site, path="/people", size=size, colours=colours).page
    page.wait_for_function("() => document.querySelectorAll('.rows').length === 3 && !document.querySelector('.list-bone')")
    check_accessibility(page)
    for opener in ("Add a person", "Change password", "Make a token", "Turn on the second factor", "Log out everywhere"):
        page.get_by_role("button", name=opener, exact=True).click()
        page.wait_for_selector(".panel form")
        check_accessibility(page)
        page.keyboard.press("Escape")
        until_focused(page, opener)
    page.get_by_role("button", name="Account: Anna").click()
    check_accessibility(page)
    page.get_by_role("link", name="Audit log").first.click()
    page.wait_for_selector(".audit-row")
    check_accessibility(page)


def test_the_keyboard_reaches_all_controls_with_visible_focus(site, log_in):
    page = log_in(site, path="/people").page
    page.reload()
    page.get_by_role("button", name="Log out everywhere").wait_for()
    assert count_tab_stops(page, 120) >= 12


def test_an_owner_sees_what_lets_somebody_in_and_ends_it(site, log_in, size):
    name = f"Gerd {size}"
    site.add(name, "member")
    other = log_in(site, name, "/events").page
    page = log_in(site, path="/people", size=size).page
    page.get_by_role("button", name=f"Devices and tokens: {name}").click()
    access = page.locator(".others-access")
    expect(access).to_contain_text("No passkeys.")
    expect(access).to_contain_text("No tokens.")
    device = access.locator(".row").filter(has_text="Chrome on")
    check_accessibility(page)
    device.get_by_role("button", name="Log out").click()
    access.locator("form").get_by_role("button", name="Log out", exact=True).click()
    expect(access).to_contain_text("Logged in nowhere.")
    other.wait_for_selector("login-page form")


def test_a_viewer_sees_chosen_cameras_and_no_page_about_people(site, log_in, size):
    cameras = site.cameras()
    chosen, hidden = cameras[0], cameras[1:]
    name = f"Viewer {size}"
    page = log_in(site, path="/people").page
    page.get_by_role("button", name="Add a person").click()
    page.get_by_label("Name", exact=True).last.fill(name)
    page.get_by_role("radio", name="Viewer").check()
    page.get_by_label(chosen["name"], exact=True).check()
    page.get_by_role("radio", name="Give a password now").check()
    page.get_by_label("Password", exact=True).last.fill(PASSWORD)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(row(page, name)).to_contain_text(chosen["name"])

    visitor = log_in(site, name, size=size)
    page = visitor.page
    page.wait_for_selector(".tile .open")
    expect(page.locator(".tile .name")).to_have_text([chosen["name"]])
    assert not set(page.locator(".tile .name").all_text_contents()) & {camera["name"] for camera in hidden}
    assert page.get_by_role("navigation", name="Pages").get_by_role("link", name="System").count() == 0
    check_accessibility(page)
    page.get_by_role("button", name=f"Account: {name}").click()
    assert page.get_by_role("link", name="Audit log").count() == 0
    page.get_by_role("link", name="Your account").click()
    page.get_by_role("heading", name="Your account").wait_for()
    assert page.get_by_role("button", name="Add a person").count() == 0
    for path in ("/audit", "/system"):
        visitor.open(path)
        page.get_by_role("heading", name="This page is not for you").wait_for()
    visitor.open("/events")
    page.wait_for_selector(".event-card, .list-state .blank")


def test_the_role_decides_about_cameras_in_the_form(site, log_in):
    page = log_in(site, path="/people").page
    page.get_by_role("button", name="Add a person").click()
    page.get_by_role("radio", name="Member").check()
    expect(page.get_by_role("group", name="Cameras")).to_be_hidden()
    page.get_by_role("radio", name="Viewer").check()
    expect(page.get_by_role("group", name="Cameras")).to_be_visible()


def test_a_member_sees_the_system_and_no_page_about_people(site, log_in):
    site.add("Mia", "member")
    page = log_in(site, "Mia", "/system").page
    page.wait_for_selector(".verdict")
    page.get_by_role("button", name="Account: Mia").click()
    assert page.get_by_role("link", name="People and access").count() == 0


def test_somebody_is_changed_disabled_and_removed_after_a_question(site, log_in):
    site.add("Otto", "member")
    page = log_in(site, path="/people").page
    theirs = log_in(site, "Otto", "/events").page
    page.get_by_role("button", name="Change Otto").click()
    page.get_by_label("Name", exact=True).fill("Anna")
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector(".field-error:not([hidden])")
    page.get_by_label("Name", exact=True).fill("Ottilie")
    page.get_by_role("button", name="Save").click()
    row(page, "Ottilie").wait_for()

    page.get_by_role("button", name="Disable: Ottilie").click()
    form = page.get_by_role("form", name="Disable Ottilie?")
    expect(form).to_contain_text("logged out everywhere")
    form.get_by_role("button", name="Cancel").click()
    assert page.locator(".tag.warn").count() == 0
    page.get_by_role("button", name="Disable: Ottilie").click()
    form.get_by_role("button", name="Disable").click()
    row(page, "Ottilie").locator(".tag", has_text="Disabled").wait_for()
    theirs.wait_for_selector("login-page form")
    fill_in(theirs, "Ottilie")
    theirs.wait_for_selector(".field-error:not([hidden])")

    page.get_by_role("button", name="Enable: Ottilie").click()
    page.get_by_role("form", name="Let Ottilie log in again?").get_by_role("button", name="Enable").click()
    page.get_by_role("button", name="Disable: Ottilie").wait_for()
    page.get_by_role("button", name="Reset password: Ottilie").click()
    page.get_by_label("New password", exact=True).fill("another horse")
    page.get_by_role("button", name="Reset password", exact=True).last.click()
    page.wait_for_function("() => !document.querySelector('.panel form')")
    fill_in(theirs, "Ottilie", "another horse")
    theirs.wait_for_selector("guardian-app:not(.bare)")

    page.get_by_role("button", name="Remove: Ottilie").click()
    page.get_by_role("form", name="Remove Ottilie?").get_by_role("button", name="Remove").click()
    page.wait_for_function("() => ![...document.querySelectorAll('.row strong')].some((name) => name.textContent === 'Ottilie')")
    until_focused(page, "People")
    theirs.wait_for_selector("login-page form")


def test_the_last_owner_cannot_be_locked_out(site, log_in):
    page = log_in(site, path="/people").page
    mine = row(page, "Anna").first
    mine.wait_for()
    expect(mine.get_by_role("button")).to_have_text(["Change"])


def test_a_token_is_shown_once_and_revoked(site, log_in):
    page = log_in(site, path="/people").page
    page.get_by_role("button", name="Make a token").click()
    page.get_by_role("button", name="Make the token").click()
    assert page.locator(".field-error:not([hidden])").count() == 2
    page.get_by_label("Name", exact=True).fill("Doorbell")
    page.get_by_label("Read events").check()
    page.get_by_label("Ends").select_option("In a year")
    page.get_by_label("Your password", exact=True).fill("a wrong password")
    page.get_by_role("button", name="Make the token").click()
    page.wait_for_function("() => document.querySelectorAll('.field-error:not([hidden])').length === 1")
    page.get_by_label("Your password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Make the token").click()
    token = page.locator(".shown-once pre").text_content()
    assert token.startswith("gdn_") and len(token) > 40
    check_accessibility(page)
    page.get_by_role("button", name="I have copied it").click()
    page.reload()
    row(page, "Doorbell").wait_for()
    assert token not in page.content()
    expect(row(page, "Doorbell")).to_contain_text("Read events")
    page.get_by_role("button", name="Revoke Doorbell").click()
    page.get_by_role("form", name="Revoke Doorbell?").get_by_role("button", name="Revoke").click()
    page.wait_for_function("() => ![...document.querySelectorAll('.row strong')].some((name) => name.textContent === 'Doorbell')")


def test_another_device_is_logged_out(site, log_in):
    site.add("Dora", "member")
    theirs = log_in(site, "Dora", "/events").page
    page = log_in(site, "Dora", "/people").page
    page.get_by_text("This device").wait_for()
    page.locator(".row", has_text="last seen").get_by_role("button").click()
    page.get_by_role("form").get_by_role("button", name="Log out").click()
    page.wait_for_function("() => !document.querySelector('.panel form')")
    theirs.wait_for_selector("login-page form")
    page.get_by_role("button", name="Log out everywhere").click()
    page.get_by_role("form", name="Log out everywhere?").get_by_role("button", name="Log out everywhere").click()
    page.wait_for_url("**/login")


def test_the_audit_log_tells_in_words_who_did_what(site, log_in, visit_site):
    site.add("Wanda", "viewer", [])
    page = visit_site(site, "/login").page
    fill_in(page, "Wanda", "a wrong password")
    page.wait_for_selector(".field-error:not([hidden])")
    page = log_in(site, path="/audit").page
    page.wait_for_selector(".audit-row")
    told = page.locator(".audit-row strong").all_text_contents()
    assert told[0] == "Anna logged in"
    assert "Anna added Wanda as viewer" in told
    assert "Somebody failed to log in as Wanda" in told
    assert "Chrom" in page.locator(".audit-row").first.text_content()
