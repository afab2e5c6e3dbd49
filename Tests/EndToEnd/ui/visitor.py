"""A browser context with its eyes open: console errors, failed media, requests to anywhere else."""

import urllib.parse


class Visitor:
    def __init__(self, context, base):
        self.context, self.base = context, base
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
        if message.type == "error":
            self.errors.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _asked(self, url):
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("data", "blob", "about") and f"{parts.scheme}://{parts.netloc}" != self.base:
            self.foreign.append(url)
