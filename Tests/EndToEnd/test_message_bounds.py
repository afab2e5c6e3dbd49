"""Where a message ends, whose name it carries, and who may keep the answer: bytes written by hand, over TLS, to an edge and to a node.

RFC 9112 decides, and the sections are its own unless another RFC is named. What is refused is followed by a request that nobody sent: an
answer to that one would be request smuggling. `//nobody/asked` has no route, so its answer shows in any text."""

import contextlib
import dataclasses
import ipaddress
import json
import re
import socket
import ssl

import pytest

from access.operations import document, operations_of
from access.table import EVERYONE, ROWS
from kit.waiting import until

# Refused requests are limited by address. Those of access/people.py are others.
ADDRESSES = map(str, ipaddress.ip_network("127.2.0.0/16").hosts())
HIDDEN = b"GET /nobody/asked HTTP/1.1\r\nHost: localhost\r\n\r\n"
LAST = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
EVIL = "https://evil.example"


@dataclasses.dataclass(frozen=True)
class Answer:
    status: int
    headers: dict
    body: bytes

    def problem(self):
        assert self.headers["content-type"] == "application/problem+json", self
        return json.loads(self.body)


def answers(data, bodiless=()):
    """Returns all answers in what a server sent until it closed. Fails when anything is left over. `bodiless`: those to HEAD, by number."""
    found = []
    while data:
        head, end, data = data.partition(b"\r\n\r\n")
        assert end, f"no whole head: {head}"
        first, *fields = head.decode("latin-1").split("\r\n")
        version, status, _ = first.split(" ", 2)
        assert version == "HTTP/1.1", first
        headers = {}
        for field in fields:
            name, _, value = field.partition(":")
            assert name.lower() not in headers, f"{name} is there twice"
            headers[name.lower()] = value.strip()
        length = 0 if len(found) in bodiless or status in ("204", "304") else int(headers["content-length"])
        assert len(data) >= length
        found.append(Answer(int(status), headers, data[:length]))
        data = data[length:]
    return found


class Side:
    """One server of the demo, and its owner's token."""

    def __init__(self, demo, name):
        self.name, self.api = name, getattr(demo, name)
        self.port = int(self.api.base.rpartition(":")[2])
        self.host = f"localhost:{self.port}"
        self.bearer = f"Authorization: Bearer {self.api.session.token()}"
        self._context = ssl.create_default_context(cafile=self.api.session.authority())
        self._context.set_alpn_protocols(["http/1.1"])
        self.document = document(self.api)
        self.operations = operations_of(self.document)

    def plain(self):
        return socket.create_connection(("127.0.0.1", self.port), 20, source_address=(next(ADDRESSES), 0))

    def exchange(self, *pieces, bodiless=()):
        """Sends bytes on a connection of its own, and returns the answers until the server closes it: a server that keeps it is a failure."""
        with self._context.wrap_socket(self.plain(), server_hostname="localhost") as wire:
            wire.sendall(b"".join(pieces))
            return answers(self.read(wire), bodiless)

    @staticmethod
    def read(wire):
        data = bytearray()
        try:
            while piece := wire.recv(65_536):
                data += piece
        except (ConnectionResetError, ssl.SSLEOFError):
            # It closes a connection that still sends.
            pass
        return bytes(data)

    def request(self, target="/healthz", *fields, method="GET", body=b"", host=None):
        lines = [f"{method} {target} HTTP/1.1", f"Host: {host or self.host}", *fields, "", ""]
        return "\r\n".join(lines).encode("latin-1") + body

    def ask(self, requests):
        """Sends well-formed requests on one connection, and returns their answers."""
        heads = [number for number, request in enumerate(requests) if request.startswith(b"HEAD ")]
        *found, last = self.exchange(*requests, LAST, bodiless=heads)
        assert len(found) == len(requests) and last.status == 200
        return found


@pytest.fixture(scope="module", params=["edge", "node"])
def side(request, demo):
    return Side(demo, request.param)


