"""The web UI in Chromium, against the shared demo, or against the edge that GUARDIAN_URL names."""

import os

import pytest

from kit import site as sites
from kit.places import GUARDIAN
from kit.visitor import Visitor, new_context

URL = os.environ.get("GUARDIAN_URL", "").rstrip("/")


@pytest.fixture(scope="session", autouse=True)
def built():
    if not URL and not GUARDIAN.exists():
        pytest.exit(f"{GUARDIAN} is missing: run make build", returncode=1)


if URL:

    @pytest.fixture(scope="package")
    def base():
        """Returns the address of the edge."""
        return URL

else:

    @pytest.fixture(scope="package")
    def base(demo):
        """Returns the address of the edge."""
        return demo.base


@pytest.fixture
def new_site():
    """A recorder with logins before its first run."""
    if not sites.COMMAND:
        pytest.skip("GUARDIAN_SITE names no command that starts a recorder with logins")
    running = sites.Site()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def site():
    """A recorder with logins, shared by the tests of a file; Anna is its owner."""
    if not sites.COMMAND:
        pytest.skip("GUARDIAN_SITE names no command that starts a recorder with logins")
    running = sites.Site()
    try:
        yield running.set_up()
    finally:
        running.stop()


@pytest.fixture
def visit_site(browser):
    """Opens pages of a recorder with logins, in a browser of their own. Browsers report each refused request as an error."""
    visitors = []

    def begin(site, path="/", size="desk", colours="dark"):
        visitor = Visitor(new_context(browser, size, colours, ignore_https_errors=True), site.base, "Failed to load resource")
        visitors.append(visitor)
        visitor.open(path)
        return visitor

    yield begin
    for visitor in visitors:
        visitor.leave()


@pytest.fixture
def log_in(visit_site):
    """Opens a page and logs in there."""

    def begin(site, name="Anna", path="/", size="desk", colours="dark"):
        visitor = visit_site(site, path, size, colours)
        fill_in(visitor.page, name)
        visitor.page.wait_for_selector("guardian-app:not(.bare)")
        return visitor

    return begin


def fill_in(page, name, password=sites.PASSWORD):
    """Fills in the login form and sends it."""
    form = page.locator("login-page form")
    form.get_by_label("Name", exact=True).fill(name)
    form.get_by_label("Password", exact=True).fill(password)
    form.get_by_role("button", name="Log in", exact=True).click()
