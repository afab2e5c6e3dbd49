"""The page Settings and the first run: who can open the archive, with a stub of the recorder's API."""

import hashlib
import json
import re

import pytest
from playwright.sync_api import expect

from archive.sealer import DIGITS, Owner, b64
from archive.stub import STATUS
from archive.wire import STORED, leaks
from kit.visitor import SIZES, check_accessibility, count_tab_stops

pytestmark = pytest.mark.parallel

PATH = "/api/v1/config/recipients"
LIMITS = {"preRoll": (2, 60, 5), "postRoll": (1, 60, 5), "maximum": (10, 3600, 300), "keepFreeMegabytes": (64, 10**9, 2048), "keepDays": (1, 36500, None)}
CONFIG = {
    "recording": {"preRoll": 5, "postRoll": 5, "maximum": 300, "unanalysed": True, "keepFreeMegabytes": 2048, "keepDays": None}, "fixed": [],
    "archive": {"cameras": None, "kilobits": None}, "node": {"relay": False},
    "limits": {
        **{f"recording.{name}": {"least": least, "most": most, "usual": usual} for name, (least, most, usual) in LIMITS.items()},
        "archive.kilobits": {"least": 8, "most": 10**8, "usual": None}},
}
NODE = {"address": "node.example:9443", "origin": "file", "tenant": "home", "device": "ab" * 32, "certificateEnd": "2027-12-30T12:00:00Z", "startingAgain": False}
NO_NODE = {**NODE, "address": None, "origin": "none", "tenant": None, "certificateEnd": None}
PRINCIPAL = {
    "id": "01890a5d-ac96-774b-bcce-b302099a8057", "name": "Anna", "role": "owner", "cameras": None, "credential": "session", "requestKey": "key",
    "permissions": ["watch_live", "read_events", "read_archive", "read_status", "own_account", "manage_cameras", "manage_settings", "manage_people", "read_audit"],
}


class Recipients:
    """What the recorder has. Requests that change it are answered as the recorder answers them."""

    def __init__(self, site, node=True):
        self.site, self.node, self.items = site, node, []
        site.answers |= {
            "/api/v1/session": (200, PRINCIPAL), "/api/v1/status": (200, STATUS), "/api/v1/config": self.change, PATH: self.answer,
            "/api/v1/node": (200, NODE if node else NO_NODE),
            "/api/v1/events": (200, {"items": [], "nextCursor": None}), "/api/v1/cameras": (200, {"items": STATUS["cameras"]}),
        }

    @property
    def request(self):
        method, _, _, body = self.site.requests[-1]
        return method, json.loads(body) if body else None

    def answer(self, query):
        method, body = self.request
        if method != "POST":
            return 200, {"items": self.items, "limit": 8, "node": self.node}
        _, kem, key, _ = body["key"].split(":")
        self.add(body["name"], key, kem)
        return 201, self.items[-1]

    def add(self, name, key, kem="X-Wing", fixed=False):
        item = {"keyId": key, "kem": kem, "name": name, "addedAt": None if fixed else "2026-11-26T10:00:00.000Z", "fixed": fixed}
        self.items.append(item)

        def remove(query):
            self.items.remove(item)
            return 204, b""

        self.site.answers[f"{PATH}/{key}"] = remove

    def change(self, query):
        method, body = self.request
        if method == "PUT" and not body.get("confirmDeletion"):
            detail = "This deletes about 3 of the oldest clips at once (7 MB, up to 2026-11-20), and they do not come back. Send confirmDeletion with it if that is meant."
            return 409, {"type": "about:blank", "title": "Conflict", "status": 409, "code": "failed_precondition", "detail": detail, "errors": [{"field": "confirmDeletion", "detail": detail}]}
        return 200, CONFIG if method != "PUT" else {**CONFIG, "recording": {**CONFIG["recording"], **body["recording"]}}


@pytest.fixture
def recipients(site):
    return Recipients(site)


def make_code(page):
    """Makes a code and types back what is asked for. Returns its owner."""
    page.get_by_role("button", name="Make a new code").click()
    page.wait_for_selector(".sheet")
    groups = page.locator(".code-groups span").all_inner_texts()
    page.get_by_role("button", name="I have it").click()
    page.locator(".code-field.group").first.wait_for()
    for field in page.locator(".code-field.group").all():
        field.fill(groups[int(field.get_attribute("id").split("-")[1])])
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("form", name="Name the code").wait_for()
    number = 0
    for digit in "".join(groups):
        number = number * 32 + DIGITS.index(digit)
    return Owner(number.to_bytes(35, "big")[:32])


def line_of(owner):
    key = owner.public("X-Wing")
    return f"guardian-recipient:X-Wing:{b64(hashlib.sha256(key).digest()[:8])}:{b64(key)}"


def archive_of(page):
    return page.get_by_role("region", name="Archive")