def is_hidden(answer):
    return b"nobody/asked" in answer.body


def refused(side, message):
    """Sends a message that must be refused with 400 and end its connection, with the hidden request behind it."""
    found = side.exchange(message, HIDDEN)
    assert [each.status for each in found] == [400], found
    assert found[0].headers["connection"] == "close" and not is_hidden(found[0])


# Two routes: one that waits for the body, and one that does not look at it. `{"nothing": 1}` is refused for its member once it was read.
BODY = b'{"nothing": 1}'
READS = ("POST", "/api/v1/session", "Content-Type: application/json")
IGNORES = ("GET", "/healthz", "Accept: */*")
ROUTES = pytest.mark.parametrize("route", [READS, IGNORES], ids=["read", "not read"])


def message(side, route, *fields, body=BODY):
    method, path, field = route
    return side.request(path, field, *fields, method=method, body=body)


def chunked(data=BODY):
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(data), data)


def is_read(answer):
    return answer.status == 400 and [each["field"] for each in answer.problem().get("errors", [])] == ["nothing"]


# 6.3 item 3 allows to refuse these and wants the connection closed; 6.3 item 5 and RFC 9110, 8.6, refuse a length that is no number or is
# given with different values. Equal ones might be taken for one; the parser refuses them too.
LENGTHS = {
    "with chunks": ["Content-Length: 14", "Transfer-Encoding: chunked"], "chunks with": ["Transfer-Encoding: chunked", "Content-Length: 14"],
    "zero with chunks": ["Content-Length: 0", "Transfer-Encoding: chunked"],
    "twice": ["Content-Length: 14", "Content-Length: 14"], "different": ["Content-Length: 14", "Content-Length: 5"],
    "list": ["Content-Length: 14, 14"], "list of different": ["Content-Length: 14, 5"], "plus": ["Content-Length: +14"],
    "minus": ["Content-Length: -14"], "inner space": ["Content-Length: 1 4"], "hexadecimal": ["Content-Length: 0xe"],
    "fraction": ["Content-Length: 14.0"], "empty": ["Content-Length:"], "65 bits": ["Content-Length: 18446744073709551630"],
    "word": ["Content-Length: chunked"], "digits of others": ["Content-Length: \xb2"],
}


@ROUTES
@pytest.mark.parametrize("fields", LENGTHS.values(), ids=LENGTHS)
def test_a_length_in_doubt_is_refused(side, route, fields):
    refused(side, message(side, route, *fields, body=chunked() if "Transfer-Encoding: chunked" in fields else BODY))


# 6.3 item 4: 400 where `chunked` is not the last coding. 6.1: chunked twice, and a coding that is not understood, are errors of the sender
# (501 is its own suggestion for the second); so is any with HTTP/1.0.
CODINGS = {
    "unknown": ["Transfer-Encoding: gzip"], "x": ["Transfer-Encoding: xchunked"], "suffix": ["Transfer-Encoding: chunkedx"],
    "identity": ["Transfer-Encoding: identity"], "before": ["Transfer-Encoding: chunked, identity"], "after": ["Transfer-Encoding: gzip, chunked"],
    "twice": ["Transfer-Encoding: chunked, chunked"], "two fields": ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"],
    "two codings": ["Transfer-Encoding: gzip", "Transfer-Encoding: chunked"], "other order": ["Transfer-Encoding: chunked", "Transfer-Encoding: identity"],
    "parameter": ["Transfer-Encoding: chunked;a=b"], "quoted": ['Transfer-Encoding: "chunked"'], "vertical tab": ["Transfer-Encoding: \x0bchunked"],
    "empty": ["Transfer-Encoding:"], "comma": ["Transfer-Encoding: ,chunked"],
}


@ROUTES
@pytest.mark.parametrize("fields", CODINGS.values(), ids=CODINGS)
def test_a_coding_in_doubt_is_refused(side, route, fields):
    refused(side, message(side, route, *fields, body=chunked()))


