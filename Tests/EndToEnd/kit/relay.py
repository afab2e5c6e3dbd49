"""A TCP relay to a port of this machine, the base of relays that inject faults."""

import contextlib
import socket
import threading

HOST = "127.0.0.1"


class Relay:
    """Subclasses inject faults: `serve` handles one connection, `copy` transfers the bytes of one direction."""

    def __init__(self, target):
        self.target = target
        self.lock, self.sockets = threading.Lock(), set()
        self.listener = socket.create_server((HOST, 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._handle, args=(client,), daemon=True).start()

    def _handle(self, client):
        with contextlib.suppress(OSError), self.tracked(client):
            self.serve(client)

    @contextlib.contextmanager
    def tracked(self, one):
        """Registers a socket for `disconnect_all`, and closes it at the end."""
        with self.lock:
            self.sockets.add(one)
        try:
            yield one
        finally:
            with self.lock:
                self.sockets.discard(one)
            one.close()

    def serve(self, client):
        self.forward(client)

    def forward(self, client, *options):
        """Forwards both directions until both have ended. `options` are passed to `copy`."""
        with self.tracked(socket.create_connection((HOST, self.target))) as server:
            for one in (client, server):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            answers = threading.Thread(target=self._copy, args=(server, client, True, *options), daemon=True)
            answers.start()
            self._copy(client, server, False, *options)
            answers.join()

    def _copy(self, source, sink, is_answer, *options):
        with contextlib.suppress(OSError):
            self.copy(source, sink, is_answer, *options)
        disconnect(source, sink)

    def copy(self, source, sink, _is_answer):
        while piece := source.recv(1 << 16):
            sink.sendall(piece)

    def disconnect_all(self):
        """Ends all existing connections."""
        with self.lock:
            disconnect(*self.sockets)

    def stop(self):
        self.listener.close()
        self.disconnect_all()


def disconnect(*sockets):
    for one in sockets:
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
