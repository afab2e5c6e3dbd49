"""`guardian demo`: cameras, AI service, edge and node on this machine, each in its own process."""

import json
import os
import pathlib
import signal

from kit.api import API
from kit.places import GUARDIAN
from kit.ports import free_ports
from kit.processes import Process, alive, command_line
from kit.waiting import until

PROCESSES = ("ai", "cameras", "edge", "node")


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
        self.edge, self.node = API(self.web_port, self.state), API(node_web, self.state, "node")

    @property
    def base(self):
        return self.edge.base

    def pids(self):
        return json.loads((self.state / "pids.json").read_text())

    def is_up(self):
        assert self.process.running(), f"the demo ended:\n{self.process.printed()[-3000:]}"
        status = self.edge.status()
        return (
            all(camera["state"] == "live" for camera in status["cameras"])
            and status["node"]["connected"] and status["inference"]["state"] == "up"
        )

    def until_up(self, seconds=180):
        until(self.is_up, seconds, "the demo is up")
        # An account has one login link at a time: the demo's own would end one that a test makes before it.
        until(lambda: "Log in once with" in self.process.printed(), seconds, "the demo has printed its login link")
        return self

    def kill(self, name):
        """Waits until one of PROCESSES runs and sends it SIGKILL. Returns the id of the killed process."""

        def running():
            pid = self.pids().get(name)
            return pid if pid and alive(pid) else None

        pid = until(running, 90, f"{name} runs")
        os.kill(pid, signal.SIGKILL)
        return pid

    def until_restarted(self, name, old, seconds=90):
        """Waits until the process runs under another id than `old`. Returns the new id."""

        def restarted():
            pid = self.pids().get(name)
            return pid if pid and pid != old and alive(pid) else None

        return until(restarted, seconds, f"{name} runs again")

    def finish(self, seconds):
        """Waits until the demo has ended by itself. Returns (exit code, summary)."""
        code = self.process.wait(seconds)
        lines = self.process.output.read_text().strip().splitlines()
        assert lines, f"the demo printed no summary (exit {code}):\n{self.process.printed()[-3000:]}"
        return code, json.loads(lines[-1])

    def leftovers(self):
        """Returns the processes of this demo that still run: {name: command line}."""
        try:
            pids = self.pids()
        except (OSError, ValueError):
            return {}
        # A process id may have been reused by a foreign process.
        marks = (str(self.state), str(self.camera_port))
        return {
            name: line for name, pid in pids.items()
            if pid and alive(pid) and any(mark in (line := command_line(pid)) for mark in marks)
        }

    def stop(self):
        try:
            # After the first signal the demo stays up for its final counts. The second one, of `Process.stop`, ends it at once.
            if self.process.running():
                os.kill(self.process.pid, signal.SIGINT)
            return self.process.stop(90)
        finally:
            for name in self.leftovers():
                os.kill(self.pids()[name], signal.SIGKILL)
