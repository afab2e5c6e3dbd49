"""The web UI in Chromium, against the shared demo."""

import pytest

from kit.site import PASSWORD, Site
from kit.visitor import Visitor, new_context


@pytest.fixture(scope="package")
def base(demo):
    """Returns the address of the edge."""
    return demo.base


@pytest.fixture
def new_site(tmp_path):
    """A recorder before its first run."""
    running = Site(tmp_path)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A recorder that the tests of a file share; Anna is its owner."""
    running = Site(tmp_path_factory.mktemp("site"))
    try:
        yield running.set_up()
    finally:
        running.stop()


@pytest.fixture
def visit_site(browser):
    """Opens pages of a recorder with logins, in a browser of their own. Browsers report each refused request as an error."""
    visitors = []

    def begin(site, path="/", size="desk", colours=None):
        visitor = Visitor(new_context(browser, size, colours), site.base, "Failed to load resource")
        visitors.append(visitor)
        visitor.open(path)
        return visitor

    yield begin
    for visitor in visitors:
        visitor.leave()


@pytest.fixture
def log_in(visit_site):
    """Opens a page and logs in there."""

    def begin(site, name="Anna", path="/", size="desk", colours=None):
        visitor = visit_site(site, path, size, colours)
        fill_in(visitor.page, name)
        visitor.page.wait_for_selector("guardian-app:not(.bare)")
        return visitor

    return begin


def fill_in(page, name, password=PASSWORD):
    """Fills in the login form and sends it."""
    form = page.locator("login-page form")
    form.get_by_label("Name", exact=True).fill(name)
    form.get_by_label("Password", exact=True).fill(password)
    form.get_by_role("button", name="Log in", exact=True).click()