def test_chunks_with_an_old_version_are_refused(side):
    text = message(side, READS, "Transfer-Encoding: chunked", "Connection: keep-alive", body=chunked())
    refused(side, text.replace(b"HTTP/1.1", b"HTTP/1.0", 1))


# 2.2: a bare CR is invalid; a bare LF may be taken for a line's end, and is not here. 5.1: no space before the colon. 5.2: obs-fold is
# refused. RFC 9110, 5.5: NUL, CR and LF are dangerous in a field.
HEADS = {
    "bare LF": b"GET /healthz HTTP/1.1\nHost: localhost\n\n", "bare LF in a field": b"GET /healthz HTTP/1.1\r\nHost: localhost\nA: b\r\n\r\n",
    "bare LF at the end": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\n", "bare CR": b"GET /healthz HTTP/1.1\r\nHost: localhost\rA: b\r\n\r\n",
    "bare CR at the end": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r", "NUL": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nA: b\0c\r\n\r\n",
    "NUL in a name": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nA\0: b\r\n\r\n", "NUL in the target": b"GET /health\0z HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "obs-fold": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nA: b\r\n c\r\n\r\n",
    "folded length": b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length:\r\n 5\r\n\r\nhello",
    "folded coding": b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding:\r\n\tchunked\r\n\r\n0\r\n\r\n",
    "space before the first field": b"GET /healthz HTTP/1.1\r\n Host: localhost\r\n\r\n",
    "space before the colon": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length : 5\r\n\r\nhello",
    "no name": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n: b\r\n\r\n", "no colon": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nA b\r\n\r\n",
    "separator in a name": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nA(b: c\r\n\r\n",
    "no version": b"GET /healthz\r\nHost: localhost\r\n\r\n", "unknown version": b"GET /healthz HTTP/9.9\r\nHost: localhost\r\n\r\n",
    "version 2": b"GET /healthz HTTP/2.0\r\nHost: localhost\r\n\r\n",
    "tab": b"GET\t/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", "space in the target": b"GET /heal thz HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "unknown method": b"GETS /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_a_head_that_breaks_the_grammar_is_refused(side, head):
    refused(side, head)


def test_spaces_in_a_row_before_the_version_are_one(side):
    """3 allows to split the line at whitespace; the message ends where it would with one."""
    [answer] = side.ask([b"GET /healthz  HTTP/1.1\r\nHost: localhost\r\n\r\n"])
    assert answer.status == 200


# 7.1: a chunk is its size, its bytes and CRLF. What is wrong in a body shows after the head was handed on, so a route that does not wait for
# the body has answered by then. There is one answer in any case, and nothing behind it is read (2.2, 8).
CHUNKS = {
    "no size": b"\r\n%s\r\n0\r\n\r\n" % BODY, "extension without a size": b";a=b\r\n%s\r\n0\r\n\r\n" % BODY,
    "longer than its size": b"3\r\n%s\r\n0\r\n\r\n" % BODY, "shorter than its size": b"1f\r\n%s\r\n0\r\n\r\n" % BODY,
    "no CRLF behind": b"e\r\n%s0\r\n\r\n" % BODY, "minus": b"-e\r\n%s\r\n0\r\n\r\n" % BODY, "plus": b"+e\r\n%s\r\n0\r\n\r\n" % BODY,
    "prefix": b"0xe\r\n%s\r\n0\r\n\r\n" % BODY, "space before": b" e\r\n%s\r\n0\r\n\r\n" % BODY, "space behind": b"e \r\n%s\r\n0\r\n\r\n" % BODY,
    "65 bits": b"1000000000000000e\r\n%s\r\n0\r\n\r\n" % BODY, "bare LF": b"e\n%s\n0\n\n" % BODY, "bare LF behind the size": b"e\n%s\r\n0\r\n\r\n" % BODY,
    "bare CR": b"e\r%s\r\n0\r\n\r\n" % BODY, "NUL in an extension": b"e;a=\0\r\n%s\r\n0\r\n\r\n" % BODY,
    "bare LF in an extension": b"e;a=b\nc\r\n%s\r\n0\r\n\r\n" % BODY, "obs-fold in a trailer": b"e\r\n%s\r\n0\r\nA: b\r\n c\r\n\r\n" % BODY,
    "space before a trailer's colon": b"e\r\n%s\r\n0\r\nA : b\r\n\r\n" % BODY,
}


@ROUTES
@pytest.mark.parametrize("body", CHUNKS.values(), ids=CHUNKS)
def test_a_chunk_that_breaks_the_grammar_ends_its_connection(side, route, body):
    found = side.exchange(message(side, route, "Transfer-Encoding: chunked", body=body), HIDDEN)
    assert [each.status for each in found] == [400 if route is READS else 200], found
    assert not is_read(found[0]) if route is READS else not is_hidden(found[0])
    assert found[0].headers["connection"] == "close" and not is_hidden(found[0])


# What is unusual and beyond doubt. RFC 9110, 5.6.3: spaces around a value; 7.1.1: extensions are passed over; 6.1: names of codings in any case.
LEGAL = {
    "spaces around the length": (["Content-Length: \t14 "], BODY), "zeros before the length": (["Content-Length: 00014"], BODY),
    "spaces around the coding": (["Transfer-Encoding: \tchunked"], chunked()), "capital letters": (["transfer-encoding: CHUNKED"], chunked()),
    "zeros before the size": (["Transfer-Encoding: chunked"], b"000E\r\n%s\r\n000\r\n\r\n" % BODY),
    "chunks of a byte": (["Transfer-Encoding: chunked"], b"".join(b"1\r\n%c\r\n" % byte for byte in BODY) + b"0\r\n\r\n"),
    "an extension of 10 kB": (["Transfer-Encoding: chunked"], b'e;a=%s;b="%s"\r\n%s\r\n0\r\n\r\n' % (b"x" * 5000, b"y" * 5000, BODY)),
}


@ROUTES
@pytest.mark.parametrize("fields, body", LEGAL.values(), ids=LEGAL)
def test_a_body_beyond_doubt_is_read_to_its_end(side, route, fields, body):
    [answer] = side.ask([message(side, route, *fields, body=body)])
    assert is_read(answer) if route is READS else answer.status == 200, answer


def test_trailers_change_nothing(side):
    """RFC 9110, 6.5.1: fields of framing, routing and authentication are none of a trailer's. The parser refuses those of framing."""
    body = f"0\r\n{side.bearer}\r\nHost: evil.example\r\nX-Forwarded-For: 127.0.0.1\r\n\r\n".encode()
    first, second = side.ask([side.request("/api/v1/session", "Transfer-Encoding: chunked", body=body), side.request("/api/v1/session")])
    assert (first.status, second.status) == (401, 401)
    found = side.exchange(message(side, READS, "Transfer-Encoding: chunked", body=b"0\r\nContent-Length: 5\r\n\r\n"), HIDDEN)
    assert [each.status for each in found] == [400] and not is_hidden(found[0]), found


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "OPTIONS"])
def test_the_body_of_a_method_without_one_is_no_request(side, method):
    """RFC 9110, 9.3.1: it has no meaning, but it has an end."""
    for fields, body in ([f"Content-Length: {len(HIDDEN)}"], HIDDEN), (["Transfer-Encoding: chunked"], chunked(HIDDEN)):
        [answer] = side.ask([side.request("/healthz", *fields, method=method, body=body)])
        assert answer.status == (200 if method in ("GET", "HEAD") else 405), answer


