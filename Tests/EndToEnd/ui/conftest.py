"""The Web UI in Chromium, against a demo with four cameras, or against whatever GUARDIAN_URL names. (Nine, in which somebody walks all the time, take two
cores alone; they are for the page that shows them, in `live`.)"""

import contextlib
import os

import pytest

from kit.demo import Demo
from kit.places import GUARDIAN

@pytest.fixture(scope="session", autouse=True)
def built():
    if "GUARDIAN_URL" not in os.environ and not GUARDIAN.exists():
        pytest.exit(f"{GUARDIAN} is missing: run make build", returncode=1)


@pytest.fixture(scope="package")
def base(tmp_path_factory):
    """Where the edge is."""
    with watched(tmp_path_factory.mktemp("ui"), 4) as base:
        yield base


@contextlib.contextmanager
def watched(folder, cameras):
    """The edge's address, of a demo with so many cameras."""
    if "GUARDIAN_URL" in os.environ:
        yield os.environ["GUARDIAN_URL"].rstrip("/")
        return
    demo = Demo(folder / "state", "--cameras", str(cameras))
    try:
        yield demo.until_up(120).base
    finally:
        demo.stop()
