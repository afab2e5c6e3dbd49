"""Every operation × everybody who may ask × identifiers that one sees, that others see, and that nothing has."""

import concurrent.futures
import json
import re

import pytest

from access.operations import operations
from access.people import People
from access.scene import Scene, made_up
from access.table import EVERYONE, ROWS, VIEWER

# They differ from request to request, whoever asks.
VOLATILE = ("date", "x-request-id")
TEXTS = ("application/json", "application/problem+json", "application/yaml", "text/plain", "image/svg+xml")
# HEAD has the handler of GET; these see whether it has its gate, too.
ASKERS_OF_HEAD = ("nobody", "viewer of one camera")


def skipped(operation, asker):
    return operation.method == "HEAD" and asker.name not in ASKERS_OF_HEAD


def is_asked_once(asker):
    """Whether the asker is tried with one identifier of each operation: those whose login has ended, because "nobody" is tried with all."""
    return asker.role == EVERYONE and asker.name != "nobody"


class Matrix:
    def __init__(self, demo, side):
        self.is_edge = side == "edge"
        self.scene = Scene(demo, side)
        self.people = People(
            self.scene.api, demo.state / side, self.scene.sees, self.scene.other, None if self.is_edge else demo.state / "node.yaml")
        self.operations = operations(self.scene.api)
        # What was asked for before: rights and secrecy are tested with the same answers.
        self._hidden = {}
        # (name of the asker, id of the operation).
        self.asked = set()
        self.own = {"account": self.people.owner.account, "session": self.people.owner.session, "token": self.people.token_id, "passkey": self.people.passkey_id}

    def refusal(self, row, operation, asker):
        """Returns the status with which the route refuses whatever this asker names, or `None`."""
        if row.least == EVERYONE:
            return None
        if asker.household and operation.row == "metrics":
            return 404  # the node's own
        if asker.role == EVERYONE:
            return 401
        if asker.permissions is not None and operation.row not in asker.permissions:
            return 403
        return 403 if asker.role < row.least or not row.divided and asker.cameras is not None else None

    def identifiers(self, kind, asker):
        """Returns (seen, foreign): what exists for the asker, and what exists but not for them. One of them may be `None`."""
        if asker.household:
            return None, self.own.get(kind) or self.scene.ids[kind][self.scene.sees]
        if kind in self.own:
            manages = asker.role > VIEWER and asker.name != "member"
            return (self.own[kind], None) if manages else (asker.account if kind == "account" else None, self.own[kind])
        ids = self.scene.ids[kind]
        sees_other = asker.cameras is None or self.scene.other in asker.cameras
        return ids[self.scene.sees], None if sees_other and asker.role != EVERYONE else ids[self.scene.other]

    def hidden(self, asker, operation, path, body):
        """Returns the answer to a request for what the asker does not see."""
        key = (asker.name, operation.id, path)
        if key not in self._hidden:
            self._hidden[key] = self.ask(asker, operation, path, body)
        return self._hidden[key]

    def ask(self, asker, operation, path, body=None):
        self.asked.add((asker.name, operation.id))
        # This machine may read the metrics; whoever comes through a proxy is somebody else. Passkeys need the server's name.
        headers = {"Via": "1.1 proxy", "Host": self.scene.api.base.rpartition("/")[2].replace("127.0.0.1", "localhost")}
        answer = self.people.ask(asker, operation.method, path, json=body, stream=True, headers=headers)
        try:
            endless = ROWS[operation.row].endless and answer.status_code == 200
            # Footage has many megabytes, and names nothing.
            is_text = answer.headers.get("Content-Type", "").partition(";")[0] in TEXTS
            # What was read to its end leaves its connection open for the next request.
            content = answer.content if operation.method == "HEAD" or is_text and not endless else b""
        finally:
            answer.close()
        return answer.status_code, {name.lower(): value for name, value in answer.headers.items()}, content


@pytest.fixture(scope="module", params=["edge", "node"])
def matrix(request, demo):
    made = Matrix(demo, request.param)
    yield made
    made.people.leave()


def without(identifier, answer):
    """Returns an answer without what may differ between two identifiers of the same length."""
    status, headers, content = answer
    headers = {name: value.replace(identifier, "ID") for name, value in headers.items() if name not in VOLATILE}
    text = content.decode(errors="replace").replace(identifier, "ID")
    return status, headers, re.sub(r'"requestId":"[^"]*"', "", text)


