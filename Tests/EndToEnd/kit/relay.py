"""TCP connections, passed on to a port of this machine by somebody who may interfere."""

import contextlib
import socket
import threading

HOST = "127.0.0.1"


class Relay:
    """What becomes of a connection is `serve`'s, of its bytes `carry`'s: those who interfere have their own."""

    def __init__(self, target):
        self.target = target
        self.lock, self.open = threading.Lock(), set()
        self.listener = socket.create_server((HOST, 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._attend, args=(near,), daemon=True).start()

    def _attend(self, near):
        with contextlib.suppress(OSError), self.held(near):
            self.serve(near)

    @contextlib.contextmanager
    def held(self, one):
        """A socket that `end_all` ends, closed behind it."""
        with self.lock:
            self.open.add(one)
        try:
            yield one
        finally:
            with self.lock:
                self.open.discard(one)
            one.close()

    def serve(self, near):
        self.pass_on(near)

    def pass_on(self, near, *how):
        """Both ways, until both are at their end; `how` goes to `carry`."""
        with self.held(socket.create_connection((HOST, self.target))) as far:
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            back = threading.Thread(target=self._carry, args=(far, near, True, *how), daemon=True)
            back.start()
            self._carry(near, far, False, *how)
            back.join()

    def _carry(self, source, sink, is_answer, *how):
        with contextlib.suppress(OSError):
            self.carry(source, sink, is_answer, *how)
        end(source, sink)

    def carry(self, source, sink, _is_answer):
        while piece := source.recv(1 << 16):
            sink.sendall(piece)

    def end_all(self):
        """Ends the connections that there are."""
        with self.lock:
            end(*self.open)

    def stop(self):
        self.listener.close()
        self.end_all()


def end(*sockets):
    for one in sockets:
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
