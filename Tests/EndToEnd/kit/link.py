"""The connection between an edge and its node, which tests can interrupt."""

import threading

from kit.relay import Relay


class Link(Relay):
    """A silent link forwards nothing and accepts connections without answering, like an unplugged cable. A closed link ends
    all connections, new ones too."""

    def __init__(self, target):
        self.flowing, self.closed = threading.Event(), False
        self.flowing.set()
        super().__init__(target)

    def silence(self):
        self.flowing.clear()

    def close(self):
        self.closed = True
        self.disconnect_all()

    def restore(self):
        self.closed = False
        self.flowing.set()

    def stop(self):
        self.closed = True
        self.flowing.set()
        super().stop()

    def serve(self, client):
        self.flowing.wait()
        if not self.closed:
            self.forward(client)

    def copy(self, source, sink, _is_answer):
        while piece := source.recv(1 << 16):
            self.flowing.wait()
            sink.sendall(piece)
