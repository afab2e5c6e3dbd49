"""The pages that the node serves, for people who are not at home: what the recorder sends passes through while they look."""

import pytest

from kit.visitor import check_accessibility
from kit.waiting import until
from ui.test_live import wait_until_all_play

ROOMS = {
    "live": ("/", ".tile .open"), "events": ("/events", ".days .event-card"), "system": ("/system", ".system-card"),
    "report": ("/report", ".report-sentence"), "archive": ("/archive", ".archive-row:not(.bones *)"), "people": ("/people", "people-page h2"),
}


@pytest.fixture(scope="module")
def base(demo):
    """Returns the address of the node."""
    cameras = len(demo.edge.json("/api/v1/cameras")["items"])
    until(lambda: len(demo.node.json("/api/v1/cameras")["items"]) == cameras, 60, "the node knows the cameras")
    until(lambda: [each for each in demo.node.events() if each["clips"] and each["snapshot"]], 180, "the node has an event with a clip")
    return demo.node.base


@pytest.mark.parametrize("room", ROOMS)
def test_every_page_is_complete_and_accessible(visit, room, size, colours):
    address, content = ROOMS[room]
    page = visit(address, size, colours).page
    page.locator(content).first.wait_for()
    page.wait_for_function("() => !document.querySelector('.verdict-bone')")
    check_accessibility(page)


def test_cameras_play_live_under_their_names(visit, demo, size):
    page = visit("/", size).page
    cameras = demo.edge.json("/api/v1/cameras")["items"]
    assert set(wait_until_all_play(page)) == {each["id"] for each in cameras}
    assert {each.inner_text() for each in page.locator(".tile .name").all()} == {each["name"] for each in cameras}


def test_an_event_plays_and_says_what_is_proved(visit, demo):
    event = next(each for each in demo.node.events() if each["snapshot"] and each["clips"])
    page = visit(f"/events/{event['id']}").page
    page.wait_for_function("() => { const video = document.querySelector('event-page video'); return video && video.readyState >= 2 && video.currentTime > 0; }")
    name = next(each["name"] for each in demo.edge.json("/api/v1/cameras")["items"] if each["id"] == event["camera"])
    assert page.locator("h1").inner_text() == f"Person at {name}"
    page.get_by_text("Checked by the node when it arrived").wait_for()
    assert page.get_by_role("button", name="Keep this").count() == 0


def test_the_system_page_has_the_recorders_and_the_archive(visit):
    page = visit("/system").page
    card = page.get_by_role("region", name="Recorder", exact=True)
    card.get_by_text("signatures checked").wait_for()
    page.get_by_role("region", name="Archive", exact=True).wait_for()
    assert page.get_by_role("link", name="Manage cameras").count() == 0


def test_there_is_no_way_to_what_only_a_recorder_can_do(visit, demo):
    page = visit("/archive").page
    page.get_by_role("button", name="Account").click()
    menu = page.locator("#account-menu")
    menu.get_by_role("link", name="People and access").wait_for()
    assert menu.get_by_role("link", name="Settings").count() == menu.get_by_role("link", name="Cameras").count() == 0
    assert page.get_by_role("link", name="Keys").count() == 0
    assert demo.node.get("/settings").status_code == 404