def test_each_of_several_requests_has_its_own_answer_and_its_own_asker(side):
    """9.3.2: in their order. Who asks is found out for each of them."""
    own, none = side.request("/api/v1/session", side.bearer), side.request("/api/v1/session")
    # Refused for who asks, for its host, for its path, for its body, which is a request, and for the body's length.
    wrong = side.request("/api/v1/session", "Authorization: Bearer none")
    foreign = side.request("/api/v1/session", side.bearer, host="evil.example")
    large = 70_000 // len(HIDDEN) * HIDDEN
    requests = [
        own, none, own, wrong, none, foreign, none, HIDDEN, own,
        message(side, READS, f"Content-Length: {len(HIDDEN)}", body=HIDDEN), none,
        side.request("/api/v1/session", f"Content-Length: {len(large)}", method="POST", body=large), none, own,
        side.request("/api/v1/session", side.bearer, method="HEAD"), none,
    ]
    found = side.ask(requests)
    assert [each.status for each in found] == [200, 401, 200, 401, 401, 403, 401, 404, 200, 400, 401, 413, 401, 200, 200, 401]
    assert [is_hidden(each) for each in found] == [request == HIDDEN for request in requests]
    assert len({each.headers["x-request-id"] for each in found}) == len(found)


def test_a_refused_message_ends_what_follows_it(side):
    """An answered request before it keeps its answer, and the owner's behind it is never read."""
    own = side.request("/api/v1/session", side.bearer)
    for fields in LENGTHS["different"], CODINGS["unknown"]:
        first, second = side.exchange(own, message(side, READS, *fields), own, HIDDEN)
        assert (first.status, second.status) == (200, 400) and b"name" not in second.body and not is_hidden(second)


