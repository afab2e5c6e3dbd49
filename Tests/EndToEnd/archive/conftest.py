"""The archive in the browser, without edge or node: the pages' own files, and sealed clips that others made."""

import json

import pytest

from archive.film import film
from archive.sealer import Owner
from archive.site import Site
from kit.places import ROOT
from kit.visitor import Visitor, window

VECTORS = ROOT / "Tests" / "GuardianArchiveTests" / "Vectors" / "sealed-clip"


@pytest.fixture(scope="session", autouse=True)
def built():
    """Nothing has to be built for these."""


@pytest.fixture(scope="session")
def vectors():
    return json.loads((VECTORS / "vectors.json").read_text())


@pytest.fixture
def site():
    running = Site()
    yield running
    running.close()


@pytest.fixture(scope="session")
def short():
    """A film of six seconds."""
    return film(6)


@pytest.fixture(scope="module")
def owner():
    return Owner()


@pytest.fixture
def page(browser, site):
    """An empty page of the site, under its policy; no error may be written while it is open."""
    visitor = Visitor(window(browser), site.base, overlooked="Failed to load resource")
    site.answers["/blank"] = lambda _: (200, {})
    yield visitor.open("/blank")
    visitor.leave()


def unlock(page, code):
    page.wait_for_selector(".unlock")
    page.fill("#recovery-code", code)
    page.keyboard.press("Enter")


def plays(page):
    page.wait_for_function("() => document.querySelector('video')?.currentTime > 0.2", timeout=20_000)
