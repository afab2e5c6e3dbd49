"""An edge with one camera and no node."""

from kit.api import API
from kit.places import GUARDIAN, TOOLS
from kit.ports import free_ports
from kit.processes import Process
from kit.waiting import until


class Edge(Process):
    def __init__(self, folder, source, name="edge"):
        folder.mkdir(parents=True, exist_ok=True)
        self.port = free_ports(1)[0]
        file = folder / f"{name}.yaml"
        file.write_text(
            f"state: {folder}/{name}\nweb: {{address: 127.0.0.1, port: {self.port}}}\n"
            f"inference: {{model: {TOOLS}/model, runtime: {TOOLS}/openvino/libs}}\n"
            f'cameras:\n  - {{id: one, name: One, source: "{source}"}}\n'
        )
        file.chmod(0o600)
        super().__init__([GUARDIAN, "edge", "--config", file], folder, name)
        self.api = API(self.port, folder / name)
        until(self.is_up, 60, "the edge is up")

    def is_up(self):
        assert self.running(), self.printed()[-2000:]
        status = self.api.status()
        return status["cameras"][0]["state"] == "live" and status["inference"]["state"] == "up"
