"""Fixtures of the end-to-end tests. They run a release build: `make test-end` sets up, builds and runs them."""

import pytest
from playwright.sync_api import sync_playwright

from kit import film
from kit.api import API
from kit.browser import executable
from kit.demo import Demo
from kit.places import GUARDIAN, LOOPS, TOOLS
from kit.scheduling import group
from kit.visitor import LOOKS, SIZES, Visitor, log_in, new_context
from kit.witness import Witness


@pytest.fixture(scope="session", autouse=True)
def built():
    for needed, remedy in ((GUARDIAN, "make build"), (TOOLS / "model" / "model.xml", "scripts/bootstrap test"), (LOOPS / "busy-10s.ts", "scripts/bootstrap test")):
        if not needed.exists():
            pytest.exit(f"{needed} is missing: run {remedy}", returncode=1)


def pytest_xdist_make_scheduler(config, log):
    from kit.scheduling import SharedProcesses

    return SharedProcesses(config, log)


def pytest_collection_modifyitems(items):
    """Orders the tests by the processes that they share, so that no more of these run than are needed: first tests that start
    their own, then those of `minute_demo`, last those of the demo that keeps running."""
    items.sort(key=lambda item: ("minute_demo" in item.fixturenames) + 2 * ("demo" in item.fixturenames))


shared_demo = pytest.StashKey[Demo]()
last_user_of_demo = pytest.StashKey[str | None]()


def pytest_collection_finish(session):
    # One worker runs all of them, in this order (kit/scheduling.py).
    users = [item.nodeid for item in session.items if "demo" in item.fixturenames]
    session.config.stash[last_user_of_demo] = users[-1] if users else None
    strays = {user.partition("::")[0] for user in users if group(user) != "demo"}
    # Another worker would stop the demo after what it takes for the last test.
    assert not strays, f"name the group of {strays} in kit/scheduling.py"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item):
    """Stops the shared demo after its last test: a worker's session goes on for minutes."""
    result = yield
    if item.nodeid == item.config.stash[last_user_of_demo] and shared_demo in item.config.stash:
        item.config.stash[shared_demo].stop()
        del item.config.stash[shared_demo]
    return result


@pytest.fixture(scope="session")
def demo(tmp_path_factory, pytestconfig):
    """A demo, shared by all tests that do not change its state. Its two cameras already take a quarter of a core."""
    running = Demo(tmp_path_factory.mktemp("demo") / "state")
    pytestconfig.stash[shared_demo] = running
    try:
        yield running.until_up(240)
    finally:
        if shared_demo in pytestconfig.stash:
            running.stop()


class MinuteDemo:
    """A demo that ends by itself after three quarters of a minute. Tests examine it while it runs, and its state folder afterwards."""

    def __init__(self, state):
        self.state = state
        self.running = Demo(state, "--for", "45")
        self._end = None

    def finish(self):
        """Waits until the demo has ended. Returns (exit code, summary, processes still running)."""
        if self._end is None:
            self._end = (*self.running.finish(240), self.running.leftovers())
        return self._end


@pytest.fixture(scope="session")
def minute_demo(tmp_path_factory):
    shared = MinuteDemo(tmp_path_factory.mktemp("minute") / "state")
    try:
        yield shared
    finally:
        shared.running.stop()


@pytest.fixture(scope="session")
def witness():
    return Witness()


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """One Chromium for all tests: Playwright's sync API allows only one instance in a process."""
    chromium = executable()
    if chromium is None:
        pytest.exit("Chromium is missing: run scripts/bootstrap test", returncode=1)
    film.prepare(tmp_path_factory.mktemp("ffmpeg"))
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def visit(base, browser):
    """Opens pages. At the end of the test, fails if a page requested another origin or reported an error."""
    visitors = []

    def begin(path="/", size="desk", colours=None):
        context = new_context(browser, size, colours)
        visitor = Visitor(log_in(context, base) if base in API.known else context, base)
        visitors.append(visitor)
        visitor.open(path)
        return visitor

    yield begin
    for visitor in visitors:
        visitor.leave()


def pytest_generate_tests(metafunc):
    """Runs a test that takes `size` and `colours` once for each of LOOKS, unless it says which, and one that takes `size` alone
    once for each size."""
    named = {name for mark in metafunc.definition.iter_markers("parametrize") for name in str(mark.args[0]).split(",")}
    if "size" not in metafunc.fixturenames or "size" in named:
        return
    if "colours" in metafunc.fixturenames and "colours" not in named:
        metafunc.parametrize("size,colours", LOOKS, ids=["-".join(look) for look in LOOKS])
    else:
        metafunc.parametrize("size", SIZES)
