"""Fixtures of the end-to-end tests. They run a release build: `make test-end` sets up, builds and runs them."""

import shutil

import pytest
from playwright.sync_api import sync_playwright

from kit.demo import Demo
from kit.places import GUARDIAN, LOOPS, TOOLS
from kit.visitor import SIZES, Visitor, window
from kit.witness import Witness


@pytest.fixture(scope="session", autouse=True)
def built():
    for needed, remedy in ((GUARDIAN, "make build"), (TOOLS / "model" / "model.xml", "scripts/bootstrap test"), (LOOPS / "busy-10s.ts", "scripts/bootstrap test")):
        if not needed.exists():
            pytest.exit(f"{needed} is missing: run {remedy}", returncode=1)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A demo that runs as long as a module's tests: nobody may break it."""
    running = Demo(tmp_path_factory.mktemp("demo") / "state")
    try:
        yield running.until_up()
    finally:
        running.stop()


@pytest.fixture(scope="session")
def witness():
    return Witness()


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all: Playwright allows a process one at a time, and a second folder's own would be refused."""
    chromium = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
    if chromium is None:
        pytest.exit("Chromium is missing: run scripts/bootstrap test", returncode=1)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def visit(base, browser):
    """Opens a page as a visitor sees it; at the end nothing foreign may have been asked for and no error written."""
    visitors = []

    def begin(path="/", size="desk", colours="dark"):
        visitor = Visitor(window(browser, size, colours), base)
        visitors.append(visitor)
        visitor.open(path)
        return visitor

    yield begin
    for visitor in visitors:
        visitor.leave()


@pytest.fixture(params=SIZES)
def size(request):
    return request.param
