"""A proxy before a server that does to its clients what networks and overloaded servers do."""

import time
import urllib.parse

from kit.relay import HOST, Relay

BUSY = b'<?xml version="1.0"?><Error><Code>SlowDown</Code><Message>as asked</Message></Error>'


class FaultyProxy(Relay):
    """`mode` is what happens to everybody from now on; a change cuts the connections that there are.

    `pass`; `down`: nobody answers; `busy`: 503 to every request; `slow`: 200 kB a second each way; `half`: the server
    does what is asked, and its answers end after 20 bytes."""

    def __init__(self, endpoint):
        self.now = "pass"
        # How many connections each mode has met.
        self.met = {}
        super().__init__(urllib.parse.urlsplit(endpoint).port)
        self.endpoint = f"http://{HOST}:{self.port}"

    @property
    def mode(self):
        return self.now

    @mode.setter
    def mode(self, mode):
        self.now = mode
        self.end_all()

    def serve(self, near):
        mode = self.now
        with self.lock:
            self.met[mode] = self.met.get(mode, 0) + 1
        if mode == "busy":
            self.refuse(near)
        elif mode != "down":
            self.pass_on(near, mode)

    @staticmethod
    def refuse(client):
        received = b""
        while b"\r\n\r\n" not in received:
            more = client.recv(1 << 16)
            if not more:
                return
            received += more
        head, _, body = received.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        length = next((int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length:")), 0)
        while len(body) < length and (more := client.recv(1 << 16)):
            body += more
        answer = b"" if lines[0].startswith(b"HEAD") else BUSY
        client.sendall(b"HTTP/1.1 503 Slow Down\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(answer), answer))

    def carry(self, source, sink, is_answer, mode):
        while piece := source.recv(1 << 14 if mode == "slow" else 1 << 16):
            if mode == "slow":
                time.sleep(len(piece) / 200_000)
            if mode == "half" and is_answer:
                sink.sendall(piece[:20])
                return
            sink.sendall(piece)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.now = "down"
        self.stop()
