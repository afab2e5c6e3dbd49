"""The archive's pages, with a stub of the archive's API."""

import hashlib
import os
import pathlib
import re
import uuid

import pytest
from playwright.sync_api import expect

from archive.conftest import plays, unlock
from archive.film import film, part
from archive.sealer import Owner, b64, interrupt, seal
from archive.stub import CAMERAS, STATUS, Archive, at, level
from archive.wire import STORED, leaks
from kit.visitor import GUARD, SIZES, check_accessibility, count_tab_stops

pytestmark = pytest.mark.parallel


@pytest.fixture
def archive(site):
    return Archive(site)


def parts_of(film, owner, count=1):
    """Seals `count` parts of a clip. Returns (clip id, sealed parts)."""
    clip, previous, sealed = uuid.uuid4(), b"", []
    for number in range(count):
        sealed.append(seal(film, [(owner, "X-Wing")], part=number, previous=previous, clip=clip))
        previous = sealed[-1].bind
    return clip, sealed


def test_usage_is_shown_and_a_remedy_from_80_percent(visit, archive, owner):
    archive.add([bytes(3_200_000)], owner)
    archive.usage["all"] = level(79 * 10**9, 10**11, 40)
    page = visit("/archive")
    page.wait_for_selector(".archive-usage:not([hidden])")
    meter = page.locator(".archive-usage [role=meter]")
    expect(meter).to_have_attribute("aria-valuenow", "79")
    expect(page.locator(".usage-remedy")).to_be_hidden()
    archive.usage["all"] = level(80 * 10**9, 10**11, 41)
    archive.usage["cameras"] = [{"camera": "yard", "cameraId": CAMERAS[1]["cameraId"], "level": level(9 * 10**9, 10**10)}]
    page.reload()
    page.wait_for_selector(".archive-usage.warn")
    expect(page.locator(".usage-detail").first).to_contain_text("The archive is 80 % full")
    expect(page.locator(".usage-remedy")).to_contain_text("archive.quota")
    archive.usage["all"] = level(10**9, 10**11, 41)
    page.reload()
    page.wait_for_selector(".archive-usage.warn")
    expect(page.locator(".usage-detail").first).to_contain_text("Yard has used 90 % of its room")
    # With `removeOldest` a full archive is no problem, unless held clips fill it.
    archive.usage.update(all=level(99 * 10**9, 10**11, 41), whenFull="removeOldest", cameras=[])
    page.reload()
    page.wait_for_selector(".archive-usage.well")
    expect(page.locator(".usage-remedy")).to_be_hidden()
    archive.usage.update(heldClips=30, heldBytes=90 * 10**9)
    page.reload()
    page.wait_for_selector(".archive-usage.warn")
    expect(page.locator(".usage-remedy")).to_contain_text("Release clips")
    archive.usage.update(whenFull="refuse", heldClips=0, heldBytes=0, refused={"clips": 2, "reason": "This camera's archive is full."})
    page.reload()
    page.wait_for_selector(".archive-usage.bad")
    expect(page.locator(".usage-detail").first).to_contain_text("2 clips had no room. This camera's archive is full.")
    expect(page.locator(".usage-remedy")).to_contain_text("archived automatically once there is room")
    page.goto(page.url.replace("/archive", "/system"))
    card = page.locator(".system-card[aria-label=Archive]")
    expect(card).to_contain_text("2 clips had no room")
    page.goto(page.url.replace("/system", "/archive"))
    page.wait_for_selector(".archive-usage.bad")
    expect(page.locator(".archive-problems")).to_be_hidden()
    archive.usage.update(refused={"clips": 0, "reason": None}, problems=["The bucket guardian is another archive's. Uploads wait."])
    page.reload()
    page.wait_for_selector(".archive-usage.bad .archive-problems:not([hidden])")
    expect(page.locator(".archive-problems li")).to_have_text("The bucket guardian is another archive's. Uploads wait.")
    page.goto(page.url.replace("/archive", "/system"))
    expect(card).to_contain_text("is another archive's")


