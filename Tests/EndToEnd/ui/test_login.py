"""Logging in: the first run, the second factor, and logins that end while a page is open."""

from playwright.sync_api import expect

from kit.site import PASSWORD, time_code
from kit.visitor import check_accessibility, count_tab_stops, until_focused
from ui.conftest import fill_in


def test_the_first_run_needs_the_secret_of_its_link(new_site, visit_site, size):
    visitor = visit_site(new_site, "/", size)
    page = visitor.page
    expect(page.locator(".steps")).to_contain_text("guardian user setup-link")
    check_accessibility(page)

    visitor.open("/setup#wrong-secret")
    page.get_by_label("Your name").fill("Anna")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    page.get_by_role("alert").wait_for()
    expect(page.get_by_label("Your name")).to_have_value("Anna")
    expect(page.get_by_label("Password", exact=True)).to_have_value(PASSWORD)
    check_accessibility(page)

    # Another fragment of the same address is no other document.
    page.goto("about:blank")
    secret = new_site.secret
    visitor.open(f"/setup#{secret}")
    page.get_by_label("Your name").fill("Anna")
    page.get_by_label("Password", exact=True).fill("short")
    page.get_by_role("button", name="Create the account").click()
    page.wait_for_selector(".field-error:not([hidden])")
    page.get_by_role("button", name="Show: Password").click()
    expect(page.get_by_label("Password", exact=True)).to_have_attribute("type", "text")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    page.wait_for_selector("welcome-page")
    assert secret not in page.url

    # There is no first run any more.
    visitor.context.clear_cookies()
    visitor.open("/setup")
    page.wait_for_url("**/login")
    fill_in(page, "Anna")
    page.wait_for_selector("live-page")


def test_a_wrong_password_is_said_beside_it(site, visit_site, size, colours):
    page = visit_site(site, "/events", size, colours).page
    page.wait_for_selector("login-page form")
    expect(page.locator(".rail")).to_be_hidden()
    check_accessibility(page)
    fill_in(page, "Anna", "a wrong password")
    error = page.locator(".field-error:not([hidden])")
    error.wait_for()
    password = page.get_by_label("Password", exact=True)
    assert error.get_attribute("id") in password.get_attribute("aria-describedby")
    until_focused(page, "password")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Anna")
    check_accessibility(page)
    fill_in(page, "Anna")
    page.wait_for_selector("events-page")
    expect(page).to_have_url(f"{site.base}/events")


def test_password_managers_find_the_fields(site, visit_site):
    page = visit_site(site, "/login").page
    page.wait_for_selector("login-page form")
    assert page.locator("form input").evaluate_all("inputs => inputs.map((input) => input.autocomplete)")[:3] == ["username", "current-password", "one-time-code"]


def test_too_many_attempts_have_to_wait(site, visit_site):
    page = visit_site(site, "/login").page
    page.wait_for_selector("login-page form")
    # The first countdown lasts a second, and may have ended when the test looks: the page notes what it shows.
    page.evaluate("""() => {
        window.shown = [];
        const button = [...document.querySelectorAll("login-page form button")].find((each) => each.textContent === "Log in");
        const note = () => {
            const countdown = document.querySelector(".countdown:not([hidden])");
            if (countdown) window.shown.push([countdown.textContent, button.disabled]);
        };
        new MutationObserver(note).observe(document.querySelector("login-page"), { subtree: true, childList: true, characterData: true, attributes: true });
    }""")
    # The time to wait doubles with each attempt, until it is longer than the machine takes for one.
    for _ in range(20):
        with page.expect_response(lambda answer: answer.request.method == "POST" and answer.url.endswith("/api/v1/session")) as answered:
            fill_in(page, "Somebody", "a wrong password")
        if answered.value.status == 429:
            break
    page.wait_for_function("() => window.shown.length > 0")
    said, is_disabled = page.evaluate("window.shown[0]")
    assert "You can try again in" in said and is_disabled
    page.wait_for_selector(".countdown[hidden]", state="attached", timeout=120_000)
    expect(page.get_by_role("button", name="Log in", exact=True)).to_be_enabled()


def make_token(page, name, password=PASSWORD):
    page.get_by_role("button", name="Make a token").click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Read events").check()
    page.get_by_label("Your password", exact=True).fill(password)
    page.get_by_role("button", name="Make the token").click()
    page.wait_for_selector(".shown-once")


