"""`guardian demo`: everything on this machine, each part a process of its own."""

import json
import os
import pathlib
import signal

from kit.api import API
from kit.places import GUARDIAN
from kit.processes import Process, alive, command_line, free_ports
from kit.waiting import until

PARTS = ("ai", "cameras", "edge", "node")


class Demo:
    def __init__(self, state, *arguments, environment=None):
        self.state = pathlib.Path(state)
        self.web_port, node, node_web, self.camera_port = free_ports(4)
        self.process = Process(
            [
                GUARDIAN, "demo", "--headless", "--state", self.state, "--web-port", self.web_port, "--node-port", node,
                "--node-web-port", node_web, "--camera-port", self.camera_port, *arguments,
            ],
            self.state.parent, f"{self.state.name}-demo", environment,
        )
        self.edge, self.node = API(self.web_port), API(node_web)

    @property
    def base(self):
        return self.edge.base

    def pids(self):
        return json.loads((self.state / "pids.json").read_text())

    def is_up(self):
        assert self.process.running(), f"the demo ended:\n{self.process.said()[-3000:]}"
        status = self.edge.status()
        return (
            all(camera["state"] == "live" for camera in status["cameras"])
            and status["node"]["connected"] and status["inference"]["state"] == "up"
        )

    def until_up(self, seconds=90):
        until(self.is_up, seconds, "the demo does not come up")
        return self

    def kill(self, part):
        """kill -9, as soon as it runs; the id that it had."""

        def running():
            pid = self.pids().get(part)
            return pid if pid and alive(pid) else None

        pid = until(running, 30, f"{part} does not run")
        os.kill(pid, signal.SIGKILL)
        return pid

    def until_restarted(self, part, old, seconds=30):
        def restarted():
            pid = self.pids().get(part)
            return pid if pid and pid != old and alive(pid) else None

        return until(restarted, seconds, f"{part} is not started again")

    def finish(self, seconds):
        """Waits for the demo's own end: (exit code, summary)."""
        code = self.process.wait(seconds)
        lines = self.process.output.read_text().strip().splitlines()
        assert lines, f"the demo printed no summary (exit {code}):\n{self.process.said()[-3000:]}"
        return code, json.loads(lines[-1])

    def leftovers(self):
        """Processes of this demo that still run: {part: command line}."""
        try:
            pids = self.pids()
        except (OSError, ValueError):
            return {}
        mine = (str(self.state), str(self.camera_port))
        return {
            part: line for part, pid in pids.items()
            if pid and alive(pid) and any(word in (line := command_line(pid)) for word in mine)
        }

    def stop(self):
        try:
            # Asked once it stays to count; whoever stops it here does not read that.
            if self.process.running():
                os.kill(self.process.pid, signal.SIGINT)
            return self.process.stop(30)
        finally:
            for part in self.leftovers():
                os.kill(self.pids()[part], signal.SIGKILL)
