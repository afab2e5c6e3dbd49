"""A TCP proxy in front of a server that simulates faults of networks and overloaded servers."""

import time
import urllib.parse

from kit.relay import HOST, Relay

BUSY = b'<?xml version="1.0"?><Error><Code>SlowDown</Code><Message>as asked</Message></Error>'


class FaultyProxy(Relay):
    """`mode` applies to all new connections; setting it ends the existing ones.

    `pass`: forwards everything; `down`: closes every connection; `busy`: answers every request with 503; `slow`: forwards 200 kB/s
    each way; `half`: forwards requests, but cuts every answer after 20 bytes."""

    def __init__(self, endpoint):
        self.current = "pass"
        # Connections per mode.
        self.connections = {}
        super().__init__(urllib.parse.urlsplit(endpoint).port)
        self.endpoint = f"http://{HOST}:{self.port}"

    @property
    def mode(self):
        return self.current

    @mode.setter
    def mode(self, mode):
        self.current = mode
        self.disconnect_all()

    def serve(self, client):
        mode = self.current
        with self.lock:
            self.connections[mode] = self.connections.get(mode, 0) + 1
        if mode == "busy":
            self.refuse(client)
        elif mode != "down":
            self.forward(client, mode)

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

    def copy(self, source, sink, is_answer, mode):
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
        self.current = "down"
        self.stop()
