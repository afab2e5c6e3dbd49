"""Cameras, an edge, a node and the link between the two, each started and configured separately, with the keys of a demo."""

import atexit
import base64
import functools
import os
import pathlib
import shutil
import signal
import tempfile

from kit.api import API
from kit.camera import Camera
from kit.demo import Demo
from kit.link import Link
from kit.places import GUARDIAN, TOOLS
from kit.ports import free_ports
from kit.processes import Process
from kit.waiting import until


class Installation:
    """`mounts`: camera name → video file. `archive`: whether the edge archives. `store`: the value of the node's `archive`
    setting; `policy`, `recording`: more settings of the edge's `archive` and `recording`; `settings`: more lines of its file. `direct`: the edge connects to the node
    without the link that tests can cut."""

    def __init__(self, folder, mounts, *, archive=True, store=None, environment=None, recording="", policy="", settings="", direct=False):
        self.state = pathlib.Path(folder) / "state"
        self.environment = environment
        # kind → what only that process has.
        self.environments = {}
        shutil.copytree(identity(), self.state)
        self.web, self.node_port, self.node_web, self.camera_port = free_ports(4)
        self.link = Link(self.node_port)
        self.mounts, self.cameras = mounts, None
        self.edge, self.node = API(self.web, self.state), API(self.node_web, self.state)
        self.processes = {}
        self.start_cameras()
        certificates = self.state / "certificates"
        self.write("node", f"grpc:\n  address: 127.0.0.1\n  port: {self.node_port}\n  certificate: {certificates}/node.pem\n"
                   f"  key: {certificates}/node.key\n  authority: {certificates}/authority.pem\nweb: {{address: 127.0.0.1, port: {self.node_web}, authority: {self.state}/web-authority}}\n"
                   f"archive: {store or f'{{folder: {self.state}/archive}}'}\n")
        cameras = "".join(f'  - {{id: {name}, name: {name}, source: "{url}"}}\n' for name, url in self.cameras.urls.items())
        self.write("edge", f"web: {{address: 127.0.0.1, port: {self.web}, authority: {self.state}/web-authority}}\nnode:\n  address: \"localhost:{self.node_port if direct else self.link.port}\"\n"
                   f"  certificate: {certificates}/edge.pem\n  key: {certificates}/edge.key\n  authority: {certificates}/authority.pem\n"
                   + settings + (f"archive: {{recipientsFile: {self.state}/recipients{policy}}}\n" if archive else "")
                   + f"recording: {{keepFreeMegabytes: 256{recording}}}\ninference: {{model: {TOOLS}/model, runtime: {TOOLS}/openvino/libs}}\n"
                   f"cameras:\n{cameras}")

    def write(self, kind, text):
        file = self.state / f"{kind}.yaml"
        file.write_text(f"state: {self.state}/{kind}\n{text}")
        file.chmod(0o600)

    def start_cameras(self):
        """Starts the cameras, always on the same port."""
        self.cameras = Camera(self.state.parent, self.mounts, port=self.camera_port)

    def start(self, *kinds):
        for kind in kinds or ("node", "edge"):
            self.processes[kind] = Process([GUARDIAN, kind, "--config", self.state / f"{kind}.yaml"], self.state.parent, kind,
                                           {**(self.environment or {}), **self.environments.get(kind, {})})
        for kind in kinds or ("node", "edge"):
            until(lambda: self.answers(kind), 120, f"the {kind} answers")
        return self

    def answers(self, kind):
        assert self.processes[kind].running(), self.processes[kind].printed()[-2000:]
        return {"edge": self.edge, "node": self.node}[kind].get("/healthz").status_code == 200

    def kill(self, *kinds):
        """Sends SIGKILL to all of them at once."""
        for kind in kinds:
            os.kill((self.cameras if kind == "cameras" else self.processes[kind]).pid, signal.SIGKILL)
        for kind in kinds:
            (self.cameras if kind == "cameras" else self.processes[kind]).child.wait()

    def parts(self, clip):
        """Returns a clip's parts as the node lists them; none if the node does not know the clip yet."""
        answer = self.node.get(f"/api/v1/archive/{clip}")
        if answer.status_code == 404:
            return []
        assert answer.status_code == 200, answer.text
        return answer.json()["parts"]

    def archived(self):
        """Returns all clips of the node's archive."""
        found, cursor = [], None
        while True:
            page = self.node.json("/api/v1/archive", params={"limit": 50, **({"cursor": cursor} if cursor else {})})
            found += page["items"]
            cursor = page["nextCursor"]
            if not cursor:
                return found

    def fetch(self, clip, part, file):
        answer = self.node.get(f"/api/v1/archive/{clip}", params={"part": part}, timeout=60)
        assert answer.status_code == 200, answer.text
        file.write_bytes(answer.content)
        return file

    def stop(self):
        for process in (*reversed(self.processes.values()), self.cameras):
            if process:
                process.stop()
        self.link.stop()


@functools.cache
def identity():
    """Returns a state folder with only the keys, certificates and accounts of a demo; made once in a test run."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="guardian-identity-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    state = folder / "state"
    demo = Demo(state)
    try:
        until(lambda: (state / "pids.json").exists() and (state / "edge" / "edge.sqlite").exists(), 120, "the demo has made its keys")
    finally:
        demo.stop()
    for each in (state / "edge").iterdir():
        if each.name not in ("device.key", "identity.sqlite"):
            shutil.rmtree(each) if each.is_dir() else each.unlink()
    for each in (state / "node").iterdir():
        if each.name != "identity.sqlite":
            shutil.rmtree(each) if each.is_dir() else each.unlink()
    for name in ("archive", "logs"):
        shutil.rmtree(state / name, ignore_errors=True)
    (state / "pids.json").unlink(missing_ok=True)
    return state


def checkpoint(part):
    """Returns the bytes of a part's newest checkpoint."""
    return base64.b64decode(part["checkpoint"]["signed"])