def cases(row, operation):
    """Yields (kind, path with `{}` for the identifier) of all ways in which the operation names something."""
    if row.of:
        path = re.sub(r"\{\w+\}", "{}", operation.path)
        yield row.of, path
        if operation.row == "archivedClip":
            yield row.of, path + "?part=0"
    for name, kind in row.queries.items():
        yield kind, f"{operation.path}?{name}={{}}"


def test_each_operation_has_a_row_and_each_row_an_operation(matrix):
    found = {operation.row for operation in matrix.operations}
    assert found - set(ROWS) == set(), "say in access/table.py who may use these"
    assert len(matrix.operations) > 60
    of_edge_alone = {row for row in ROWS if row not in found}
    assert "listEvents" in found and (of_edge_alone == {"listEdges"} or "listEdges" in found and "addCamera" in of_edge_alone)


def wrong_answers(matrix, asker):
    """Returns what is wrong with the statuses that one asker gets from every operation, as texts."""
    wrong = []
    for operation in matrix.operations:
        if skipped(operation, asker):
            continue
        row = ROWS[operation.row]
        refusal = matrix.refusal(row, operation, asker)

        def expect(case, answer, *statuses):
            status, headers, content = answer
            what = f"{operation.id} by {asker.name}, {case}: {status}, not {statuses}"
            if status not in statuses:
                wrong.append(f"{what} {content[:200]}")
            elif refusal and any(text.encode() in content for text in matrix.scene.foreign):
                wrong.append(f"{operation.id} by {asker.name}, {case}: the refusal names something")

        if not row.of and not row.needs_query:
            if refusal:
                expect("refused", matrix.ask(asker, operation, operation.path, row.body), refusal)
            elif row.body is not None:
                expect("with an invalid body", matrix.ask(asker, operation, operation.path, {"nothing": 1}), 400)
            elif not row.not_done:
                ready = (200, 503) if operation.row == "readiness" else (200,)
                expect("let in", matrix.ask(asker, operation, operation.path), *ready)
        for kind, path in list(cases(row, operation))[:1 if is_asked_once(asker) else None]:
            seen, foreign = matrix.identifiers(kind, asker)
            is_filter = "?" in path and "part=" not in path
            # Whoever is refused is refused before anything is looked up: one that exists is enough.
            if seen and (not foreign if refusal else not row.not_done):
                may = (refusal,) if refusal else (200, 503) if operation.row == "cameraSnapshot" else (200,)
                expect("seen", matrix.ask(asker, operation, path.format(seen), row.body), *may)
            for name, identifier in (("foreign", foreign), ("made-up", made_up(foreign or seen))):
                if identifier and not (name == "made-up" and is_asked_once(asker)):
                    # A list of nothing, and a cursor that stands at nothing, are no errors.
                    hidden = (refusal,) if refusal else (200, 404) if is_filter else (404,)
                    if row.at_edge and matrix.is_edge:
                        hidden += (row.at_edge,)
                    expect(name, matrix.hidden(asker, operation, path.format(identifier), row.body), *hidden)
    return wrong


def test_each_route_lets_in_those_who_may_use_it_and_nobody_else(matrix):
    # Each asker has a connection of their own. On a busy machine most of the time goes by between a request and its answer.
    with concurrent.futures.ThreadPoolExecutor(len(matrix.people.all)) as threads:
        wrong = [each for found in threads.map(lambda asker: wrong_answers(matrix, asker), matrix.people.all) for each in found]
    assert not wrong, "\n".join(wrong)
    for asker in matrix.people.all:
        if asker.role == EVERYONE:
            missed = {each.id for each in matrix.operations if not skipped(each, asker) and (asker.name, each.id) not in matrix.asked}
            assert missed == set(), f"{asker.name} was not tried with these"


def test_what_one_does_not_see_is_answered_as_what_does_not_exist(matrix):
    differing, compared = [], 0
    for operation in matrix.operations:
        row = ROWS[operation.row]
        for asker in matrix.people.all:
            if skipped(operation, asker) or is_asked_once(asker):
                continue
            for kind, path in cases(row, operation):
                foreign = matrix.identifiers(kind, asker)[1]
                if foreign is None:
                    continue
                # As long as the other: so the length of the answer is compared, too.
                pair = (foreign, made_up(foreign))
                first, second = (without(each, matrix.hidden(asker, operation, path.format(each), row.body)) for each in pair)
                compared += 1
                for _ in range(5):
                    if first == second or first[0] != 200 or second[0] != 200:
                        break
                    # A list of what one sees has a clip that is being recorded, and that has grown in between.
                    first, second = (without(each, matrix.ask(asker, operation, path.format(each), row.body)) for each in pair)
                if first != second:
                    differing.append(f"{operation.id} {path} by {asker.name}:\n    {first}\n    {second}")
    assert compared > 100
    assert not differing, "\n".join(differing)


