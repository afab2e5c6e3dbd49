"""A client of the HTTP API."""

import datetime

import requests


class API:
    def __init__(self, port):
        self.base = f"http://127.0.0.1:{port}"
        self.session = requests.Session()
        self.session.trust_env = False

    def get(self, path, **options):
        return self.session.get(self.base + path, timeout=options.pop("timeout", 10), **options)

    def json(self, path, **options):
        answer = self.get(path, **options)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:500]}"
        return answer.json()

    def status(self):
        return self.json("/api/v1/status")

    def events(self, **query):
        """Returns all events that match the query, from all pages, newest first."""
        return self._all("/api/v1/events", query)

    def clips(self, **query):
        """Returns all clips on the disk that match the query, from all pages, newest first."""
        return self._all("/api/v1/clips", query)

    def _all(self, path, query):
        found, cursor = [], None
        while True:
            page = self.json(path, params={"limit": 200, **query, **({"cursor": cursor} if cursor else {})})
            found += page["items"]
            cursor = page["nextCursor"]
            if not cursor:
                return found

    def coverage(self):
        found, cursor = [], None
        while True:
            page = self.json("/api/v1/coverage", params={"cursor": cursor} if cursor else {})
            found += page["items"]
            cursor = page["nextCursor"]
            if not cursor:
                return found


def moment(text):
    """Converts RFC 3339 text in UTC to seconds since 1970."""
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
