"""An edge without cameras, for tests of its web server."""

import socket
import ssl

from kit.places import GUARDIAN, TOOLS
from kit.ports import free_ports
from kit.processes import Process
from kit.waiting import until


class SecureEdge:
    """An edge without cameras, and how it is reached."""

    def __init__(self, folder, web=""):
        folder.mkdir(parents=True, exist_ok=True)
        self.port = free_ports(1)[0]
        self.state = folder / "edge"
        self.authority = self.state / "web-authority" / "authority.pem"
        file = folder / "edge.yaml"
        file.write_text(
            f"state: {self.state}\nweb: {{port: {self.port}{web}}}\n"
            f"inference: {{model: {TOOLS}/model, runtime: {TOOLS}/openvino/libs}}\n")
        file.chmod(0o600)
        self.process = Process([GUARDIAN, "edge", "--config", file], folder, "edge")

    def until_up(self):
        until(lambda: socket.create_connection(("127.0.0.1", self.port), 5).close() is None, 60, "the edge listens")
        return self

    def stop(self):
        self.process.stop()

    def connect(self, context, name="localhost"):
        plain = socket.create_connection(("127.0.0.1", self.port), 60)
        try:
            return context.wrap_socket(plain, server_hostname=name)
        except BaseException:
            plain.close()
            raise

    def trusting(self, authority=None):
        return ssl.create_default_context(cafile=authority or self.authority)

    def certificate(self, context):
        with self.connect(context) as wire:
            return wire.getpeercert(binary_form=True)

    def says(self, *lines):
        """Sends lines without TLS, and returns all that is answered until the server closes."""
        with socket.create_connection(("127.0.0.1", self.port), 60) as wire:
            wire.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
            answer = b""
            while piece := wire.recv(4096):
                answer += piece
            return answer.decode("latin-1")
