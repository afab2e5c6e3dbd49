"""The archive in the browser, without edge or node: the pages' own files, and sealed clips that others made."""

import json

import pytest

from archive.site import Site
from kit.places import ROOT

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


@pytest.fixture
def page(browser, site):
    """An empty page of the site, under its policy; no error may be written while it is open."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="dark")
    page = context.new_page()
    errors = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" and "Failed to load resource" not in message.text else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    site.answers["/blank"] = lambda _: (200, {})
    page.goto(site.base + "/blank")
    yield page
    context.close()
    assert not errors, errors
