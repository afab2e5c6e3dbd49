"""The line between a recorder and its node, which somebody can cut."""

import threading

from kit.relay import Relay


class Link(Relay):
    """A line that is silent holds what is on it and takes new connections without a word, as a cable that hangs in the air; a
    line that is closed ends them, and refuses new ones."""

    def __init__(self, target):
        self.flowing, self.closed = threading.Event(), False
        self.flowing.set()
        super().__init__(target)

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
        self.flowing.set()
        super().stop()

    def serve(self, near):
        self.flowing.wait()
        if not self.closed:
            self.pass_on(near)

    def carry(self, source, sink, _is_answer):
        while piece := source.recv(1 << 16):
            self.flowing.wait()
            sink.sendall(piece)