# RFC 9112, 9.6, and RFC 9110, 7.6.1: options in any case and in a list; 9.3: HTTP/1.0 ends unless it says otherwise. RFC 9110, 7.8 and 9.3.6:
# `Upgrade` may be passed over, and CONNECT is refused; what follows either may be meant for another protocol.
LASTS = {
    "close": (b"HTTP/1.1", "GET /healthz", "Connection: close", 200), "in capitals": (b"HTTP/1.1", "GET /healthz", "Connection: Close", 200),
    "in a list": (b"HTTP/1.1", "GET /healthz", "Connection: keep-alive, close", 200), "version 1.0": (b"HTTP/1.0", "GET /healthz", "Accept: */*", 200),
    "upgrade": (b"HTTP/1.1", "GET /healthz", "Connection: Upgrade\r\nUpgrade: h2c", 200), "WebSocket": (b"HTTP/1.1", "GET /healthz", "Connection: upgrade\r\nUpgrade: websocket", 200),
    "tunnel": (b"HTTP/1.1", "CONNECT evil.example:443", "Accept: */*", 403), "tunnel to itself": (b"HTTP/1.1", "CONNECT localhost:443", "Accept: */*", 404),
}


@pytest.mark.parametrize("version, line, field, status", LASTS.values(), ids=LASTS)
def test_nothing_is_read_after_the_last_request(side, version, line, field, status):
    method, target = line.split()
    host = target.partition(":")[0] if method == "CONNECT" else "localhost"
    text = side.request(target, field, method=method, host=host).replace(b"HTTP/1.1", version, 1)
    [answer] = side.exchange(text, HIDDEN)
    assert answer.status == status and answer.headers["connection"] == "close" and not is_hidden(answer)


def test_a_request_without_end_is_cut_off(side):
    """A chunk's extension (7.1.1 asks for a limit), a body that no route waits for, and what follows `Upgrade`."""
    piece = bytes(64) * 1024
    endless = (
        message(side, IGNORES, "Transfer-Encoding: chunked", body=b"e;a="), b"x" * 65_536,
        message(side, IGNORES, "Content-Length: 1000000000", body=b""), piece,
        message(side, IGNORES, "Connection: Upgrade", "Upgrade: none", body=b""), piece,
    )
    for beginning, more in zip(endless[::2], endless[1::2]):
        with side._context.wrap_socket(side.plain(), server_hostname="localhost") as wire:
            wire.settimeout(60)
            # Twice the limit. What comes after it is thrown away until both sides have ended TLS.
            with contextlib.suppress(ConnectionError, ssl.SSLError):
                wire.sendall(beginning)
                for _ in range(16):
                    wire.sendall(more)
            # Without a limit the server would go on waiting for the rest, and this would time out.
            with contextlib.suppress(ConnectionError, ssl.SSLError):
                while wire.recv(65_536):
                    pass


