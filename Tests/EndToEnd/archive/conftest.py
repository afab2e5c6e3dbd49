"""Fixtures of the archive tests, many of which need no edge or node: a server of the UI's files, and sealed clips made by independent code."""

import json
import subprocess

import pytest

from archive.film import film
from archive.sealer import Owner
from archive.site import Site
from archive.wire import Recorder
from kit.places import ROOT
from kit.visitor import Visitor, new_context

VECTORS = ROOT / "Tests" / "GuardianArchiveTests" / "Vectors" / "sealed-clip"


@pytest.fixture(scope="session", autouse=True)
def built():
    """Overrides the check for built files: the tests in this folder that need no demo need no build."""


@pytest.fixture(scope="session")
def vectors():
    return json.loads((VECTORS / "vectors.json").read_text())


@pytest.fixture
def site():
    running = Site()
    yield running
    running.close()


@pytest.fixture
def secure_site(tmp_path):
    """A site that speaks HTTPS, and the file of the certificate that is its own authority."""
    certificate, key, both = (tmp_path / name for name in ("site.pem", "site-key.pem", "site-both.pem"))
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=site",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )
    both.write_text(certificate.read_text() + key.read_text())
    running = Site(both)
    yield running, certificate
    running.close()


@pytest.fixture(scope="session")
def short():
    """A clip of six seconds."""
    return film(6)


@pytest.fixture(scope="module")
def owner():
    return Owner()


@pytest.fixture
def page(browser, site):
    """An empty page of the site under its security policy. Fails at the end if the page reported an error."""
    visitor = Visitor(new_context(browser), site.base, ignored="Failed to load resource")
    site.answers["/blank"] = lambda _: (200, {})
    yield visitor.open("/blank")
    visitor.leave()


@pytest.fixture
def visit(browser, site):
    """Opens pages of the site, and records what they send (`context.recorder`). At the end of the test, fails if a page requested another origin or reported an error."""
    visitors = []

    def begin(path, size="desk", colours=None):
        context = new_context(browser, size, colours, locale="en-GB")
        context.recorder = Recorder(context)
        visitors.append(Visitor(context, site.base, ignored="Failed to load resource"))
        return visitors[-1].open(path)

    yield begin
    for visitor in visitors:
        visitor.leave()


def unlock(page, code):
    page.wait_for_selector(".unlock")
    page.fill("#recovery-code", code)
    page.keyboard.press("Enter")


def plays(page):
    page.wait_for_function("() => document.querySelector('video')?.currentTime > 0.2")
