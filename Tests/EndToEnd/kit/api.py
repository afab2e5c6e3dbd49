"""A client of the HTTP API."""

import datetime
import pathlib

import requests


class Session(requests.Session):
    """Reads what proves server and client from the server's state folder at each request: a server that starts for the first time
    makes the files, and a new token each time."""

    def __init__(self, state):
        super().__init__()
        self.trust_env = False
        self.state = pathlib.Path(state)

    def token(self):
        """Of the demo's owner, or of command lines on the same machine."""
        return first(self.state / "owner.token", self.state / "local.token").read_text().strip()

    def authority(self):
        return first(self.state / "web-authority.pem", self.state / "web-authority" / "authority.pem")

    def request(self, method, url, **options):
        headers = {"Authorization": f"Bearer {self.token()}", **(options.pop("headers", None) or {})}
        return super().request(method, url, **{"verify": str(self.authority()), "headers": headers, **options})


def first(*files):
    return next((file for file in files if file.exists()), files[-1])


class API:
    """`state`: the server's state folder, or a folder with the files `owner.token` and `web-authority.pem`. `server`: the name of its own folder
    in that."""

    # Of all servers that tests have asked: {base: API}.
    known = {}

    def __init__(self, port, state, server="edge"):
        self.base = f"https://127.0.0.1:{port}"
        self.server = server
        self.session = Session(state)
        self.known[self.base] = self

    def get(self, path, **options):
        return self.session.get(self.base + path, timeout=options.pop("timeout", 60), **options)

    def send(self, method, path, body=None, expect=200, **options):
        """Sends a request that changes something. Returns the answer's JSON; `None` without a body."""
        answer = self.session.request(method, self.base + path, json=body, timeout=options.pop("timeout", 60), **options)
        assert answer.status_code == expect, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json() if answer.content else None

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
