"""A house before the first run: a network of its own with an ONVIF camera in it, a recorder, and a browser."""

import os
import sys

from kit import network
from kit.camera import Camera
from kit.places import GUARDIAN, LOOPS, TOOLS
from kit.processes import Process
from kit.waiting import until

PEER = network.__file__.replace("network.py", "onvif_peer.py")
# Of the camera, for ONVIF and for its streams (ipycam names them so).
USER, PASSWORD = "admin", "p@ss-w0rd"
STREAMS = {"video_main": LOOPS / "campus.ts", "video_sub": LOOPS / "campus-sub.ts"}
WEB = 8480


class Home:
    """`browser_type`: of Playwright. The pages are at `base`, an address that other devices can open."""

    def __init__(self, folder, browser_type, chromium):
        self.base = f"https://{network.ADDRESS}:{WEB}"
        self.state = folder / "edge"
        self._started = []
        self._network = network.Network()
        try:
            self._device = self._network.start(sys.executable, PEER, "device", "Driveway", "Acme", USER, PASSWORD)
            self._keep(Camera(folder, STREAMS, "--user", USER, "--address", network.ADDRESS, port=8554, environment={"GUARDIAN_CAMERA_PASSWORD": PASSWORD}, network=self._network))
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

    def stop(self):
        if hasattr(self, "browser"):
            self.browser.close()
        for process in reversed(self._started):
            process.stop()
        if hasattr(self, "_device"):
            self._device.kill()
            self._device.wait()
        self._network.close()
