"""The page of a day: how the recorder and its cameras did, in words and charts."""

import re
import urllib.parse

import pytest
from playwright.sync_api import expect

from kit.api import moment
from kit.visitor import check_accessibility, count_tab_stops

DAY = "2026-11-24"
GIB = 1 << 30
# What chart has which values, as sines of no meaning: (metric, unit, kind, camera, mean, swing).
SERIES = [
    ("cpu_permille", "permille", "level", None, 300, 200), ("memory_used_bytes", "bytes", "level", None, 2 * GIB, GIB // 4),
    ("temperature_millidegrees", "millidegrees", "level", None, 52_000, 6_000), ("network_sent_bytes", "bytes", "increase", None, 2_500_000, 2_000_000),
    ("camera_bits_per_second", "bits_per_second", "level", "front", 2_000_000, 300_000),
]


def wave(index, mean, swing):
    return round(mean + swing * ((index % 16) / 8 - 1))


def telemetry(route):
    """96 quarters of an hour, of which six in the morning are missing: all of seven o'clock, and half of eight."""
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(route.request.url).query)
    points = {
        name: [[index * 900_000, 90, 90 * wave(index, mean, swing), wave(index, mean, swing) - swing // 4, wave(index, mean, swing) + swing // 4, wave(index, mean, swing)]
               for index in range(96) if not 28 <= index < 34] for name, _, _, _, mean, swing in SERIES}
    route.fulfill(json={"from": query["from"][0], "to": query["to"][0], "step": 900, "nextCursor": None, "items": [
        {"device": "0" * 64, "metric": name, "unit": unit, "kind": kind, "camera": camera, "cameraId": camera and "0190b0f0-7c00-7000-8000-000000000001", "points": points[name]}
        for name, unit, kind, camera, _, _ in SERIES]})


def report(route):
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(route.request.url).query)
    camera = {"reconnects": 2, "missingPackets": 17, "bitsPerSecond": 2_000_000, "cameraId": "0190b0f0-7c00-7000-8000-000000000001"}
    route.fulfill(json={
        "from": query["from"][0], "to": query["to"][0],
        "edges": [{"device": "0" * 64, "uptime": {"up": 82_800, "known": 82_800, "of": 86_400},
                   "cameras": [{"camera": "front", "uptime": {"up": 82_080, "known": 82_800, "of": 86_400}, **camera},
                               {"camera": "yard", "uptime": {"up": 82_800, "known": 82_800, "of": 86_400}, **camera, "reconnects": 0, "missingPackets": 0}],
                   "storage": {"usedBytes": 40 * GIB, "grownBytes": 3 * GIB, "freeBytes": 100 * GIB, "daysLeft": 33.3}}],
        "events": [{"label": "person", "total": 31, "hours": [0] * 7 + [3, 5, 2, 0, 1, 4] + [0] * 4 + [9, 7] + [0] * 5}],
        "incidents": [{"camera": "front", "cameraId": camera["cameraId"], "from": f"{DAY}T07:30:00.000Z", "to": f"{DAY}T07:42:00.000Z", "reason": "camera_lost", "text": "The camera does not answer."}],
        "incidentsOmitted": 3})


@pytest.fixture
def known_day(visit):
    """Opens the page of a day whose answers are known."""

    def begin(size="desk", colours=None):
        visitor = visit("/events", size, colours)
        visitor.page.route(re.compile(r"/api/v1/telemetry\?"), telemetry)
        visitor.page.route(re.compile(r"/api/v1/telemetry/report\?"), report)
        visitor.open(f"/report?day={DAY}")
        visitor.page.locator(".report-charts .chart").first.wait_for()
        return visitor.page

    return begin


