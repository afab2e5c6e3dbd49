"""Why browsers warn about a recorder, and how a device is made to trust it."""

import hashlib
import plistlib
import ssl
import uuid

from playwright.sync_api import expect

from kit.visitor import check_accessibility, count_tab_stops, new_context
from ui.conftest import fill_in

# What Safari on an iPhone says that it is.
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"


def authority(site):
    """Returns the certificate of the recorder's authority (DER)."""
    return ssl.PEM_cert_to_DER_cert((site.state / "web-authority" / "authority.pem").read_text())


def test_everyone_reads_the_fingerprint_and_the_steps(site, visit_site, size, colours):
    page = visit_site(site, "/login", size, colours).page
    page.get_by_role("link", name="Did your browser warn about this recorder?").click()
    page.wait_for_selector(".fingerprint")
    page.wait_for_function(
        "(digest) => document.querySelector('.fingerprint').textContent.replaceAll(':', '').toLowerCase() === digest", arg=hashlib.sha256(authority(site)).hexdigest())
    expect(page.locator("details[open] summary")).to_have_text(["Chrome on Linux and Chromebooks"])
    check_accessibility(page)
    for summary in page.locator("details summary").all()[1:]:
        summary.click()
    count = page.locator("details").count()
    assert count >= 6
    expect(page.locator("details[open]")).to_have_count(count)
    check_accessibility(page)
    page.get_by_role("button", name="Back").click()
    page.wait_for_selector("login-page form")


def test_the_authority_is_what_is_downloaded(site, visit_site):
    page = visit_site(site, "/trust").page
    link = page.get_by_role("link", name="Download the authority")
    link.wait_for()
    with page.expect_download() as saved:
        link.click()
    assert saved.value.suggested_filename == "guardian-authority.crt"
    assert ssl.PEM_cert_to_DER_cert(saved.value.path().read_text()) == authority(site)


def test_an_iphone_reads_its_own_steps_first_and_gets_a_profile(site, browser):
    context = new_context(browser, user_agent=IPHONE)
    page = context.new_page()
    page.goto(f"{site.base}/trust")
    expect(page.locator("details[open]")).to_contain_text("Certificate Trust Settings")
    expect(page.locator("details summary").first).to_have_text("iPhone and iPad")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Download the profile").click()
    assert saved.value.suggested_filename == "guardian-authority.mobileconfig"
    profile = plistlib.loads(saved.value.path().read_bytes(), fmt=plistlib.FMT_XML)
    root, = profile["PayloadContent"]
    assert (profile["PayloadType"], root["PayloadType"]) == ("Configuration", "com.apple.security.root")
    assert root["PayloadContent"] == authority(site)
    assert all(each["PayloadVersion"] == 1 and each["PayloadDisplayName"].startswith("Guardian ") for each in (profile, root))
    assert len({uuid.UUID(each["PayloadUUID"]) for each in (profile, root)}) == len({each["PayloadIdentifier"] for each in (profile, root)}) == 2
    context.close()


def test_whoever_is_logged_in_finds_it_at_their_account(site, log_in, size):
    visitor = log_in(site, path="/people", size=size)
    page = visitor.page
    page.get_by_role("link", name="Trust this recorder").click()
    page.wait_for_selector(".fingerprint")
    check_accessibility(page)
    page.get_by_role("button", name="Back").click()
    page.wait_for_selector("people-page")
    visitor.open("/trust")
    page.wait_for_selector(".fingerprint")
    expect(page.get_by_role("navigation", name="Pages")).to_be_visible()
    assert page.get_by_role("button", name="Back").count() == 0


def test_a_login_elsewhere_leaves_the_page_open(site, visit_site):
    visitor = visit_site(site, "/trust")
    page = visitor.page
    page.wait_for_selector(".fingerprint")
    other = visitor.tab()
    other.goto(f"{site.base}/login")
    fill_in(other, "Anna")
    other.wait_for_selector("live-page")
    page.wait_for_selector("guardian-app:not(.bare)")
    expect(page).to_have_url(f"{site.base}/trust")
    expect(page.locator(".fingerprint")).to_be_visible()


def test_the_keyboard_reaches_all_controls(site, visit_site):
    page = visit_site(site, "/trust").page
    page.wait_for_selector(".fingerprint")
    assert count_tab_stops(page, 40) >= 8


def test_with_an_own_certificate_nothing_is_to_be_installed(site, visit_site, size):
    visitor = visit_site(site, "/login", size)
    visitor.context.route("**/api/v1/authority.crt", lambda route: route.fulfill(status=404, json={"detail": "There is none."}))
    page = visitor.open("/trust")
    page.get_by_text("nothing to install").wait_for()
    assert page.locator("details").count() == 0
    check_accessibility(page)
