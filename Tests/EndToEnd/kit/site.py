"""A recorder before its first run, and its people."""

import base64
import hashlib
import hmac
import struct
import time

import requests

from kit.camera import Camera
from kit.places import GUARDIAN, LOOPS, TOOLS
from kit.ports import free_ports
from kit.processes import Process
from kit.waiting import until

PASSWORD = "correct horse battery"
# Nobody is there: each look for people takes time of a core, and most tests need none.
CAMERAS = {"front": "empty", "yard": "empty"}
BUSY = {"front": "street", "yard": "campus"}


class Site:
    """A recorder with two cameras and no accounts. The owner is logged in with the API once `set_up` was called, and prepares what
    a test needs. `configured`: those of CAMERAS that its configuration names; `settings`: more lines of it; `scenes`: what they show."""

    def __init__(self, folder, configured=tuple(CAMERAS), settings="", scenes=CAMERAS):
        self.state = folder / "edge"
        port = free_ports(1)[0]
        self.base = f"https://127.0.0.1:{port}"
        self.camera = Camera(folder, {name: LOOPS / f"{loop}.ts" for name, loop in scenes.items()})
        cameras = "".join(f'  - {{id: {name}, name: {name.title()}, source: "{url}"}}\n' for name, url in self.camera.urls.items() if name in configured)
        file = folder / "edge.yaml"
        file.write_text(
            f"state: {self.state}\nweb: {{address: 127.0.0.1, port: {port}}}\n"
            f"inference: {{model: {TOOLS}/model, runtime: {TOOLS}/openvino/libs}}\n{settings}"
            + (f"cameras:\n{cameras}" if cameras else "")
        )
        file.chmod(0o600)
        self.process = Process([GUARDIAN, "edge", "--config", file], folder, "edge")
        self._owner = requests.Session()
        self._owner.trust_env = False
        try:
            until(self.is_up, 60, "the edge answers")
        except AssertionError:
            self.stop()
            raise

    @property
    def secret(self):
        """Of the first run."""
        return (self.state / "setup.secret").read_text().strip()

    def is_up(self):
        assert self.process.running(), self.process.printed()[-2000:]
        authority = self.state / "web-authority" / "authority.pem"
        self._owner.verify = str(authority)
        return authority.exists() and self._owner.get(f"{self.base}/healthz", timeout=5).ok

    def stop(self):
        for each in (self.process, self.camera):
            each.stop()

    def set_up(self, name="Anna"):
        principal = self.send("POST", "/api/v1/setup", {"secret": self.secret, "name": name, "password": PASSWORD})
        self._owner.headers["X-Guardian-Request"] = principal["requestKey"]
        return self

    def send(self, method, path, body=None):
        """Sends a request of the owner's. Returns the JSON of the answer."""
        answer = self._owner.request(method, self.base + path, json=body, timeout=60)
        assert answer.ok, f"{path}: {answer.status_code} {answer.text[:300]}"
        return answer.json() if answer.content else None

    def add(self, name, role, cameras=None):
        """Adds an account with PASSWORD."""
        return self.send("POST", "/api/v1/users", {"name": name, "password": PASSWORD, "role": role, **({"cameras": cameras} if cameras is not None else {})})

    def cameras(self):
        return self.send("GET", "/api/v1/cameras")["items"]


def time_code(key, ahead=0):
    """Returns the code of a second factor's key (RFC 6238: SHA-1, six digits, 30 seconds); `ahead`: of so many steps later."""
    digest = hmac.new(base64.b32decode(key), struct.pack(">Q", int(time.time()) // 30 + ahead), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start:start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"