def test_names_contrast_and_sizes(known_day, size, colours):
    page = known_day(size, colours)
    page.get_by_text("As a table").first.click()
    check_accessibility(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_day_is_told_in_words_and_charts(known_day):
    page = known_day()
    expect(page.locator(".report-sentence")).to_have_text(re.compile("sent no video for 12 min"))
    front = page.locator(".report-cameras li").first
    expect(front).to_contain_text("2 reconnections")
    expect(front).to_contain_text("17 packets missed")
    expect(front).to_contain_text("All but 12 min of the 23 h that were measured")
    expect(page.locator(".report-cameras li").nth(1)).to_contain_text("All of the 23 h that were measured")
    expect(page.locator(".report-storage")).to_contain_text("about 33 days")
    expect(page.get_by_role("region", name="Gaps")).to_contain_text("The camera does not answer")
    expect(page.get_by_role("region", name="Gaps")).to_contain_text("3 older ones")
    expect(page.locator(".visit-bars li")).to_have_count(24)
    charts = page.locator(".report-charts .chart")
    expect(charts).to_have_count(len(SERIES))
    expect(page.get_by_role("img", name=re.compile("^Processor: lowest 5 %, highest 52.5 %"))).to_be_visible()
    # The line is interrupted where nothing was measured.
    assert charts.first.locator("path.mean").get_attribute("d").count("M") == 2
    page.get_by_text("As a table").first.click()
    # 23 hours and the heads of the columns.
    expect(page.get_by_role("table", name="Processor by hour").get_by_role("row")).to_have_count(24)
    # An axis is round in the unit that is shown.
    sent = page.locator(".chart", has_text="Sent to the network")
    expect(sent.locator(".values span")).to_have_text(["4 Mbit/s", "2 Mbit/s", "0"])


def test_only_the_sentence_is_said(known_day):
    page = known_day()
    expect(page.get_by_role("status").filter(has_text="sent no video for 12 min")).to_have_count(1)
    assert page.locator("report-page [aria-live]").count() == 0


def test_a_day_to_come_is_today(known_day):
    page = known_day()
    page.get_by_label("Day", exact=True).wait_for()
    today = page.get_by_label("Day", exact=True).get_attribute("max")
    page.goto(page.url.replace(DAY, "2999-01-01"))
    expect(page.get_by_label("Day", exact=True)).to_have_value(today)
    expect(page.get_by_role("link", name="The day after")).to_have_attribute("aria-disabled", "true")


def test_days_are_in_the_address(known_day):
    page = known_day()
    page.get_by_role("link", name="The day before").click()
    page.wait_for_url("**/report?day=2026-11-23")
    page.get_by_label("Day", exact=True).fill("2026-11-20")
    page.wait_for_url("**/report?day=2026-11-20")
    page.go_back()
    page.wait_for_url("**/report?day=2026-11-23")
    expect(page.get_by_label("Day", exact=True)).to_have_value("2026-11-23")


def test_the_keyboard_reaches_all_controls_with_visible_focus(known_day):
    assert count_tab_stops(known_day(), 60) >= 10


def test_today_is_what_this_recorder_measured(visit, demo):
    page = visit("/system").page
    page.get_by_role("link", name="Report of the day").click()
    page.wait_for_url("**/report")
    expect(page.locator(".report-sentence")).not_to_be_empty(timeout=60_000)
    status = demo.edge.status()
    expect(page.locator(".report-cameras li")).to_have_count(len(status["cameras"]), timeout=60_000)
    expect(page.get_by_role("img", name=re.compile("^Memory in use: lowest"))).to_be_visible()
    answer = demo.edge.json("/api/v1/telemetry")
    assert moment(answer["from"]) < moment(answer["to"])
    expect(page.get_by_label("The day after")).to_have_attribute("aria-disabled", "true")


def test_a_failure_can_be_tried_again(visit):
    visitor = visit("/events")
    page, failing = visitor.page, [True]
    page.route(re.compile(r"/api/v1/telemetry/report\?"), lambda route: route.fulfill(status=503, json={"status": 503, "code": "unavailable", "detail": "The telemetry cannot be read."}) if failing else report(route))
    page.route(re.compile(r"/api/v1/telemetry\?"), telemetry)
    visitor.open(f"/report?day={DAY}")
    page.get_by_text("The telemetry cannot be read.").wait_for()
    failing.clear()
    page.get_by_role("button", name="Try again").click()
    page.locator(".report-charts .chart").first.wait_for()
    # The browser reports the expected 503 as an error.
    visitor.errors[:] = [error for error in visitor.errors if "503" not in error]