# RFC 9110, 5.4: more than a server wants is refused with a status of 4xx; RFC 9112, 3, would have 414 for a target.
def test_a_head_has_limits(side):
    fields = [f"A{number}: b" for number in range(99)]
    [answer] = side.ask([side.request("/healthz", *fields)])
    assert answer.status == 200
    refused(side, side.request("/healthz", *fields, "A: b"))
    refused(side, side.request("/healthz", "A: " + "b" * 16_400))
    refused(side, side.request("/healthz", "A" * 16_400 + ": b"))
    refused(side, side.request("/healthz", *(f"A{number}: " + "b" * 4000 for number in range(9))))
    refused(side, side.request("/" + "a" * 16_400))
    trailers = b"".join(b"A%d: b\r\n" % number for number in range(101))
    found = side.exchange(message(side, READS, "Transfer-Encoding: chunked", body=b"0\r\n" + trailers + b"\r\n"), HIDDEN)
    assert [each.status for each in found] == [400] and not is_hidden(found[0])


def test_a_host_that_is_none_of_the_servers_is_refused(side):
    """3.2: 400 without one, and for two, equal ones too. For what is no host it asks for 400 as well; here that is refused like a foreign name."""
    absent = b"GET /healthz HTTP/1.1\r\nConnection: keep-alive\r\n\r\n"
    two = [side.request("/healthz", f"Host: {other}") for other in ("evil.example", side.host)]
    hosts = ["evil.example", f"{side.host}/evil", "evil.example/", "localhost@evil.example", "evil.example@localhost", "localhost, evil.example", "localhost evil.example", "localhost:80:80", "localhost#", "localhost?"]
    foreign = [side.request("/healthz", host=host) for host in hosts]
    # 3.2.2: the host of the target counts, not the field's.
    targets = [f"{EVIL}/healthz", "http://localhost@evil.example/healthz", "http://evil.example?@localhost/healthz", "http://evil.example:80/healthz"]
    foreign += [side.request(target) for target in targets]
    overrides = ["X-Forwarded-Host: localhost", "X-Host: localhost", "Forwarded: host=localhost", "X-HTTP-Host-Override: localhost", "X-Original-URL: /healthz", "X-Rewrite-URL: /healthz"]
    foreign += [side.request("/healthz", field, host="evil.example") for field in overrides]
    own = [side.request(f"https://{side.host}/healthz", host="evil.example"), side.request("/healthz", "X-Forwarded-Host: evil.example"), side.request("/healthz", "X-Original-URL: /nobody/asked")]
    found = side.ask([absent, *two, *foreign, *own])
    assert [each.status for each in found] == [400] * 3 + [403] * len(foreign) + [200] * len(own), found
    assert not any(b"evil" in each.body or is_hidden(each) for each in found)


# A file of the pages, a page, a clip and an archived one, with every way out of a folder.
PREFIXES = ("/", "/ui/", "/events/", "/api/v1/clips/", "/api/v1/events/", "/api/v1/archive/", "/api/v1/cameras/")
FILES = ("edge.sqlite", "identity.sqlite", "owner.token", "local.token", "etc/passwd", "edge.yaml", "web-authority/authority.pem")
UPS = ("../", "..%2f", "%2e%2e/", "%2e%2e%2f", "%252e%252e%252f", "..\\", "..%5c", "..;/", ".%00./", "..%c0%af", "%uff0e%uff0e/", "//", "./../", "...//")


