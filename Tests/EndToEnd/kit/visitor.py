"""Browser contexts that record console errors and requests to other origins, and accessibility checks for every page."""

import pathlib
import time
import urllib.parse

from playwright.sync_api import expect

from kit import axe
from kit.api import API

COOKIE = "__Host-guardian"
CHECKS = (pathlib.Path(__file__).parent / "checks.js").read_text()
SIZES = {"desk": (1280, 800), "phone": (390, 844)}
# What people do is tried at both sizes and in both colours; how a page looks, in all four combinations.
LOOKS = [("desk", "dark"), ("phone", "light")]
# Milliseconds until a page counts as hung. It says nothing about speed: a build may run beside the tests.
GUARD = 90_000
expect.set_options(timeout=GUARD)


def new_context(browser, size="desk", colours=None, **more):
    """Returns a browser context with a viewport of SIZES, in the colours that it has in LOOKS unless others are named. It trusts every
    certificate: test_tls.py tests these."""
    colours = colours or dict(LOOKS)[size]
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=colours, has_touch=size == "phone", is_mobile=size == "phone",
        ignore_https_errors=True, **more,
    )
    context.set_default_timeout(GUARD)
    return context


def log_in(context, base, name="owner"):
    """Logs a context in at a server that tests know, as somebody who has an account there."""
    context.add_cookies([{"name": COOKIE, "value": cookie(API.known[base], name), "url": base, "secure": True, "httpOnly": True, "sameSite": "Strict"}])
    return context


COOKIES = {}


def cookie(api, name):
    """Returns the secret of a session, which all contexts of a server share."""
    if (api.base, name) not in COOKIES:
        local = (api.session.state / api.server / "local.token").read_text().strip()
        root = {"Authorization": f"Bearer {local}"}
        account = next(each["id"] for each in api.json("/api/v1/users", headers=root)["items"] if each["name"] == name)
        link = api.session.post(f"{api.base}/api/v1/users/{account}/link", headers=root, json={}, timeout=60).json()["path"]
        answer = api.session.post(f"{api.base}/api/v1/session/link", json={"secret": link.split("=")[1], "remember": True}, timeout=60)
        assert answer.status_code == 200, answer.text
        COOKIES[api.base, name] = answer.cookies[COOKIE]
    return COOKIES[api.base, name]


def check_accessibility(page, allowed_small=()):
    """Checks contrast, target sizes, structure and width, and in LOOKS what axe-core checks. `allowed_small`: targets that may be
    too small."""
    page.evaluate(CHECKS)
    until_transitions_end(page)
    low = page.evaluate("lowContrast()")
    assert low == [], low
    assert set(page.evaluate("smallTargets()")) <= set(allowed_small)
    assert page.evaluate("structure()") == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the window"
    # What axe-core looks at is the same in the other two combinations, but for contrast, which is checked above.
    if look_of(page) in LOOKS:
        found = axe.violations(page)
        assert found == [], found


def look_of(page):
    """Returns size and colours of a page's context."""
    width = page.viewport_size["width"]
    return next(size for size, (each, _) in SIZES.items() if each == width), "light" if page.evaluate("matchMedia('(prefers-color-scheme: light)').matches") else "dark"


def until_focused(page, what):
    """Waits until the element with the focus has this name, label or text."""
    page.wait_for_function("(what) => { const at = document.activeElement; return [at.name, at.ariaLabel, at.textContent].includes(what); }", arg=what)


def until_transitions_end(page):
    """A colour on its way from one to another is neither of them."""
    page.evaluate("() => Promise.allSettled(document.getAnimations().filter((each) => each instanceof CSSTransition).map((each) => each.finished)).then(() => null)")


def silence_stream(page):
    """Answers a page's stream of events with nothing. The recorder's own tells of events that are being archived, with what is true of
    them: it would overwrite what a test answers, or tell the page of events that a test hides. Call it before the page is opened."""
    page.route("**/api/v1/events/stream", lambda route: route.fulfill(content_type="text/event-stream", body="retry: 600000\n\n"))


def count_tab_stops(page, most):
    """Returns how many elements the Tab key reaches, at most `most`. Each must show a visible focus."""
    page.evaluate(CHECKS)
    seen = set()
    for _ in range(most):
        page.keyboard.press("Tab")
        element = page.evaluate("focused()")
        if element is None or element["key"] in seen:
            break
        seen.add(element["key"])
        assert element["isVisible"], element
    return len(seen)


class Visitor:
    """Records errors and foreign requests of all pages of a context. `base`: the only origin that pages may request; `None`: no
    origin. `ignored`: console errors that contain this text are not recorded."""

    def __init__(self, context, base, ignored=None):
        self.context, self.base, self.ignored = context, base, ignored
        self.errors, self.foreign = [], []
        self.began = time.monotonic()
        self.page = self.tab()

    def tab(self):
        """Opens another tab in the same context: all tabs share the browser's six connections per host."""
        page = self.context.new_page()
        page.on("console", lambda message: self._on_console(message))
        page.on("pageerror", lambda error: self.errors.append(f"page: {error}"))
        page.on("request", lambda request: self._on_request(request.url))
        return page

    def open(self, path):
        self.page.goto(self.base + path)
        return self.page

    def _on_console(self, message):
        if message.type == "error" and not (self.ignored and self.ignored in message.text):
            self.errors.append(f"console, {self.age()}: {message.text} ({message.location.get('url', '')})")

    def _on_request(self, url):
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("data", "blob", "about", "file") and f"{parts.scheme}://{parts.netloc}" != self.base:
            self.foreign.append(url)

    def age(self):
        return f"{time.monotonic() - self.began:.1f} s after the first tab"

    def leave(self):
        """Closes the context. Fails if an error or a request to another origin was recorded."""
        left = self.age()
        self.context.close()
        assert not self.errors, (self.errors, f"left {left}")
        assert not self.foreign, self.foreign
