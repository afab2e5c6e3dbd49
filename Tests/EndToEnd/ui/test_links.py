"""Links that log in once: for somebody new, for whoever lost the password, for one's own phone."""

from playwright.sync_api import expect

from kit.site import PASSWORD
from kit.visitor import check_accessibility, until_focused
from ui.conftest import fill_in

NEW = "a horse of another colour"


def invite(page, name, cameras):
    """Adds a viewer in the form, who is sent a link. Returns the link."""
    page.get_by_role("button", name="Add a person").click()
    page.get_by_label("Name", exact=True).last.fill(name)
    for camera in cameras:
        page.get_by_label(camera, exact=True).check()
    expect(page.get_by_role("radio", name="Send a link")).to_be_checked()
    expect(page.get_by_label("Password", exact=True).last).to_be_hidden()
    page.get_by_role("button", name="Add", exact=True).click()
    return shown_link(page)


def shown_link(page):
    shown = page.locator(".shown-once")
    expect(shown).to_contain_text("once, until")
    return shown.locator("pre").text_content()


def path(site, link):
    assert link.startswith(f"{site.base}/login#once="), link
    return link.removeprefix(site.base)


def test_somebody_is_invited_chooses_a_password_and_logs_in_with_it(site, log_in, visit_site, size, colours):
    chosen, *others = [camera["name"] for camera in site.cameras()]
    name = f"Nora {size} {colours}"
    owner = log_in(site, path="/people", size=size, colours=colours).page
    link = invite(owner, name, [chosen])
    check_accessibility(owner)
    owner.get_by_role("button", name="Done").click()
    until_focused(owner, "Add a person")
    mine = owner.locator(".row").filter(has=owner.locator("strong", has_text=name))
    expect(mine).to_contain_text("no password yet")
    expect(owner.locator(".shown-once")).to_have_count(0)
    assert link not in owner.content()

    page = visit_site(site, path(site, link), size, colours).page
    page.wait_for_selector("first-password-page form")
    expect(page).to_have_url(f"{site.base}/password")
    check_accessibility(page)
    password = page.get_by_label("Password", exact=True)
    expect(password).to_have_attribute("autocomplete", "new-password")
    password.fill("short")
    page.get_by_role("button", name="Save the password").click()
    page.wait_for_selector(".field-error:not([hidden])")
    check_accessibility(page)
    password.fill(NEW)
    page.get_by_role("button", name="Save the password").click()
    page.wait_for_selector(".tile .open")
    expect(page.locator(".tile .name")).to_have_text([chosen])
    assert not set(page.locator(".tile .name").all_text_contents()) & set(others)

    page = visit_site(site, "/login", size, colours).page
    fill_in(page, name, NEW)
    page.wait_for_selector("live-page")


def test_a_used_link_is_refused_in_words(site, log_in, visit_site, size):
    link = invite(log_in(site, path="/people", size=size).page, f"Olga {size}", [])
    page = visit_site(site, path(site, link), size).page
    page.wait_for_selector("first-password-page form")
    page = visit_site(site, path(site, link), size).page
    alert = page.get_by_role("alert").filter(has_text="used already")
    expect(alert).to_contain_text("ask for another one")
    page.wait_for_function("() => location.hash === ''")
    check_accessibility(page)


def test_choosing_a_password_can_wait_and_the_account_asks_for_it(site, log_in, visit_site, size):
    name = f"Pia {size}"
    link = invite(log_in(site, path="/people").page, name, [])
    visitor = visit_site(site, path(site, link), size)
    page = visitor.page
    page.get_by_role("button", name="Not now").click()
    page.wait_for_selector("live-page")
    visitor.open("/people")
    page.get_by_text("None yet").wait_for()
    check_accessibility(page)
    page.get_by_role("button", name="Choose a password").click()
    page.get_by_role("button", name="Save the password").wait_for()
    assert page.get_by_label("Current password").count() == 0
    check_accessibility(page)
    page.get_by_label("Password", exact=True).fill(NEW)
    page.get_by_role("button", name="Save the password").click()
    page.get_by_role("button", name="Change password").wait_for()
    expect(page.get_by_text("None yet")).to_have_count(0)
    # There is nothing to ask any more.
    visitor.open("/password")
    page.wait_for_url("**/people")


def test_whoever_lost_the_password_gets_a_link_and_the_one_before_ends(site, log_in, visit_site, size):
    name = f"Rolf {size}"
    site.add(name, "member")
    page = log_in(site, path="/people", size=size).page
    links = []
    for _ in range(2):
        page.get_by_role("button", name=f"Login link: {name}").click()
        check_accessibility(page)
        page.get_by_role("form", name=f"Login link for {name}").get_by_role("button", name="Make the link").click()
        links.append(shown_link(page))
        check_accessibility(page)
        page.get_by_role("button", name="Done").click()
        until_focused(page, f"Login link: {name}")
    first = visit_site(site, path(site, links[0]), size).page
    first.get_by_role("alert").filter(has_text="used already").wait_for()
    second = visit_site(site, path(site, links[1]), size).page
    # Somebody who has a password is not asked for one.
    second.wait_for_selector("live-page")


def test_ones_own_phone_is_logged_in_by_a_link(site, log_in, visit_site, size):
    page = log_in(site, path="/people", size=size).page
    # Chromium on Linux shares with no app.
    page.evaluate("() => { navigator.share = async (content) => { window.shared = content.url; }; }")
    page.get_by_role("button", name="Make a link for your phone").click()
    check_accessibility(page)
    page.get_by_label("Your password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Make the link").click()
    link = shown_link(page)
    # The test's site has an address that other devices cannot open.
    expect(page.locator(".shown-once")).to_contain_text("works only on the recorder itself")
    check_accessibility(page)
    page.get_by_role("button", name="Share").click()
    page.wait_for_function("(link) => window.shared === link", arg=link)
    phone = visit_site(site, path(site, link), "phone").page
    phone.wait_for_selector("live-page")
    phone.get_by_role("button", name="Account: Anna").wait_for()

    # A browser in which the same person is logged in goes on.
    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Make a link for your phone").click()
    page.get_by_label("Your password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Make the link").click()
    phone.goto("about:blank")
    phone.goto(shown_link(page))
    phone.wait_for_selector("live-page")
    expect(phone).to_have_url(f"{site.base}/")


def test_a_link_for_somebody_else_begins_a_new_document(site, log_in):
    site.add("Svea", "viewer", [])
    visitor = log_in(site, path="/people")
    page = visitor.page
    page.get_by_role("button", name="Login link: Svea").click()
    page.get_by_role("button", name="Make the link").click()
    link = shown_link(page)
    page.evaluate("() => { window.sameDocument = true; }")
    visitor.open(path(site, link))
    page.get_by_role("button", name="Account: Svea").wait_for()
    assert page.evaluate("window.sameDocument") is None
    expect(page).to_have_url(f"{site.base}/")


def test_a_person_is_given_a_password_instead(site, log_in, visit_site):
    page = log_in(site, path="/people").page
    page.get_by_role("button", name="Add a person").click()
    page.get_by_label("Name", exact=True).last.fill("Tom")
    page.get_by_role("radio", name="Give a password now").check()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".field-error:not([hidden])")).to_have_text("Type a password.")
    check_accessibility(page)
    page.get_by_label("Password", exact=True).last.fill(PASSWORD)
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("button", name="Reset password: Tom").wait_for()
    assert page.locator(".shown-once").count() == 0
    page = visit_site(site, "/login").page
    fill_in(page, "Tom")
    page.wait_for_selector("live-page")
