"""A proxy before a server that does to its clients what networks and overloaded servers do."""

import contextlib
import socket
import threading
import time
import urllib.parse

HOST = "127.0.0.1"
BUSY = b'<?xml version="1.0"?><Error><Code>SlowDown</Code><Message>as asked</Message></Error>'


class FaultyProxy:
    """`mode` is what happens to everybody from now on; a change cuts the connections that there are.

    `pass`; `down`: nobody answers; `busy`: 503 to every request; `slow`: 200 kB a second each way; `half`: the server
    does what is asked, and its answers end after 20 bytes."""

    def __init__(self, endpoint):
        self.upstream = (HOST, urllib.parse.urlsplit(endpoint).port)
        self.listener = socket.create_server((HOST, 0))
        self.endpoint = f"http://{HOST}:{self.listener.getsockname()[1]}"
        self.lock, self.open = threading.Lock(), set()
        self.now = "pass"
        # How many connections each mode has met.
        self.met = {}
        threading.Thread(target=self.accept, daemon=True).start()

    @property
    def mode(self):
        return self.now

    @mode.setter
    def mode(self, mode):
        with self.lock:
            self.now = mode
            for one in self.open:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        with self.lock:
            mode = self.now
            self.met[mode] = self.met.get(mode, 0) + 1
            self.open.add(client)
        try:
            if mode == "busy":
                self.refuse(client)
            elif mode != "down":
                self.forward(client, mode)
        except OSError:
            pass
        finally:
            with self.lock:
                self.open.discard(client)
            client.close()

    def refuse(self, client):
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

    def forward(self, client, mode):
        with socket.create_connection(self.upstream) as server:
            with self.lock:
                self.open.add(server)
            try:
                back = threading.Thread(target=self.pipe, args=(server, client, mode, 20 if mode == "half" else None), daemon=True)
                back.start()
                self.pipe(client, server, mode, None)
                back.join()
            finally:
                with self.lock:
                    self.open.discard(server)

    @staticmethod
    def pipe(source, target, mode, limit):
        try:
            while piece := source.recv(1 << 14 if mode == "slow" else 1 << 16):
                if mode == "slow":
                    time.sleep(len(piece) / 200_000)
                if limit is not None:
                    target.sendall(piece[:limit])
                    break
                target.sendall(piece)
        except OSError:
            pass
        for one in (source, target):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()
        self.mode = "down"
