"""The line between a recorder and its node, which somebody can cut."""

import contextlib
import socket
import threading


class Link:
    """Passes TCP connections on to a port of this machine. A line that is silent holds what is on it and takes new
    connections without a word, as a cable that hangs in the air; a line that is closed ends them, and refuses new ones."""

    def __init__(self, target):
        self.target = target
        self.flowing, self.closed = threading.Event(), False
        self.flowing.set()
        self.pairs, self.lock = set(), threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def silence(self):
        self.flowing.clear()

    def close(self):
        self.closed = True
        self.end_all()

    def mend(self):
        self.closed = False
        self.flowing.set()

    def stop(self):
        self.closed = True
        self.listener.close()
        self.flowing.set()
        self.end_all()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.connect, args=(near,), daemon=True).start()

    def connect(self, near):
        self.flowing.wait()
        try:
            if self.closed:
                raise ConnectionError
            far = socket.create_connection(("127.0.0.1", self.target))
        except OSError:
            near.close()
            return
        for end in (near, far):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self.lock:
            self.pairs.add((near, far))
        threading.Thread(target=self.carry, args=(near, far), daemon=True).start()
        self.carry(far, near)
        with self.lock:
            self.pairs.discard((near, far))

    def carry(self, source, sink):
        with contextlib.suppress(OSError):
            while piece := source.recv(1 << 16):
                self.flowing.wait()
                sink.sendall(piece)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def end_all(self):
        with self.lock:
            ends = [end for pair in self.pairs for end in pair]
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
