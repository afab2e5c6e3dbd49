"""Passkeys in Chromium, whose virtual authenticator makes and uses them (CDP, domain WebAuthn)."""

import pytest
from playwright.sync_api import expect

from kit.site import PASSWORD
from kit.visitor import Visitor, check_accessibility, new_context
from ui.conftest import fill_in


def named(site):
    """Returns the site's address by name: browsers know passkeys of names only."""
    return site.base.replace("127.0.0.1", "localhost")


@pytest.fixture
def visit_by_name(browser, site):
    """Opens pages of the recorder by its name, in a browser of their own with an authenticator that recognises its person."""
    visitors = []

    def begin(path="/", size="desk"):
        visitor = Visitor(new_context(browser, size), named(site), "Failed to load resource")
        visitors.append(visitor)
        visitor.devtools = visitor.context.new_cdp_session(visitor.page)
        visitor.devtools.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        visitor.authenticator = visitor.devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
        visitor.open(path)
        return visitor

    yield begin
    for visitor in visitors:
        visitor.leave()


def add_passkey(page, name, password=PASSWORD):
    page.get_by_role("button", name="Add a passkey").click()
    form = page.get_by_role("form", name="Add a passkey")
    form.get_by_label("Name", exact=True).fill(name)
    form.get_by_label("Your password", exact=True).fill(password)
    form.get_by_role("button", name="Go on").click()
    return form


def row(page, name):
    return page.locator(".row").filter(has=page.locator("strong", has_text=name))


def log_out(page):
    page.get_by_role("button", name="Account:").click()
    page.get_by_role("button", name="Log out", exact=True).click()
    page.wait_for_url("**/login")


def test_a_passkey_is_added_and_logs_in_without_name_password_or_code(site, visit_by_name, size):
    name = f"Petra {size}"
    site.add(name, "member")
    visitor = visit_by_name("/people", size)
    page = visitor.page
    fill_in(page, name)
    add_passkey(page, "Laptop", "a wrong password").locator(".field-error:not([hidden])").wait_for()
    page.get_by_role("form", name="Add a passkey").get_by_label("Your password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    for words in ("for localhost", "never used"):
        expect(row(page, "Laptop")).to_contain_text(words)
    check_accessibility(page)

    log_out(page)
    page.wait_for_selector("login-page form")
    check_accessibility(page)
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_selector("live-page")
    visitor.open("/people")
    row(page, "Laptop").get_by_text("last used").wait_for()

    # The device has one of this account already.
    add_passkey(page, "Again").get_by_role("alert").filter(has_text="already").wait_for()
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Rename Laptop").click()
    page.get_by_role("form", name="Rename Laptop").get_by_label("Name", exact=True).fill("Tablet")
    page.get_by_role("button", name="Save").click()
    row(page, "Tablet").wait_for()
    page.get_by_role("button", name="Remove Tablet").click()
    form = page.get_by_role("form", name="Remove Tablet?")
    form.get_by_role("button", name="Remove").click()
    form.locator(".field-error:not([hidden])").wait_for()
    expect(row(page, "Tablet")).to_have_count(1)
    form.get_by_label("Your password", exact=True).fill(PASSWORD)
    form.get_by_role("button", name="Remove").click()
    page.get_by_text("No passkeys.").wait_for()

    log_out(page)
    page.get_by_role("button", name="Log in with a passkey").click()
    page.get_by_role("alert").filter(has_text="does not log in here").wait_for()
    fill_in(page, name)
    page.wait_for_selector("live-page")


def test_a_person_whom_the_device_does_not_recognise_is_not_let_in(site, visit_by_name):
    site.add("Quentin", "member")
    visitor = visit_by_name("/people")
    page = visitor.page
    fill_in(page, "Quentin")
    add_passkey(page, "Laptop")
    row(page, "Laptop").wait_for()
    log_out(page)
    visitor.devtools.send("WebAuthn.setUserVerified", {"authenticatorId": visitor.authenticator, "isUserVerified": False})
    page.get_by_role("button", name="Log in with a passkey").click()
    page.get_by_role("alert").filter(has_text="No passkey was used").wait_for()
    expect(page.get_by_role("button", name="Log in with a passkey")).to_be_enabled()
    visitor.devtools.send("WebAuthn.setUserVerified", {"authenticatorId": visitor.authenticator, "isUserVerified": True})
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_selector("live-page")


def test_by_an_address_the_pages_say_that_passkeys_need_the_name(site, log_in, visit_site):
    page = visit_site(site, "/login").page
    page.wait_for_selector("login-page form")
    expect(page.locator(".passkey-login")).to_contain_text("Passkeys need the recorder's name")
    assert page.get_by_role("button", name="Log in with a passkey").count() == 0
    check_accessibility(page)
    page = log_in(site, path="/people").page
    page.get_by_text("Passkeys need the recorder's name").wait_for()
    page.get_by_role("button", name="Change password").wait_for()