def test_the_second_factor_is_asked_for_in_a_second_step(site, log_in, visit_site):
    site.add("Fritz", "member")
    page, other = log_in(site, "Fritz", "/people").page, log_in(site, "Fritz", "/events").page
    page.get_by_role("button", name="Turn on the second factor").click()
    page.get_by_label("Your password", exact=True).fill("a wrong password")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_selector(".factor-place .field-error:not([hidden])")
    page.get_by_label("Your password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    key = page.locator(".factor-place code").text_content().replace(" ", "")
    assert f"secret={key}" in page.get_by_role("link", name="Open in the app").get_attribute("href")
    page.wait_for_function("() => document.querySelector('.factor-place .qr-code')?.naturalWidth > 0")
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Turn on", exact=True).click()
    page.wait_for_selector(".factor-place .field-error:not([hidden])")
    page.get_by_label("Code").fill(time_code(key))
    page.get_by_role("button", name="Turn on", exact=True).click()
    codes = page.locator(".shown-once pre").text_content().split()
    assert len(codes) == 10
    check_accessibility(page)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download").click()
    assert saved.value.path().read_text().split() == codes
    page.get_by_role("button", name="I have kept them").click()
    expect(page.locator(".shown-once")).to_have_count(0)
    # Whoever was logged in elsewhere is out, and the page that asked goes on.
    other.wait_for_selector("login-page form")
    make_token(page, "Lamp")

    # New codes are of the same use; those from before are of none.
    expect(page.get_by_text("one of 10 recovery codes")).to_be_visible()
    page.get_by_role("button", name="New recovery codes").click()
    page.get_by_role("textbox", name="Code").fill(codes[9])
    page.get_by_role("button", name="Make new codes").click()
    page.wait_for_selector(".factor-place .shown-once")
    check_accessibility(page)
    before, codes = codes, page.locator(".factor-place .shown-once pre").text_content().split()
    assert len(codes) == 10 and not set(codes) & set(before)
    page.get_by_role("button", name="I have kept them").click()

    page = visit_site(site, "/").page
    fill_in(page, "Fritz")
    code = page.get_by_label("Code")
    code.wait_for()
    assert page.locator(".field-error:not([hidden])").count() == 0
    expect(page.get_by_label("Password", exact=True)).to_have_value(PASSWORD)
    check_accessibility(page)
    code.fill("111111")
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_selector(".field-error:not([hidden])")
    # Each code counts once, and the step of this one may have been used to turn the second factor on.
    code.fill(time_code(key, ahead=1))
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_selector("live-page")

    page = visit_site(site, "/").page
    fill_in(page, "Fritz")
    code = page.get_by_label("Code")
    code.fill(codes[0].lower())
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_selector("live-page")


def test_a_logout_in_another_tab_asks_to_log_in_and_the_page_goes_on(site, log_in):
    visitor = log_in(site, path="/people")
    page = visitor.page
    page.get_by_role("button", name="Add a person").click()
    page.get_by_label("Name", exact=True).last.fill("Half typed")
    page.evaluate("() => { window.sameDocument = true; }")
    other = visitor.tab()
    other.goto(site.base + "/events")
    other.get_by_role("button", name="Account: Anna").click()
    other.get_by_role("button", name="Log out").click()
    other.wait_for_url("**/login")

    page.wait_for_selector("login-page form")
    expect(page).to_have_url(f"{site.base}/people")
    expect(page.locator("people-page")).to_be_hidden()
    check_accessibility(page)
    fill_in(page, "Anna")
    page.wait_for_selector("people-page:not([hidden])")
    expect(page.get_by_label("Name", exact=True).last).to_have_value("Half typed")
    assert page.evaluate("window.sameDocument") is True
    # The login was this tab's, and the other one follows it.
    other.wait_for_selector("live-page")


def test_nothing_of_a_person_is_left_in_the_browser_after_the_logout(site, log_in):
    site.add("Gerda Ohnegleichen", "member")
    visitor = log_in(site, "Gerda Ohnegleichen", "/events")
    page = visitor.page
    names = [camera["name"] for camera in site.cameras()] + ["Gerda"]
    visitor.open("/people").wait_for_selector(".row")
    expect(page.locator("body")).to_contain_text("Gerda")
    page.get_by_role("button", name="Account:").click()
    page.get_by_role("button", name="Log out", exact=True).click()
    page.wait_for_url("**/login")
    page.wait_for_selector("login-page form")
    kept = page.evaluate(
        """async () => {
            const cached = [];
            for (const name of await caches.keys()) {
                for (const request of await (await caches.open(name)).keys()) cached.push(request.url);
            }
            return { local: { ...localStorage }, session: { ...sessionStorage }, databases: await indexedDB.databases(), cached };
        }""")
    assert [url for url in kept["cached"] if "/api/" in url] == []
    assert visitor.context.cookies(site.base) == []
    for text in (str(kept), page.content()):
        assert [name for name in names if name in text] == []
    # Nor does the browser's way back lead to it.
    page.go_back()
    page.wait_for_selector("login-page form")
    assert [name for name in names if name in page.content()] == []


def test_somebody_else_who_logs_in_gets_nothing_of_the_page(site, log_in):
    site.add("Vera", "viewer", [])
    visitor = log_in(site, path="/people")
    page = visitor.page
    page.get_by_role("button", name="Add a person").wait_for()
    page.evaluate("() => { window.sameDocument = true; }")
    visitor.context.clear_cookies()
    page.wait_for_selector("login-page form")
    fill_in(page, "Vera")
    page.get_by_role("heading", name="Your account").wait_for()
    assert page.evaluate("window.sameDocument") is None


def test_a_change_of_the_password_logs_out_other_devices(site, log_in):
    site.add("Paul", "member")
    page, other = log_in(site, "Paul", "/people").page, log_in(site, "Paul", "/events").page
    page.get_by_role("button", name="Change password").click()
    page.get_by_label("Current password", exact=True).fill("a wrong password")
    page.get_by_label("New password", exact=True).fill("another horse")
    page.get_by_role("button", name="Change password").last.click()
    page.wait_for_selector(".field-error:not([hidden])")
    until_focused(page, "current")
    page.get_by_label("Current password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Change password").last.click()
    page.get_by_text("Changed just now").wait_for()
    other.wait_for_selector("login-page form")
    # The session that asked goes on, with its new key.
    make_token(page, "Lamp", "another horse")


def test_a_link_that_is_no_good_leaves_the_address_and_says_so(site, visit_site):
    page = visit_site(site, "/login#once=not-a-secret").page
    page.get_by_role("alert").filter(has_text=".").wait_for()
    page.wait_for_function("() => location.hash === ''")
    fill_in(page, "Anna")
    page.wait_for_selector("live-page")


def test_the_keyboard_reaches_all_controls_of_the_login(site, visit_site):
    page = visit_site(site, "/login").page
    page.wait_for_selector("login-page form")
    # The first field has the focus already.
    assert count_tab_stops(page, 20) >= 4