def test_no_path_leads_out_of_what_is_served(side):
    paths = [prefix + up * 4 + file for prefix in PREFIXES for up in UPS for file in FILES[:2] + FILES[4:5]]
    paths += [prefix + up + file for prefix in PREFIXES[:4] for up in UPS[:4] for file in FILES]
    paths += [f"{prefix}{name}" for prefix in PREFIXES for name in ("/etc/passwd", "%2fetc%2fpasswd", "file:%2f%2f%2fetc%2fpasswd", "x%00.mp4", "..%2f..%2fedge.sqlite%00.mp4", ".", "..", "...", "~root", "C:\\", "con")]
    for begin in range(0, len(paths), 200):
        asked = paths[begin:begin + 200]
        for path, answer in zip(asked, side.ask([side.request(path, side.bearer) for path in asked])):
            # Pages name an item in their path; whatever it says, it is the same page.
            is_page = answer.status == 200 and answer.body.startswith(b"<!doctype html>") and path.startswith("/events/")
            assert answer.status in (400, 403, 404) or is_page or path in ("/.", "/..", "/..."), f"{path}: {answer}"
            assert not re.search(rb"SQLite format|PRIVATE KEY|CERTIFICATE|root:|state:", answer.body), path


def test_other_spellings_of_a_path_open_nothing(side):
    """Slashes in a row count as one. What is refused under a path's own spelling is refused under every other."""
    paths = ["//api/v1/session", "/api//v1/session", "/api/v1/session/", "/api/v1/./session", "/x/../api/v1/session", "/%61pi/v1/session", "/API/v1/session", "/api/v1/session%20", "/api/v1/session;a=b", "/api/v1/session%3f", "/api/v1%2fsession", "\\api\\v1\\session", "/api/v1/session#"]
    for path, answer in zip(paths, side.ask([side.request(path) for path in paths if not path.startswith("\\")])):
        assert answer.status in (400, 401, 404), f"{path}: {answer}"
    # A link from another site opens pages alone.
    link = ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"]
    targets = ["/api/v1/session", "//api/v1/session", "///api/v1/session", f"https://{side.host}//api/v1/session"]
    assert [each.status for each in side.ask([side.request(target, side.bearer, *link) for target in targets])] == [403] * len(targets)


def described(side, method="GET"):
    """Returns the operations of a method in the server's description, by path."""
    found = {each.path: each for each in side.operations if each.method == method and not ROWS[each.row].endless}
    assert len(found) > 15
    return found


def filled(path, identifier="0192f7c0-6c1e-7d3a-9d5b-0f6f2f4f1a2b"):
    return re.sub(r"\{\w+\}", identifier, path)


def test_no_answer_leads_elsewhere(side):
    """Over TLS nothing is redirected, whatever a query asks for."""
    query = "&".join(f"{name}=https%3A%2F%2Fevil.example" for name in ("next", "url", "redirect", "return", "continue", "to"))
    paths = ["/", "/login", "/events", "/setup", "//evil.example/", "//evil.example/%2f..", "/\\evil.example", *map(filled, described(side))]
    asked = [side.request(f"{path}?{query}", side.bearer) for path in paths] + [side.request(f"{path}/", side.bearer) for path in paths]
    for answer in side.ask(asked):
        assert not 300 <= answer.status < 400 and not {"location", "refresh", "content-location", "link"} & set(answer.headers), answer
        assert b"http-equiv" not in answer.body


def test_a_plain_request_is_sent_to_the_same_host_only(side):
    """test_tls.py has the usual ones. What a browser would make of the answer counts: it takes `\\` for `/`."""
    targets = ["//evil.example/", "/\\evil.example/", "///evil.example", "/%0d%0aLocation:%20https://evil.example/", "/.evil.example", "/@evil.example", f"http://{side.host}/", f"{EVIL}/", "evil.example", "*", "@evil.example/", ".evil.example/"]
    for target in targets:
        with side.plain() as wire:
            wire.sendall(side.request(target))
            found = answers(side.read(wire))
        answer = found[0] if found else None
        if target.startswith("/"):
            assert answer and answer.status == 308 and answer.headers["location"] == f"https://{side.host}{target}", answer
        else:
            # What the parser takes for no HTTP gets no answer at all.
            assert answer is None or answer.status == 400 and "location" not in answer.headers, answer


