"""Households of one node in the browser: the first account by its link, and whose accounts a login is about."""

import pytest
from playwright.sync_api import expect

from kit.node import Node, guardian, setup_link
from kit.site import PASSWORD
from kit.visitor import check_accessibility
from ui.conftest import fill_in


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    running = Node(tmp_path_factory.mktemp("households"))
    yield running
    running.process.kill()


def set_up(node, visit_site, household, size="desk", colours=None):
    """Adds a household and follows its setup link in a browser. Returns the visitor at the form, which is filled in."""
    assert node.run("tenant", "add", household).returncode == 0
    visitor = visit_site(node, "/setup" + setup_link(node.configuration, household).partition("/setup")[2], size, colours)
    page = visitor.page
    expect(page.locator(".door")).to_contain_text(f"the household {household}")
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    return visitor


def test_a_household_begins_with_its_link_and_is_known_at_the_next_login(node, visit_site, size, colours):
    household = f"miller-{size}-{colours}"
    visitor = set_up(node, visit_site, household, size, colours)
    page = visitor.page
    check_accessibility(page)
    page.get_by_role("button", name="Create the account").click()
    page.wait_for_selector("live-page")
    assert "#" not in page.url

    visitor.context.clear_cookies()
    visitor.open("/events")
    page.wait_for_selector("login-page form")
    expect(page.get_by_label("Household")).to_have_value(household)
    check_accessibility(page)
    page.get_by_label("Household").fill("nowhere")
    fill_in(page, "Ada")
    page.locator(".field-error:not([hidden])").wait_for()
    page.get_by_label("Household").fill(f" {household.upper()} ")
    fill_in(page, "Ada")
    page.wait_for_selector("events-page")


def test_a_link_for_another_device_is_of_the_household(node, visit_site):
    visitor = set_up(node, visit_site, "smith")
    page = visitor.page
    page.get_by_role("button", name="Create the account").click()
    page.wait_for_selector("live-page")
    ran = guardian("user", "link", "Ada", "--tenant", "smith", "--config", node.configuration)
    assert ran.returncode == 0, ran.stderr
    phone = visit_site(node, "/login" + ran.stdout.split()[0].partition("/login")[2], "phone")
    phone.page.wait_for_selector("live-page")
    phone.context.clear_cookies()
    phone.open("/login")
    expect(phone.page.get_by_label("Household")).to_have_value("smith")


def test_a_name_that_no_household_can_have_is_said_beside_the_field(node, visit_site):
    page = visit_site(node, "/login").page
    page.wait_for_selector("login-page form")
    page.get_by_label("Household").fill("No/name")
    fill_in(page, "Ada")
    page.locator(".field-error:not([hidden])").wait_for()
    expect(page.locator(".field-error:not([hidden])")).to_contain_text("household")


def test_operators_see_how_households_are(node, visit_site, size, colours):
    """Their first account is made once; later visits log in."""
    names = node.run("tenant", "list", "--json").stdout
    if '"name":"brown"' not in names:
        assert node.run("tenant", "add", "brown").returncode == 0
    ran = guardian("user", "setup-link", "--tenant", "operators", "--config", node.configuration)
    if ran.returncode == 0:
        page = visit_site(node, "/setup" + ran.stdout.split()[0].partition("/setup")[2], size, colours).page
        page.get_by_label("Your name").fill("Olga")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Create the account").click()
    else:
        page = visit_site(node, "/login", size, colours).page
        page.get_by_label("Household").fill("operators")
        fill_in(page, "Olga")
    page.wait_for_selector("tenants-page")
    card = page.get_by_role("region", name="brown", exact=True)
    expect(card).to_contain_text("No recorder yet")
    page.get_by_role("region", name="home", exact=True).wait_for()
    check_accessibility(page)
    assert page.get_by_role("link", name="Events").count() == page.get_by_role("link", name="Live", exact=True).count() == 0
    page.get_by_role("button", name="Account").click()
    page.locator("#account-menu").get_by_role("link", name="People and access").click()
    page.locator("people-page h2").first.wait_for()
