"""A house before the first run: a network of its own with ONVIF cameras in it, a recorder, and a browser."""

import dataclasses
import os
import sys
import urllib.parse

from kit import network
from kit.camera import Camera
from kit.places import GUARDIAN, LOOPS, TOOLS
from kit.processes import Process
from kit.waiting import until

PEER = network.__file__.replace("network.py", "onvif_peer.py")
# Of all cameras, for ONVIF and for their streams.
USER, PASSWORD = "admin", "p@ss-w0rd"
WEB = 8480


@dataclasses.dataclass(frozen=True)
class Device:
    """A camera that a search finds. Its name begins with its maker, which is how the search knows that. `scenes`: what its main and
    its sub stream show; without them it has no streams."""

    name: str
    address: str
    scenes: tuple[str, str] | None = None

    @property
    def maker(self):
        return self.name.split()[0]


GATE = Device("HIKVISION gate", "192.168.77.11", ("street", "street"))
COURT = Device("HIKVISION court", "192.168.77.12", ("campus", "campus-sub"))
# Not of this household, of the same maker and of another one.
NEIGHBOUR = Device("HIKVISION next door", "192.168.77.13")
STRANGER = Device("AXIS P3268", "192.168.77.14")


class Home:
    """`browser_type`: of Playwright. The pages are at `base`, an address that other devices can open."""

    def __init__(self, folder, browser_type, chromium, devices=(GATE, COURT, NEIGHBOUR, STRANGER)):
        self.base = f"https://{network.ADDRESS}:{WEB}"
        self.state = folder / "edge"
        self._folder = folder
        self._started = []
        self._network = network.House()
        try:
            self._devices = {device: self._plug_in(device) for device in devices}
            until(lambda: all("ready\n" in process.printed() for process in self._devices.values()), 60, "the cameras are ready")
            file = folder / "edge.yaml"
            file.write_text(
                f"state: {self.state}\nweb: {{address: 0.0.0.0, port: {WEB}}}\n"
                f"inference: {{model: {TOOLS}/model, runtime: {TOOLS}/openvino/libs}}\n"
            )
            file.chmod(0o600)
            self._edge = self._keep(Process(self._network.command(GUARDIAN, "edge", "--config", file), folder, "edge"))
            until(self._answers, 60, "the edge answers")
            # The browser has to be in the network, too.
            command = folder / "browser"
            command.write_text(f'#!/bin/sh\nexec {" ".join(self._network.command(chromium))} "$@"\n')
            command.chmod(0o700)
            self.browser = browser_type.launch(executable_path=command, args=["--no-sandbox"], env={**os.environ, "HOME": str(folder)})
        except BaseException:
            self.stop()
            raise

    def _plug_in(self, device):
        own = self._network.device(device.address)
        if device.scenes:
            # ipycam names its streams so.
            mounts = {name: LOOPS / f"{loop}.ts" for name, loop in zip(("video_main", "video_sub"), device.scenes)}
            self._keep(Camera(
                self._folder, mounts, "--user", USER, "--address", device.address, port=8554,
                environment={"GUARDIAN_CAMERA_PASSWORD": PASSWORD}, network=own))
        arguments = ("device", urllib.parse.quote(device.name), device.maker, USER, PASSWORD, device.address, device.address)
        return self._keep(Process(own.command(sys.executable, PEER, *arguments), self._folder, f"onvif-{device.address}"))

    def _keep(self, process):
        self._started.append(process)
        return process

    def _answers(self):
        assert self._edge.running(), self._edge.printed()[-2000:]
        connect = f"import socket; socket.create_connection(('{network.ADDRESS}', {WEB}), 5).close()"
        return (self.state / "setup.secret").exists() and self._network.run(sys.executable, "-c", connect).returncode == 0

    @property
    def secret(self):
        return (self.state / "setup.secret").read_text().strip()

    def logins(self, device):
        """Returns a line for each login that a device was sent: how, and what it said."""
        return [line for line in self._devices[device].output.read_text().splitlines() if line.startswith("login")]

    def stop(self):
        if hasattr(self, "browser"):
            self.browser.close()
        for process in reversed(self._started):
            process.stop()
        self._network.close()
