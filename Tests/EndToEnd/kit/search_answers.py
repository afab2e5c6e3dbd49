"""Answers of the search for cameras that no camera of a test gives: a locked one, one that accepts clear text alone."""

import json

SEARCH = "**/api/v1/cameras/discover"


def found(host, **more):
    return {
        "address": f"http://{host}/onvif/device_service", "host": host, "maker": "Acme", "model": "Eye 4", "name": None, "note": None,
        "camera": None, "outcome": "found", "streams": [], **more,
    }


def stream(source, **more):
    return {
        "name": None, "source": source, "detect": None, "codec": "h264", "width": 1280, "height": 720, "frameRate": 25,
        "detectWidth": None, "detectHeight": None, **more,
    }


class SearchAnswers:
    """Answers a page's searches. `answer(body)`: returns the cameras, from the request's body. `bodies`: what was asked."""

    def __init__(self, page, answer):
        self.bodies = []
        self._answer = answer
        page.route(SEARCH, self._fulfill)

    def _fulfill(self, route):
        body = json.loads(route.request.post_data)
        self.bodies.append(body)
        route.fulfill(json={"items": self._answer(body)})
