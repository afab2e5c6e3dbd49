"""What a client of HTTP/2 can cost the edge's web server with a request that does not end. Frames are written by hand (RFC 9113, 4.1)."""

import ssl
import struct

import pytest

from kit.secure_edge import SecureEdge

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RESET, SETTINGS, GOAWAY, CONTINUATION = 0, 1, 3, 4, 7, 9
END_STREAM, END_HEADERS = 1, 4
CANCEL = struct.pack(">I", 8)
# GET / of https, from the static table (RFC 7541, appendix A).
GET = bytes([0x82, 0x84, 0x87])


@pytest.fixture(scope="module")
def edge(tmp_path_factory):
    running = SecureEdge(tmp_path_factory.mktemp("http2"))
    try:
        yield running.until_up()
    finally:
        running.stop()


def frame(kind, payload=b"", flags=0, stream=1):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def connect(edge):
    context = edge.trusting()
    context.set_alpn_protocols(["h2"])
    wire = edge.connect(context)
    assert wire.selected_alpn_protocol() == "h2"
    wire.settimeout(60)
    wire.sendall(PREFACE + frame(SETTINGS, stream=0))
    return wire


def get(edge):
    host = f"localhost:{edge.port}".encode()
    # :authority, literal without indexing.
    return GET + bytes([0x01, len(host)]) + host


def cancel_requests(wire, edge, numbers):
    """Sends requests and cancels each of them."""
    for number in numbers:
        wire.sendall(frame(HEADERS, get(edge), END_HEADERS | END_STREAM, 2 * number + 1) + frame(RESET, CANCEL, stream=2 * number + 1))


def read(wire, count):
    data = b""
    while len(data) < count:
        piece = wire.recv(count - len(data))
        assert piece, "the server has closed the connection"
        data += piece
    return data


def read_frame(wire):
    """Returns kind and stream of the next frame."""
    head = read(wire, 9)
    read(wire, int.from_bytes(head[:3], "big"))
    return head[3], int.from_bytes(head[5:], "big")


def until_closed(wire):
    """Reads until the server closes the connection; fails when nothing comes for as long as the socket waits."""
    try:
        while wire.recv(65_536):
            pass
    except (ConnectionError, ssl.SSLError):
        pass


def test_a_request_is_answered(edge):
    with connect(edge) as wire:
        block = get(edge)
        wire.sendall(frame(HEADERS, block[:5]) + frame(CONTINUATION, block[5:], END_HEADERS))
        wire.sendall(frame(DATA, flags=END_STREAM))
        while read_frame(wire)[0] != HEADERS:
            pass


def test_a_client_may_cancel_hundreds_of_requests_as_browsers_do_within_a_film(edge):
    with connect(edge) as wire:
        cancel_requests(wire, edge, range(600))
        wire.sendall(frame(HEADERS, get(edge), END_HEADERS | END_STREAM, 1201))
        answered = None
        while answered != (HEADERS, 1201):
            answered = read_frame(wire)
            assert answered[0] != GOAWAY, "the server ends the connection"


def test_a_flood_of_cancelled_requests_ends_the_connection(edge):
    with connect(edge) as wire:
        try:
            cancel_requests(wire, edge, range(20_000))
        except (ConnectionError, ssl.SSLError):
            pass
        until_closed(wire)


def test_a_flood_of_continuation_frames_ends_the_connection(edge):
    with connect(edge) as wire:
        wire.sendall(frame(HEADERS, GET))
        try:
            for _ in range(1000):
                wire.sendall(frame(CONTINUATION))
        except (ConnectionError, ssl.SSLError):
            pass
        until_closed(wire)


def test_a_block_of_headers_that_comes_byte_by_byte_ends_the_connection(edge):
    with connect(edge) as wire:
        # Announces more than it sends.
        wire.sendall(frame(HEADERS, GET + bytes(4000))[: 9 + len(GET)])
        wire.settimeout(1)
        # At a byte a second it would take more than an hour.
        for _ in range(60):
            try:
                if not wire.recv(65_536):
                    return
            except TimeoutError:
                pass
            except (ConnectionError, ssl.SSLError):
                return
            try:
                wire.sendall(b"\0")
            except OSError:
                return
    pytest.fail("the server keeps the connection")
