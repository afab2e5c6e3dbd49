"""Streams say nothing of what one does not see, and end with the session that began them."""

import contextlib
import threading
import time

import pytest
import requests

from access.people import Asker, People
from access.scene import Scene
from kit.waiting import until

# Seconds after the session or token was revoked: two are promised, and one is for a busy machine (measured there: 0.3 at most).
END = 3


class Side:
    def __init__(self, demo, side):
        self.scene = Scene(demo, side)
        self.people = People(self.scene.api, demo.state / side, self.scene.sees, self.scene.other)


@pytest.fixture(scope="module", params=["edge", "node"])
def side(request, demo):
    made = Side(demo, request.param)
    yield made
    made.people.leave()


def replayed(side, asker, wanted):
    """Returns the whole text of the stream of all changes, read until it has named all of `wanted`."""
    text, missing = "", set(wanted)
    with side.people.ask(asker, "GET", "/api/v1/events/stream", stream=True, headers={"Last-Event-ID": "0"}) as answer:
        assert answer.status_code == 200
        for line in answer.iter_lines(decode_unicode=True):
            text += line + "\n"
            missing -= {each for each in missing if each in line}
            if not missing:
                return text
    raise AssertionError(f"the stream ended without {missing}")


def test_a_viewer_hears_nothing_of_another_camera(side):
    seen = [each["id"] for each in side.scene.api.events() if each["cameraId"] == side.scene.camera_id]
    assert seen
    heard = replayed(side, side.people.viewer, seen)
    assert [each for each in side.scene.foreign if each in heard] == []
    # The owner's stream has what the viewer's lacks.
    assert side.scene.ids["event"][side.scene.other] in replayed(side, side.people.owner, side.scene.ids["event"].values())


class Listener:
    """Reads a stream in a thread of its own until it ends."""

    def __init__(self, side, asker, path):
        self.path, self.ended = path, None
        self._answer = side.people.ask(asker, "GET", path, stream=True)
        assert self._answer.status_code == 200, path
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        try:
            for _ in self._answer.iter_content(65_536):
                pass
        except requests.RequestException:
            # It ended without its last chunk.
            pass
        finally:
            self.ended = time.monotonic()

    def is_open(self):
        return self._thread.is_alive()

    def close(self):
        # Closing waits for what the thread is reading, for seconds when the stream says nothing; this ends the reading. What the thread
        # has read to its end has no connection any more.
        with contextlib.suppress(RuntimeError, ValueError):
            self._answer.raw.shutdown()
        self._thread.join(10)
        self._answer.close()


def listen(side, asker):
    paths = ["/api/v1/events/stream"]
    if side.scene.api.get("/api/v1/cameras").status_code == 200:
        paths += [f"/api/v1/live?cameras={side.scene.sees}", f"/api/v1/cameras/{side.scene.sees}/live.mp4"]
    return [Listener(side, asker, path) for path in paths]


def require_end(listeners, goes_on, end):
    try:
        assert all(each.is_open() for each in listeners + goes_on)
        end()
        revoked = time.monotonic()
        until(lambda: not any(each.is_open() for each in listeners), 60, f"{[each.path for each in listeners]} end")
        late = {each.path: each.ended - revoked for each in listeners if each.ended - revoked > END}
        assert not late, f"ended after {END} s or more: {late}"
        assert all(each.is_open() for each in goes_on), "another one's stream has ended"
    finally:
        for each in listeners + goes_on:
            each.close()


def test_streams_end_with_their_session_and_no_others(side):
    people, owner = side.people, side.people.owner
    account = people.api.json(f"/api/v1/users/{people.viewer.account}")
    lost = people.log_in("lost session", account)
    require_end(
        listen(side, lost), listen(side, people.viewer),
        lambda: people.api.send("DELETE", f"/api/v1/sessions/{lost.session}", expect=204))
    assert people.ask(lost, "GET", "/api/v1/session").status_code == 401
    assert people.ask(owner, "GET", "/api/v1/session").status_code == 200


def test_streams_end_with_their_token(side):
    people = side.people
    token, headers = people.token(people.viewer, ["watch_live", "read_events", "own_account"])
    program = Asker("program", headers)
    require_end(
        listen(side, program), listen(side, people.viewer),
        lambda: people.api.send("DELETE", f"/api/v1/tokens/{token}", expect=204))
    assert people.ask(program, "GET", "/api/v1/session").status_code == 401


def test_streams_end_with_the_login_from_which_their_token_comes(side):
    people, scope = side.people, ["watch_live", "read_events", "own_account"]
    account = people.add("viewer", [side.scene.sees])
    person = people.log_in("somebody with a program", account)
    program = Asker("program", people.token(person, scope)[1])
    made = Asker("program of a program", people.token(program, scope)[1])
    require_end(
        listen(side, made), listen(side, people.viewer),
        lambda: people.api.send("PUT", f"/api/v1/users/{account['id']}/password", {"password": "another horse battery"}, expect=204))
    for ended in (person, program, made):
        assert people.ask(ended, "GET", "/api/v1/session").status_code == 401
