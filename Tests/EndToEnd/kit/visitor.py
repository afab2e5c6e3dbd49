"""A browser context with its eyes open: console errors, failed media, requests to anywhere else; and what every page keeps to."""

import pathlib
import urllib.parse

CHECKS = (pathlib.Path(__file__).parent / "checks.js").read_text()
SIZES = {"desk": (1280, 800), "phone": (390, 844)}


def window(browser, size="desk", colours="dark", **more):
    """A browser context of that size."""
    width, height = SIZES[size]
    return browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=colours, has_touch=size == "phone", is_mobile=size == "phone", **more
    )


def keeps_to_the_rules(page, tiny=()):
    """Names, contrast, sizes, structure, width; `tiny`: what may be too small to touch."""
    page.evaluate(CHECKS)
    assert page.evaluate("nameless()") == []
    assert page.evaluate("pale()") == []
    assert set(page.evaluate("tiny()")) <= set(tiny)
    assert page.evaluate("structure()") == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the window"


def stops(page, most):
    """How many places the tabulator reaches; each shows that it is there."""
    page.evaluate(CHECKS)
    seen = set()
    for _ in range(most):
        page.keyboard.press("Tab")
        where = page.evaluate("focused()")
        if where is None or where["key"] in seen:
            break
        seen.add(where["key"])
        assert where["isVisible"], where
    return len(seen)


class Visitor:
    """`base`: the only origin that may be asked; `None`: none may. `overlooked`: what errors of the console may say."""

    def __init__(self, context, base, overlooked=None):
        self.context, self.base, self.overlooked = context, base, overlooked
        self.errors, self.foreign = [], []
        self.page = self.tab()

    def tab(self):
        """Another tab of the same browser: it shares its six connections."""
        page = self.context.new_page()
        page.on("console", lambda message: self._heard(message))
        page.on("pageerror", lambda error: self.errors.append(f"page: {error}"))
        page.on("request", lambda request: self._asked(request.url))
        return page

    def open(self, path):
        self.page.goto(self.base + path)
        return self.page

    def _heard(self, message):
        if message.type == "error" and not (self.overlooked and self.overlooked in message.text):
            self.errors.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _asked(self, url):
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("data", "blob", "about", "file") and f"{parts.scheme}://{parts.netloc}" != self.base:
            self.foreign.append(url)

    def leave(self):
        """At the end nothing foreign may have been asked for and no error written."""
        self.context.close()
        assert not self.errors, self.errors
        assert not self.foreign, self.foreign