def test_no_other_origin_is_allowed_anything(side):
    methods = ["GET", "POST", "PUT", "DELETE"]
    paths = sorted({filled(each.path) for each in side.operations if not ROWS[each.row].endless})
    origins = [EVIL, "null", f"https://{side.host}.evil.example", f"http://{side.host}", "https://localhost"]
    ask = ["Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: authorization, x-guardian-request"]
    requests = [side.request(path, side.bearer, f"Origin: {EVIL}", method=method) for path in paths for method in methods]
    requests += [side.request(path, f"Origin: {EVIL}", *ask, method="OPTIONS") for path in paths]
    requests += [side.request("/api/v1/session", side.bearer, f"Origin: {origin}") for origin in origins]
    own = [side.request("/api/v1/session", side.bearer, f"Origin: https://{side.host}")]
    for begin in range(0, len(requests), 200):
        for answer in side.ask(requests[begin:begin + 200]):
            assert answer.status == 403 and not any(name.startswith("access-control-") for name in answer.headers), answer
    [answer] = side.ask(own)
    assert answer.status == 200 and not any(name.startswith("access-control-") for name in answer.headers)


def identifiers(side):
    """Returns identifiers that exist by now: {what a path names with them: identifier}."""
    found = {"account": side.api.json("/api/v1/users")["items"][0]["id"]}
    for kind, path, name in (
        ("camera", "/api/v1/cameras", "id"), ("event", "/api/v1/events", "id"), ("clip", "/api/v1/clips", "id"),
        ("archived clip", "/api/v1/archive", "clipId"), ("archived picture", "/api/v1/archive/events", "eventId"),
    ):
        answer = side.api.get(path, params={} if kind == "camera" else {"limit": 20})
        # A node has no cameras and no clips of its own.
        if answer.status_code == 200 and (items := [each for each in answer.json()["items"] if each.get("parts", True)]):
            found[kind] = items[-1][name]
    return found


def test_private_answers_are_not_kept(side):
    """RFC 9111, 5.2.2. What the description answers with 304 may be kept by the browser that asked, and is asked for at each use."""
    until(lambda: side.api.json("/api/v1/events?limit=1")["items"], 60, "there is an event")
    known = identifiers(side)
    kept = set()
    for path, operation in described(side).items():
        row, can_be_kept = ROWS[operation.row], "304" in side.document["paths"][path]["get"]["responses"]
        query = "?part=0" if operation.row == "archivedClip" else ""
        targets = [filled(path)] + ([filled(path, known[row.of])] if row.of in known else [])
        *owners, nobodys = side.ask([side.request(target + query, side.bearer, "Range: bytes=0-9") for target in targets] + [side.request(targets[-1] + query, "Via: 1.1 proxy")])
        for answer in owners:
            if can_be_kept and answer.status in (200, 206):
                kept.add(operation.row)
                # Of a clip that is being recorded nothing is kept. The description is the same for everybody.
                assert answer.headers["cache-control"] in ("private, no-cache", "no-store") or operation.row == "description" and answer.headers["cache-control"] == "no-cache", f"{path}: {answer.headers}"
            else:
                assert answer.headers["cache-control"] == "no-store", f"{path}: {answer.status} {answer.headers}"
        assert nobodys.headers["cache-control"] == "no-store" and (nobodys.status == 401 or row.least == EVERYONE), f"{path}: {nobodys}"
    assert {"description", "eventSnapshot"} <= kept or side.name == "node" and "description" in kept, kept
