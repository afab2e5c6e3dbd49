"""Fixtures of the end-to-end tests. They run a release build: `make test-end` sets up, builds and runs them."""

import pytest

from kit.demo import Demo
from kit.places import GUARDIAN, LOOPS, TOOLS
from kit.witness import Witness


@pytest.fixture(scope="session", autouse=True)
def built():
    for needed, remedy in ((GUARDIAN, "make build"), (TOOLS / "model" / "model.xml", "scripts/bootstrap test"), (LOOPS / "campus.ts", "scripts/bootstrap test")):
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
