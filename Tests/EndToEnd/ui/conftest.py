"""The Web UI in Chromium, against a demo with nine cameras, or against whatever GUARDIAN_URL names."""

import os

import pytest

from kit.demo import Demo
from kit.places import GUARDIAN
from kit.visitor import SIZES, Visitor, window

@pytest.fixture(scope="session", autouse=True)
def built():
    if "GUARDIAN_URL" not in os.environ and not GUARDIAN.exists():
        pytest.exit(f"{GUARDIAN} is missing: run make build", returncode=1)


@pytest.fixture(scope="package")
def base(tmp_path_factory):
    """Where the edge is."""
    if "GUARDIAN_URL" in os.environ:
        yield os.environ["GUARDIAN_URL"].rstrip("/")
        return
    demo = Demo(tmp_path_factory.mktemp("ui") / "state", "--cameras", "9")
    try:
        yield demo.until_up(120).base
    finally:
        demo.stop()


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