@pytest.mark.parametrize("path", ["/settings", "/welcome?step=code"])
def test_only_the_public_key_of_a_new_code_is_sent(visit, site, recipients, path):
    page = visit(path)
    if path == "/settings":
        page.get_by_text("Nothing is archived, because nobody could open it").wait_for()
        page.get_by_role("button", name="Make a recovery code").click()
    owner = make_code(page)
    form = page.get_by_role("form", name="Name the code")
    expect(form.get_by_label("Whose code is it?")).to_have_value("Anna")
    form.get_by_label("Whose code is it?").fill("Family")
    form.get_by_role("button", name="Seal clips to it").click()
    page.get_by_text("nobody can open the archive any more").wait_for()
    sent = [json.loads(body) for method, asked, _, body in site.requests if method == "POST" and asked == PATH]
    assert sent == [{"name": "Family", "key": line_of(owner)}]
    html = page.evaluate("document.documentElement.outerHTML").encode()
    recorded = b"\n".join(repr(request).encode() for request in site.requests) + page.context.recorder.bytes + page.evaluate(STORED).encode() + html
    assert leaks(recorded, owner) == []
    if path != "/settings":
        expect(page.get_by_role("link", name="Go on")).to_have_attribute("href", "/welcome?step=phone")


def test_a_code_is_saved_as_a_file_that_the_commands_read(visit, recipients):
    page = visit("/welcome?step=code")
    page.get_by_role("button", name="Make a new code").click()
    page.wait_for_selector(".sheet")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a file").click()
    with open(download.value.path()) as file:
        assert file.read() == "-".join(page.locator(".code-groups span").all_inner_texts()) + "\n"


def test_only_the_sheet_is_printed(visit, recipients):
    page = visit("/settings")
    page.get_by_role("button", name="Make a recovery code").click()
    page.get_by_role("button", name="Make a new code").click()
    page.wait_for_selector(".sheet")
    page.emulate_media(media="print")
    page.evaluate("scrollTo(0, 0)")
    for shown in (page.locator(".sheet"), page.get_by_text("To open a clip, use the Archive page")):
        expect(shown).to_be_visible()
    expect(page.get_by_role("heading", name="Recording", exact=True)).not_to_be_visible()
    box = page.locator(".sheet").bounding_box()
    assert (box["x"], box["y"]) == (0, 0)
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf())) == 1


def test_somebody_is_removed_after_a_question_unless_the_file_has_them(visit, recipients):
    recipients.add(None, "AAAAAAAAAAA", "X25519", fixed=True)
    recipients.add("Ben", "BBBBBBBBBBB")
    page = visit("/settings")
    page.get_by_text("in the configuration file, and removed only there").wait_for()
    expect(archive_of(page).get_by_role("button", name="Stop sealing")).to_have_count(1)
    page.get_by_role("button", name="Stop sealing for Ben").click()
    page.get_by_text("What is sealed to it already stays readable with it.").wait_for()
    page.get_by_role("form", name="Stop sealing for Ben?").get_by_role("button", name="Stop sealing").click()
    page.get_by_text("added on").wait_for(state="detached")
    assert [item["fixed"] for item in recipients.items] == [True]


def test_a_code_that_was_made_elsewhere_is_added_by_its_line(visit, recipients):
    owner = Owner()
    page = visit("/settings")
    page.get_by_role("button", name="Add a code that exists").click()
    form = page.get_by_role("form", name="Add a code that exists")
    form.get_by_label("Recipient line").fill(line_of(owner))
    form.get_by_label("Whose code is it?").fill("Lawyer")
    form.get_by_role("button", name="Seal clips to it").click()
    page.get_by_text("added on").wait_for()
    assert [item["name"] for item in recipients.items] == ["Lawyer"]


def test_without_a_node_it_is_said_what_is_missing(visit, site):
    Recipients(site, node=False)
    page = visit("/settings")
    page.get_by_text("this recorder has no node").wait_for()
    page = visit("/welcome?step=code")
    page.get_by_text("this recorder has no node").wait_for()


def test_clips_are_deleted_for_room_only_after_a_question(visit, recipients):
    page = visit("/settings")
    form = page.get_by_role("form", name="Room on the disk")
    form.get_by_label("Kept free on the disk").fill("4.5")
    form.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("This deletes about 3 of the oldest clips at once").wait_for()
    check_accessibility(page)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("This deletes about 3")).to_have_count(0)
    form.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Delete them and save").click()
    page.locator(".settings-saved:not([hidden])", has_text="Saved.").wait_for()


@pytest.mark.parametrize("colours", ["dark", "light"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", ["/settings", "/welcome?step=code"])
def test_names_contrast_and_sizes(visit, recipients, path, size, colours):
    recipients.add("Ben", "BBBBBBBBBBB")
    page = visit(path, size, colours)
    page.get_by_text("nobody can open the archive any more").wait_for()
    check_accessibility(page)
    page.get_by_role("button", name="Make a recovery code" if path == "/settings" else "Make another code").click()
    check_accessibility(page)
    page.get_by_role("button", name="Make a new code").click()
    page.wait_for_selector(".sheet")
    check_accessibility(page)
    page.get_by_role("button", name="I have it").click()
    page.wait_for_selector(".code-field.group")
    check_accessibility(page)


def test_the_keyboard_reaches_all_controls_with_visible_focus(visit, recipients):
    recipients.add("Ben", "BBBBBBBBBBB")
    page = visit("/settings")
    page.get_by_role("button", name="Stop sealing for Ben").wait_for()
    page.evaluate("document.querySelector('.skip').focus()")
    assert count_tab_stops(page, 60) >= 12