def test_a_clip_can_be_held_and_released(visit, archive, owner):
    item = archive.add([bytes(3_200_000)], owner, missing=(0,))
    page = visit(f"/archive/{item['clipId']}")
    button = page.locator(".hold button")
    button.wait_for()
    button.click()
    page.wait_for_selector(".hold.held button")
    assert item["held"]
    page.goto(page.url.rpartition("/")[0])
    expect(page.locator("a.archive-row")).to_contain_text("Held")
    page.click("a.archive-row")
    page.wait_for_selector(".hold.held button")
    page.click(".hold button")
    page.wait_for_selector(".hold:not(.held) button")
    expect(button).to_contain_text("Hold this clip")
    assert not item["held"]


def test_the_list_shows_each_clip_and_its_status(visit, archive, owner):
    archive.add([bytes(3_200_000)], owner, duration=22_000, events=["a"])
    archive.add([bytes(10), bytes(10)], owner, status="interrupted", camera="yard", duration=9000)
    archive.add([], owner, status="refused", reason="over the camera's quota of 40 GB", started=at(days=2), content=None)
    page = visit("/archive")
    expect(page.locator("a.archive-row")).to_have_count(3)
    rows = page.locator("a.archive-row").all_inner_texts()
    assert [re.search("Stored|Ends early|Refused", row)[0] for row in rows] == ["Stored", "Ends early", "Refused"]
    assert "Front door" in rows[0] and "22 s" in rows[0] and "3.2 MB" in rows[0] and "1 event" in rows[0]
    assert "Yard" in rows[1] and "2 parts" in rows[1] and "stopped sending at" in rows[1]
    assert "Over the camera's quota of 40 GB." in rows[2]


def test_filters_narrow_the_list_and_are_kept_in_the_url(visit, archive, owner):
    archive.add([b"x"], owner)
    archive.add([b"x"], owner, camera="yard", status="interrupted")
    page = visit("/archive")
    page.wait_for_selector("a.archive-row")
    page.get_by_role("button", name="Status: Any status").click()
    page.get_by_role("option", name="Ends early").click()
    page.wait_for_function("() => document.querySelectorAll('a.archive-row').length === 1 && document.querySelector('a.archive-row').textContent.includes('Yard')")
    expect(page).to_have_url(re.compile(r"/archive\?status=interrupted$"))
    page.reload()
    page.wait_for_function("() => document.querySelectorAll('a.archive-row').length === 1")
    page.get_by_role("button", name="Camera: All cameras").click()
    page.get_by_role("option", name="Front door").click()
    page.wait_for_selector("text=No archived clip matches")
    page.get_by_role("button", name="Show all clips").click()
    page.wait_for_function("() => document.querySelectorAll('a.archive-row').length === 2")


def test_a_long_list_loads_page_by_page(visit, archive, owner):
    for number in range(120):
        archive.add([b"x"], owner, started=at(hours=number))
    page = visit("/archive")
    page.wait_for_selector("a.archive-row")
    while (before := page.locator("a.archive-row").count()) < 120:
        page.mouse.wheel(0, 20_000)
        page.wait_for_function("(before) => document.querySelectorAll('a.archive-row').length > before", arg=before)
    expect(page.locator("text=This is the oldest clip")).to_have_count(1)
    expect(page.locator("a.archive-row strong")).to_have_count(120)


def test_an_empty_archive_leads_to_the_recovery_code(visit, archive):
    page = visit("/archive")
    page.get_by_role("link", name="Make a recovery code").click()
    page.wait_for_selector("text=Make a new code")


def test_without_an_archive_the_page_says_so(visit, archive, site):
    site.answers["/api/v1/archive"] = (404, {"status": 404, "code": "not_found", "detail": "There is no such address."})
    page = visit("/archive")
    page.wait_for_selector("text=There is no archive here")