def test_no_answer_for_somebody_who_sees_one_camera_or_another_household_names_another(matrix):
    found, read = [], 0
    for asker in matrix.people.all:
        if asker.cameras != (matrix.scene.sees,) and not asker.household:
            continue
        secret = matrix.scene.everything if asker.household else matrix.scene.foreign
        for operation in matrix.operations:
            row = ROWS[operation.row]
            if operation.method != "GET" or row.endless:
                continue
            paths = [] if row.of else [operation.path]
            paths += [path.format(seen) for kind, path in cases(row, operation) if (seen := matrix.identifiers(kind, asker)[0])]
            for path in paths:
                _, headers, content = matrix.ask(asker, operation, path)
                text = json.dumps(headers) + content.decode(errors="replace")
                read += 1
                found += [f"{operation.id} {path} by {asker.name}: {each}" for each in secret if each in text]
    assert read > 60
    assert matrix.is_edge or any(each.household for each in matrix.people.all)
    assert not found, "\n".join(found)


def pages(matrix, asker, path, separator="?"):
    """Returns the items of all pages, two by two, so that many cursors are followed."""
    items, cursor = [], None
    while True:
        query = f"{separator}limit=2" + (f"&cursor={cursor}" if cursor else "")
        page = matrix.people.ask(asker, "GET", path + query).json()
        items += page["items"]
        cursor = page["nextCursor"]
        if not cursor:
            return items


def test_pages_and_counts_are_those_of_the_cameras_that_one_sees(matrix):
    viewer, owner, sees = matrix.people.viewer, matrix.people.owner, matrix.scene.sees
    lists = ["/api/v1/events", "/api/v1/archive", "/api/v1/archive/events"]
    if "listClips" in {operation.id for operation in matrix.operations}:
        lists.append("/api/v1/clips")
    camera = matrix.scene.camera_id
    for path in lists:
        known = {each.get("id") or each.get("clipId") or each.get("eventId") for each in pages(matrix, owner, f"{path}?camera={sees}", "&")}
        items = pages(matrix, viewer, path)
        ids = [each.get("id") or each.get("clipId") or each.get("eventId") for each in items]
        # New ones may have come since.
        assert known <= set(ids) and len(ids) == len(set(ids)) and {each["cameraId"] for each in items} == {camera}, path
    events = pages(matrix, viewer, "/api/v1/events")
    end = events[0]["startedAt"]
    span = f"from=2020-01-01T00:00:00Z&to={end}"
    counted, of_camera, of_all = (
        sum(step["count"] for step in matrix.people.ask(asker, "GET", f"/api/v1/events/density?{span}{more}").json()["items"])
        for asker, more in ((viewer, ""), (owner, f"&camera={sees}"), (owner, ""))
    )
    assert counted == of_camera < of_all


def test_the_neighbours_of_an_event_are_events_that_one_sees(matrix):
    viewer = matrix.people.viewer
    events = [each["id"] for each in pages(matrix, viewer, "/api/v1/events")]
    assert events
    views = [matrix.people.ask(viewer, "GET", f"/api/v1/events/{event}").json() for event in events[:10]]
    # Read afterwards: a new event may have become somebody's neighbour.
    known = {each["id"] for each in pages(matrix, viewer, "/api/v1/events")}
    named = {view[side] for view in views for side in ("previous", "next")} - {None}
    assert named and named <= known


def test_a_cursor_of_somebody_elses_list_shows_no_more(matrix):
    viewer, owner = matrix.people.viewer, matrix.people.owner
    page = matrix.people.ask(owner, "GET", f"/api/v1/events?camera={matrix.scene.other}&limit=1").json()
    cursor = page["nextCursor"]
    if cursor is None:
        pytest.skip("the other camera has one event only")
    items = matrix.people.ask(viewer, "GET", f"/api/v1/events?cursor={cursor}").json()["items"]
    assert {each["cameraId"] for each in items} <= {matrix.scene.camera_id}
