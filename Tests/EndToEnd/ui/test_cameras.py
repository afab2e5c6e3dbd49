"""The page of the cameras: adding, changing, testing, pausing and removing them."""

import re

import pytest
from playwright.sync_api import expect

from kit.search_answers import SearchAnswers, found, stream
from kit.site import Site
from kit.visitor import check_accessibility, count_tab_stops, until_focused
from kit.waiting import until

# A test's cameras have addresses of this machine.
LOCAL = "allowLocalCameraAddresses: true\n"
ODD = "p@ss:/w#rd%"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A recorder with one of its two cameras; Anna is its owner."""
    running = Site(tmp_path_factory.mktemp("cameras"), ("front",), LOCAL)
    try:
        yield running.set_up()
    finally:
        running.stop()


@pytest.fixture
def garden(site):
    """A further camera, which is removed after the test."""
    camera = site.send("POST", "/api/v1/cameras", {"id": "garden", "name": "Garden", "source": site.camera.urls["yard"]})
    until(lambda: site.send("GET", "/api/v1/cameras/garden")["state"] == "live", 60, "the garden is live")
    yield camera
    if "garden" in [each["id"] for each in site.cameras()]:
        site.send("DELETE", "/api/v1/cameras/garden")


def row(page, name):
    return page.locator(".camera-row").filter(has=page.locator("strong", has_text=name))


def press(page, form, button):
    page.get_by_role("form", name=form).get_by_role("button", name=button, exact=True).click()


def loaded(site, log_in, path="/cameras", **more):
    page = log_in(site, path=path, **more).page
    row(page, "Front").wait_for()
    return page


def loaded_weight(page):
    """The compressed bytes of the files that the page has loaded."""
    return page.evaluate(
        "() => performance.getEntries().filter((entry) => entry.entryType === 'navigation' || new URL(entry.name, location).pathname.startsWith('/ui/'))"
        ".reduce((sum, entry) => sum + (entry.encodedBodySize ?? 0), 0)"
    )


@pytest.mark.parametrize("colours", ["dark", "light"])
def test_names_contrast_and_sizes(site, log_in, size, colours):
    page = loaded(site, log_in, size=size, colours=colours)
    page.wait_for_selector(".camera-picture img:not([hidden])")
    check_accessibility(page)
    for opener in ("Change Front", "Pause Front", "Remove Front", "Add by address"):
        page.get_by_role("button", name=opener, exact=True).click()
        page.wait_for_selector(".panel form")
        check_accessibility(page)
        page.keyboard.press("Escape")
        until_focused(page, opener)


def test_the_keyboard_reaches_all_controls_with_visible_focus(site, log_in):
    page = loaded(site, log_in)
    page.reload()
    row(page, "Front").wait_for()
    assert count_tab_stops(page, 60) >= 10


def test_the_first_load_has_less_than_100_kb(site, log_in):
    # With the login page, through which it was opened.
    assert 20_000 < loaded_weight(loaded(site, log_in)) < 100_000


def test_owners_find_the_page_and_others_do_not(site, log_in):
    page = log_in(site, path="/system").page
    page.get_by_role("link", name="Manage cameras").click()
    row(page, "Front").wait_for()
    page.get_by_role("button", name="Account: Anna").click()
    page.get_by_role("link", name="Cameras", exact=True).wait_for()
    site.add("Mia", "member")
    theirs = log_in(site, "Mia", "/system").page
    theirs.wait_for_selector(".verdict")
    assert theirs.get_by_role("link", name="Manage cameras").count() == 0
    theirs.goto(f"{site.base}/cameras")
    theirs.get_by_role("heading", name="This page is not for you").wait_for()


def test_a_camera_is_added_by_its_address_and_removed_again(site, log_in, size):
    name = f"Yard {size}"
    page = loaded(site, log_in, size=size)
    page.get_by_role("button", name="Add by address").click()
    page.get_by_label("Address", exact=True).fill("rtsp://exa mple/1")
    press(page, "Add a camera by its address", "Look at it")
    page.locator(".field-error:not([hidden])", has_text="space").wait_for()
    until_focused(page, "address")
    check_accessibility(page)

    page.get_by_label("Address", exact=True).fill(site.camera.urls["yard"])
    page.get_by_label("User name").fill("me")
    page.get_by_label("Password", exact=True).fill(ODD)
    press(page, "Add a camera by its address", "Look at it")
    page.wait_for_selector(".candidate .facts")
    for words in ("H.264", "pictures a second", "Clock"):
        expect(page.locator(".candidate .facts")).to_contain_text(words)
    page.wait_for_function("() => document.querySelector('.candidate img')?.naturalWidth > 100")
    check_accessibility(page)
    press(page, "Name the cameras", "Add the camera")
    page.locator(".candidate .field-error:not([hidden])").wait_for()
    page.locator(".candidate").get_by_label("Name").fill(name)
    press(page, "Name the cameras", "Add the camera")
    row(page, name).get_by_text("Live for").wait_for()
    saved = next(each for each in site.cameras() if each["name"] == name)
    assert saved["settings"]["hasPassword"] and saved["settings"]["source"] == site.camera.urls["yard"]
    assert ODD not in page.content()

    page.get_by_role("button", name=f"Remove {name}").click()
    form = page.get_by_role("form", name=f"Remove {name}?")
    expect(form).to_contain_text("What was recorded stays")
    form.get_by_role("button", name="Cancel").click()
    expect(row(page, name)).to_have_count(1)
    page.get_by_role("button", name=f"Remove {name}").click()
    press(page, f"Remove {name}?", "Remove")
    row(page, name).wait_for(state="detached")
    until_focused(page, "Your cameras")
    assert saved["id"] not in [each["id"] for each in site.cameras()]


def test_an_address_without_a_picture_is_told_and_added_only_by_whoever_wants_it(site, log_in):
    page = loaded(site, log_in)
    page.get_by_role("button", name="Add by address").click()
    page.get_by_label("Address", exact=True).fill(site.camera.urls["yard"].replace("/yard", "/nothing"))
    press(page, "Add a camera by its address", "Look at it")
    page.wait_for_selector(".candidate .form-error")
    expect(page.get_by_label("Add this camera")).not_to_be_checked()
    check_accessibility(page)
    press(page, "Name the cameras", "Add the camera")
    page.get_by_text("Choose at least one camera.").wait_for()
    press(page, "Name the cameras", "Change the address")
    expect(page.get_by_label("Address", exact=True)).to_have_value(re.compile("/nothing$"))


def test_a_camera_is_changed_and_a_wrong_address_is_said_beside_its_field(site, log_in, garden):
    page = loaded(site, log_in)
    page.get_by_role("button", name="Change Garden").click()
    page.get_by_label("Address of the stream").fill("nonsense")
    press(page, "Change Garden", "Save")
    page.wait_for_selector(".field-error:not([hidden])")
    until_focused(page, "source")
    page.get_by_label("Address of the stream").fill(garden["settings"]["source"])
    page.get_by_label("Name", exact=True).fill("Orchard")
    page.get_by_label("Record sound").check()
    press(page, "Change Garden", "Save")
    row(page, "Orchard").wait_for()
    # What it sends now is shown without being asked for.
    row(page, "Orchard").locator(".check .facts").wait_for()
    changed = site.send("GET", "/api/v1/cameras/garden")
    assert (changed["name"], changed["settings"]["audio"], changed["settings"]["source"]) == ("Orchard", True, garden["settings"]["source"])


def test_a_test_shows_the_picture_and_what_was_measured(site, log_in, size, colours):
    page = loaded(site, log_in, size=size, colours=colours)
    page.get_by_role("button", name="Test Front").click()
    page.locator(".check .waiting:not([hidden])").wait_for()
    page.wait_for_selector(".check .facts")
    check_accessibility(page)
    expect(page.locator(".check .facts")).to_contain_text("pictures a second")
    page.get_by_role("button", name="Close").click()
    expect(page.locator(".check")).to_have_count(0)


def test_a_paused_camera_is_paused_everywhere_and_not_lost(site, log_in, garden, size, colours):
    visitor = log_in(site, path="/cameras", size=size, colours=colours)
    page = visitor.page
    page.get_by_role("button", name="Pause Garden").click()
    press(page, "Pause Garden?", "Pause")
    row(page, "Garden").get_by_text("Paused since").wait_for()
    check_accessibility(page)
    visitor.open("/")
    tile = page.locator(".tile[data-camera=garden]")
    tile.get_by_text("Paused since").wait_for()
    expect(tile.locator(".badge").first).to_have_text("Paused")
    check_accessibility(page)
    visitor.open("/system")
    state = page.locator("tbody tr").filter(has_text="Garden")
    state.get_by_text("Paused", exact=True).wait_for()
    for words in ("Lost", "Not watched"):
        expect(state).not_to_contain_text(words)
    check_accessibility(page)
    visitor.open("/cameras")
    page.get_by_role("button", name="Resume Garden").click()
    press(page, "Resume Garden?", "Resume")
    row(page, "Garden").get_by_text("Live for").wait_for()


def logged_in(body, cameras, streams):
    """What cameras of Acme answer: the third takes clear text alone, the fourth is locked."""
    asked = [{**each, "note": None} for each in cameras if each["address"] in body["addresses"]]
    if body.get("allowClearText"):
        return [{**each, "outcome": "streams", "streams": streams} for each in asked]
    if "password" not in body:
        return [{**each, "outcome": "needs_login"} for each in asked]
    answers = {"10.0.0.3": "clear_text_only", "10.0.0.4": "locked"}
    return [
        {**each, "outcome": answers.get(each["host"], "streams" if body["password"] == ODD else "refused"), "streams": streams if each["host"] not in answers and body["password"] == ODD else []}
        for each in asked
    ]


def test_found_cameras_get_one_login_a_maker_and_no_other(site, log_in, size, colours):
    cameras = [
        found("10.0.0.2", name="Gate"), found("10.0.0.3", note="Its clock is 3 years behind."), found("10.0.0.4"),
        found("10.0.0.5", maker=None, model=None), found("10.0.0.9", name="Old", camera="front"),
    ]
    page = loaded(site, log_in, size=size, colours=colours)
    answers = SearchAnswers(page, lambda body: logged_in(body, cameras, [stream(site.camera.urls["yard"])]) if "addresses" in body else cameras)
    page.get_by_role("button", name="Look for cameras").click()
    page.locator(".tick-row.known", has_text="Here already as Front").wait_for()
    expect(page.locator(".tick-row input")).to_have_count(4)
    check_accessibility(page)
    press(page, "Found cameras", "Go on with these")
    page.locator(".field-error:not([hidden])", has_text="at least one").wait_for()
    for box in page.locator(".tick-row input").all()[:3]:
        box.check()
    press(page, "Found cameras", "Go on with these")

    form = page.get_by_role("form", name="Camera login")
    form.wait_for()
    for words in ("It sends it to no other camera", "10.0.0.2", "10.0.0.3", "10.0.0.4"):
        expect(form).to_contain_text(words)
    assert "10.0.0.5" not in form.text_content()
    check_accessibility(page)
    form.get_by_label("User name").fill("admin")
    form.get_by_label("Password", exact=True).fill("wrong")
    press(page, "Camera login", "Log in")
    form.get_by_text("refused this user name or password").wait_for()
    check_accessibility(page)
    form.get_by_label("Password", exact=True).fill(ODD)
    press(page, "Camera login", "Log in")
    page.wait_for_function("() => document.querySelector('.maker-login .quiet')?.textContent.includes('tries it once on Acme Eye 4 (10.0.0.3)')")
    expect(form.get_by_label("Send it in clear text all the same")).not_to_be_checked()
    check_accessibility(page)
    press(page, "Camera login", "Go on without")

    page.wait_for_selector(".candidate .facts")
    for words in ("10.0.0.3", "accepts no login for a while"):
        expect(page.locator(".form-warning", has_text=words)).to_have_count(1)
    check_accessibility(page)
    page.keyboard.press("Escape")
    sent = [body for body in answers.bodies if "password" in body]
    assert [body["maker"] for body in sent] == ["Acme", "Acme"]
    addresses = [each["address"] for each in cameras]
    # A camera that locked itself is not asked again.
    assert [body["addresses"] for body in sent] == [addresses[:3], addresses[:2]]


def test_a_search_that_finds_nothing_says_what_helps(site, log_in, size):
    page = loaded(site, log_in, size=size)
    answers = SearchAnswers(page, lambda body: [])
    page.get_by_role("button", name="Look for cameras").click()
    page.get_by_text("No camera answered.").wait_for()
    check_accessibility(page)
    page.get_by_role("button", name="Look again").click()
    until(lambda: page.evaluate("1") and len(answers.bodies) == 2, 60, "it searches again")