@pytest.mark.parametrize(("state", "title", "has_link"), [("stored", "Sealed in your archive", True), ("interrupted", "In your archive, cut short", True), ("refused", "Not in your archive", False), ("waiting", "On its way into your archive", False)])
def test_an_event_shows_its_archive_state(visit, archive, site, owner, short, state, title, has_link):
    clip, sealed = parts_of(short, owner)
    archive.add([each.bytes for each in sealed], owner, clip=clip)
    event = {
        "id": str(uuid.uuid4()), "camera": "front", "cameraId": str(uuid.uuid4()), "label": "person", "state": "closed", "confidence": 0.9, "box": {"x": 0.4, "y": 0.4, "width": 0.1, "height": 0.2},
        "startedAt": at(minutes=5), "endedAt": at(minutes=4), "path": [], "snapshot": None, "previous": None, "next": None, "delivery": {"state": "delivered", "attempts": 1, "acknowledgedAt": at(minutes=4), "firstAcknowledgedAt": at(minutes=5)},
        "clips": [{"id": str(clip), "startedAt": at(minutes=5), "from": 0, "to": 5000, "preRollShort": False, "state": "complete", "size": len(short), "duration": 6000, "sha256": None, "contentType": "video/mp4", "url": "/clip.mp4"}],
        "archive": {"state": state, "objectKey": None},
    }
    site.answers[f"/api/v1/events/{event['id']}"] = (200, event)
    site.answers["/clip.mp4"] = short
    page = visit(f"/events/{event['id']}")
    page.wait_for_selector(f".proofs li:has-text('{title}')")
    expect(page.locator(".proofs a")).to_have_count(int(has_link))
    if has_link:
        page.locator(".proofs a").click()
        page.wait_for_selector(".unlock")


def test_one_code_opens_all_clips_until_the_archive_is_locked(visit, archive, owner, short):
    items = []
    for _ in range(2):
        clip, sealed = parts_of(short, owner)
        items.append(archive.add([each.bytes for each in sealed], owner, clip=clip, duration=6000))
    page = visit(f"/archive/{items[0]['clipId']}")
    unlock(page, owner.code[:-1] + ("0" if owner.code[-1] != "0" else "1"))
    page.wait_for_selector("text=mistyped")
    unlock(page, Owner().code)
    page.wait_for_selector("text=sealed to another one")
    unlock(page, owner.code.lower().replace("-", " "))
    plays(page)
    page.wait_for_selector("text=The clip opens")
    page.get_by_role("link", name="Archive").first.click()
    page.locator(f"a[href='/archive/{items[1]['clipId']}']").click()
    plays(page)
    page.get_by_role("button", name="Lock").click()
    page.wait_for_selector(".unlock")
    expect(page.locator("#recovery-code")).to_have_value("")
    expect(page.locator("video")).to_have_count(0)
    page.reload()
    page.wait_for_selector(".unlock")


def test_nothing_secret_leaves_the_page_or_is_kept_in_it(visit, archive, site, owner, short):
    clip, sealed = parts_of(short, owner, 2)
    item = archive.add([each.bytes for each in sealed], owner, clip=clip)
    page = visit(f"/archive/{clip}")
    unlock(page, Owner().code)
    page.wait_for_selector("text=sealed to another one")
    unlock(page, owner.code)
    plays(page)
    page.locator(".place-range").fill("8")
    page.wait_for_function("() => document.querySelector('video').currentTime > 7.9")
    with page.expect_download():
        page.get_by_role("button", name="Save as mp4").click()
    stored = page.evaluate(STORED).encode()
    page.get_by_role("button", name="Lock").click()
    page.wait_for_selector(".unlock")
    received = b"\n".join(field if isinstance(field, bytes) else repr(field).encode() for request in site.requests for field in request)
    assert str(clip).encode() in received and len(page.context.recorder.pieces) > 100
    assert all(method == "GET" and body == b"" for method, _, _, body in site.requests)
    keys = [each.clip_key for each in sealed]
    assert leaks(received, owner, *keys) == leaks(page.context.recorder.bytes, owner, *keys) == leaks(stored, owner, *keys) == []
    assert b"database" not in stored and b"cache" not in stored
    assert page.evaluate("() => document.documentElement.outerHTML").find(owner.code) < 0
    assert item["clipId"] == str(clip)


def test_the_search_for_leaks_finds_planted_secrets():
    owner = Owner()
    assert leaks(b"..." + owner.code.encode(), owner) == ["code", "pieces of the code"]
    assert leaks(b64(b"ab" + owner.secret + b"xyz").encode(), owner) == ["secret"]
    assert "X25519 key" in leaks(b"key=" + owner.raw_plain.hex().encode(), owner)


def test_it_saves_exactly_the_bytes_that_were_sealed(visit, archive, owner, short):
    clip, sealed = parts_of(short, owner)
    archive.add([each.bytes for each in sealed], owner, clip=clip, started="2026-11-20T10:20:30.000Z")
    page = visit(f"/archive/{clip}")
    unlock(page, owner.code)
    plays(page)
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save as mp4").click()
    assert saving.value.suggested_filename == "front-2026-11-20T10-20-30.mp4"
    assert pathlib.Path(saving.value.path()).read_bytes() == short


def test_an_interrupted_clip_says_until_when(visit, archive, owner, short):
    clip, [sealed] = parts_of(short, owner)
    archive.add([interrupt(sealed, len(sealed.bytes) // 4096 // 2)], owner, clip=clip, status="interrupted", started="2026-11-20T10:20:30.000Z")
    page = visit(f"/archive/{clip}")
    unlock(page, owner.code)
    plays(page)
    page.wait_for_function("() => /It ends after [23] s, at/.test(document.querySelector('.clip-aside').textContent)")
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save as mp4").click()
    assert saving.value.suggested_filename == "front-2026-11-20T10-20-30-interrupted.mp4"
    saved = pathlib.Path(saving.value.path()).read_bytes()
    assert 0 < len(saved) < len(short) and short.startswith(saved)


def test_a_clip_that_is_being_uploaded_is_not_shown_as_interrupted(visit, archive, owner, short):
    clip, [sealed] = parts_of(short, owner)
    archive.add([interrupt(sealed, len(sealed.bytes) // 4096 // 2)], owner, clip=clip, status="uploading")
    page = visit(f"/archive/{clip}")
    unlock(page, owner.code)
    plays(page)
    page.wait_for_selector("text=The clip is still being uploaded")
    assert "ends early" not in page.inner_text(".clip-aside")


def test_parts_play_as_one_and_a_missing_or_replaced_part_is_reported(visit, archive, site, owner, short):
    clip, sealed = parts_of(short, owner, 3)
    archive.add([each.bytes for each in sealed], owner, clip=clip)
    page = visit(f"/archive/{clip}")
    unlock(page, owner.code)
    plays(page)
    page.wait_for_function("() => document.querySelector('.counter').textContent.endsWith('0:18')")
    expect(page.locator("text=Part 3 opens")).to_have_count(1)

    other = seal(short, [(owner, "X-Wing")], part=1, previous=os.urandom(32), clip=clip)
    archive.add([sealed[0].bytes, other.bytes, sealed[2].bytes], owner, clip=clip)
    page = visit(f"/archive/{clip}")
    unlock(page, owner.code)
    page.wait_for_selector("text=Part 2 is not whole")
    page.wait_for_selector("text=one between them is missing, or one was replaced")

    archive.add([sealed[0].bytes, sealed[2].bytes], owner, clip=clip)
    page = visit(f"/archive/{clip}")
    unlock(page, owner.code)
    page.wait_for_selector("text=This is another clip, or another part of it")
    plays(page)


@pytest.mark.parametrize(("first", "words"), [(4, "nothing is missing"), (6, "nothing is missing"), (9, "3 s between them are missing")], ids=["overlap", "seam", "gap"])
def test_a_continuation_plays_at_its_own_time_in_the_clip(visit, archive, owner, first, words):
    """A continuation may repeat fragments that the edge did not know to be stored."""
    long, clip = film(14, keyframe=1), uuid.uuid4()
    one = seal(part(long, 0, 6) + b"and an incomplete fragment", [(owner, "X-Wing")], clip=clip)
    two = seal(part(long, first), [(owner, "X-Wing")], clip=clip, part=1, previous=one.bind)
    archive.add([interrupt(one, (len(one.bytes) - one.body) // 4096), two.bytes], owner, clip=clip)
    page = visit(f"/archive/{clip}")
    unlock(page, owner.code)
    plays(page)
    page.wait_for_function("() => document.querySelector('.counter').textContent.endsWith('0:14')")
    page.wait_for_selector(f"text={words}")
    page.locator(".place-range").fill("4.5")
    page.wait_for_function("() => document.querySelector('video').currentTime > 9.2" if first == 9 else "() => document.querySelector('video').currentTime > 7")


@pytest.mark.parametrize(
    "uplink, rows",
    [
        ({"leaving": 2, "waiting": 14, "limit": 4_000_000, "waitsUntil": "18:00"}, ["2 clips", "14 clips · until 18:00", "4 Mbit/s at most"]),
        ({"leaving": 0, "waiting": 0}, ["none", "none", "no limit"]),
        ({"configured": False}, ["no key set up"]),
    ],
)
def test_the_system_page_shows_uploads_and_backlog(visit, archive, uplink, rows):
    archive.site.answers["/api/v1/status"] = (200, {**STATUS, "archive": {**STATUS["archive"], **uplink}})
    page = visit("/system")
    card = page.locator("section.system-card[aria-label='Archive']")
    for place, text in enumerate(rows):
        expect(card.locator("dd").nth(place)).to_have_text(text)


def test_a_missing_object_is_reported_before_the_code_is_asked_for(visit, archive, owner, short):
    clip, sealed = parts_of(short, owner)
    archive.add([each.bytes for each in sealed], owner, clip=clip, missing=(0,), events=["e"])
    page = visit(f"/archive/{clip}")
    page.wait_for_selector("text=The sealed file is not there")
    page.wait_for_selector("text=see its event")
    assert page.locator(".unlock").count() == 0


def test_a_missing_part_is_reported_and_the_others_play(visit, archive, owner, short):
    clip, sealed = parts_of(short, owner, 2)
    archive.add([each.bytes for each in sealed], owner, clip=clip, missing=(1,))
    page = visit(f"/archive/{clip}")
    unlock(page, owner.code)
    plays(page)
    page.wait_for_selector("text=Part 2 is not whole")
    page.wait_for_selector("text=not in the store any more")


def test_a_damaged_clip_plays_up_to_the_damage_and_is_not_saved(visit, archive, owner, short):
    clip, [sealed] = parts_of(short, owner)
    damaged = bytearray(sealed.bytes)
    damaged[-6000] ^= 1
    archive.add([bytes(damaged)], owner, clip=clip)
    page = visit(f"/archive/{clip}")
    unlock(page, owner.code)
    plays(page)
    page.wait_for_selector(".stage-message:has-text('damaged')")
    page.get_by_role("button", name="Save as mp4").click()
    page.wait_for_selector(".stage-message:has-text('Not saved')")


def test_a_clip_that_is_not_stored_asks_for_no_code(visit, archive, owner):
    item = archive.add([], owner, status="refused", reason="over the camera's quota of 40 GB")
    page = visit(f"/archive/{item['clipId']}")
    page.wait_for_selector("text=Over the camera's quota of 40 GB.")
    assert page.locator(".unlock").count() == 0
    page.goto(page.url.rsplit("/", 1)[0] + "/" + str(uuid.uuid4()))
    page.wait_for_selector("text=This clip is not in the archive")


def test_the_list_shows_snapshots_while_it_is_unlocked(visit, archive, site, owner, short, browser):
    other = browser.new_page(viewport={"width": 64, "height": 36})
    jpeg = other.screenshot(type="jpeg", timeout=GUARD)
    other.close()
    clips = []
    for number in range(3):
        clip, sealed = parts_of(short, owner)
        event = str(uuid.uuid4())
        clips.append(archive.add([each.bytes for each in sealed], owner, clip=clip, events=[event]))
        # The second event has no snapshot. That of the third belongs to another event.
        if number != 1:
            subject = event if number == 0 else str(uuid.uuid4())
            site.answers[f"/api/v1/archive/events/{event}/snapshot"] = seal(jpeg, [(owner, "X-Wing")], clip=subject, content="image/jpeg").bytes
    page = visit("/archive")
    page.wait_for_selector("a.archive-row")
    assert not [path for _, path, *_ in site.requests if "/snapshot" in path]
    page.locator(f"a[href='/archive/{clips[1]['clipId']}']").click()
    unlock(page, owner.code)
    plays(page)
    page.get_by_role("link", name="Archive").first.click()
    shown = f"a[href='/archive/{clips[0]['clipId']}'] img"
    page.wait_for_function("(shown) => document.querySelector(shown)?.naturalWidth === 64", arg=shown)
    page.wait_for_function("() => performance.getEntriesByType('resource').filter((entry) => entry.name.includes('/snapshot')).length >= 3")
    assert page.locator("a.archive-row img").count() == 1
    page.get_by_role("button", name="Lock").click()
    page.wait_for_function("() => document.querySelectorAll('a.archive-row img').length === 0 && document.querySelectorAll('a.archive-row .row-mark svg').length === 3")


def test_a_refused_clip_shows_its_snapshot(visit, archive, site, owner, browser):
    other = browser.new_page(viewport={"width": 64, "height": 48})
    jpeg = other.screenshot(type="jpeg", timeout=GUARD)
    other.close()
    event = str(uuid.uuid4())
    item = archive.add([], owner, status="refused", reason="The archive is full.", events=[event])
    item["pictures"] = [event]
    site.answers[f"/api/v1/archive/events/{event}/snapshot"] = seal(jpeg, [(owner, "X-Wing")], clip=event, content="image/jpeg").bytes
    page = visit(f"/archive/{item['clipId']}")
    page.wait_for_selector("text=The archive is full.")
    unlock(page, Owner().code)
    page.wait_for_selector(".code-said:has-text('another')")
    unlock(page, owner.code)
    page.wait_for_function("() => document.querySelector('.sealed-still')?.naturalWidth === 64")
    expect(page.locator(".unlock")).to_have_count(0)
    expect(page.locator("text=The archive is full.").first).to_be_visible()
    page.get_by_role("button", name="Lock").click()
    page.wait_for_function("() => !document.querySelector('.sealed-still') && document.querySelector('.unlock')")


def test_a_sealed_snapshot_is_shown(visit, archive, owner, browser):
    other = browser.new_page(viewport={"width": 64, "height": 48})
    jpeg = other.screenshot(type="jpeg", timeout=GUARD)
    other.close()
    event = uuid.uuid4()
    sealed = seal(jpeg, [(owner, "X-Wing")], clip=event, content="image/jpeg")
    archive.add([sealed.bytes], owner, clip=event, content="image/jpeg")
    page = visit(f"/archive/{event}")
    unlock(page, owner.code)
    page.wait_for_function("() => document.querySelector('.sealed-still')?.naturalWidth === 64")


def test_a_new_code_is_shown_once_confirmed_and_yields_its_recipients(visit, site, archive):
    page = visit("/archive/keys")
    page.get_by_role("button", name="Make a new code").click()
    page.wait_for_selector(".sheet")
    groups = page.locator(".code-groups span").all_inner_texts()
    page.get_by_role("button", name="I have it").click()
    fields = page.locator(".code-field.group")
    expect(fields).to_have_count(2)
    expect(page.locator(".sheet")).to_have_count(0)
    chosen = [int(field.get_attribute("id").split("-")[1]) for field in fields.all()]
    fields.nth(0).fill(groups[chosen[0]])
    fields.nth(1).fill("0000" if groups[chosen[1]] != "0000" else "1111")
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_selector(f"text=Group {chosen[1] + 1} does not match")
    fields.nth(1).fill(groups[chosen[1]].lower())
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_selector(".recipient")
    page.locator("summary").click()

    number = 0
    for digit in "".join(groups):
        number = number * 32 + "0123456789ABCDEFGHJKMNPQRSTVWXYZ".index(digit)
    owner = Owner(number.to_bytes(35, "big")[:32])
    assert owner.code == "-".join(groups)
    expect(page.locator(".recipient")).to_have_count(2)
    lines = page.locator(".recipient").all_inner_texts()
    for line, kem in zip(lines, ("X-Wing", "X25519"), strict=True):
        key = owner.public(kem)
        assert line == f"guardian-recipient:{kem}:{b64(hashlib.sha256(key).digest()[:8])}:{b64(key)}"
    html = page.evaluate("document.documentElement.outerHTML").encode()
    recorded = b"\n".join(repr(request).encode() for request in site.requests) + page.context.recorder.bytes + page.evaluate(STORED).encode() + html
    assert leaks(recorded, owner) == []

    page.goto(site.base + "/archive/keys")
    page.fill("#known-code", owner.code)
    page.get_by_role("button", name="Show its recipient").click()
    expect(page.locator(".recipient").first).to_have_text(lines[0])


@pytest.mark.parametrize("colours", ["dark", "light"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["list", "locked", "open", "keys", "sheet"])
def test_names_contrast_and_sizes(visit, archive, owner, short, name, size, colours):
    clip, sealed = parts_of(short, owner)
    archive.add([each.bytes for each in sealed], owner, clip=clip, duration=6000, events=["e"])
    archive.add([interrupt(sealed[0], 3)], owner, status="interrupted")
    archive.add([], owner, status="refused", reason="over quota")
    page = visit({"list": "/archive", "keys": "/archive/keys", "sheet": "/archive/keys"}.get(name, f"/archive/{clip}"), size, colours)
    if name == "open":
        unlock(page, owner.code)
        plays(page)
    if name == "sheet":
        page.get_by_role("button", name="Make a new code").click()
    page.wait_for_selector({"list": "a.archive-row", "locked": ".unlock", "open": ".sealed-controls", "keys": ".keys-step", "sheet": ".sheet"}[name])
    check_accessibility(page)


def test_what_is_empty_or_not_there_and_the_line_of_a_code(visit, archive, site, owner, size, colours):
    page = visit("/archive", size, colours)
    page.get_by_text("Nothing is archived yet").wait_for()
    check_accessibility(page)
    page.goto(site.base + "/nowhere")
    page.get_by_role("heading", name="Page not found", level=1).wait_for()
    check_accessibility(page)
    page.goto(site.base + "/archive/keys")
    page.fill("#known-code", owner.code)
    page.get_by_role("button", name="Show its recipient").click()
    page.get_by_text("For browsers without ML-KEM").click()
    page.locator(".recipient").nth(1).wait_for()
    check_accessibility(page)


@pytest.mark.parametrize("name", ["list", "locked", "open", "keys"])
def test_the_keyboard_reaches_all_controls_with_visible_focus(visit, archive, owner, short, name):
    clip, sealed = parts_of(short, owner)
    archive.add([each.bytes for each in sealed], owner, clip=clip)
    page = visit({"list": "/archive", "keys": "/archive/keys"}.get(name, f"/archive/{clip}"))
    if name == "open":
        unlock(page, owner.code)
        plays(page)
    page.wait_for_selector({"list": "a.archive-row", "locked": ".unlock", "open": ".sealed-controls", "keys": ".keys-step"}[name])
    page.evaluate("document.querySelector('.skip').focus()")
    assert count_tab_stops(page, 60) >= 8
