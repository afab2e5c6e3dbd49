"""A node that enrols recorders."""

import json
import subprocess

import requests

from kit.places import GUARDIAN, ROOT
from kit.ports import free_ports
from kit.processes import Process
from kit.waiting import until


def guardian(*arguments):
    return subprocess.run(
        [GUARDIAN, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)


def setup_link(configuration, household):
    """Returns the link with which the first account of a household of a node, or of its operators, is made."""
    ran = guardian("user", "setup-link", "--tenant", household, "--config", configuration)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.split()[0]


class Node:
    """A node whose own authority issues every certificate."""

    def __init__(self, folder):
        folder.mkdir(exist_ok=True)
        self.state = folder / "node"
        web, grpc, enrolment = free_ports(3)
        self.base, self.url = f"https://127.0.0.1:{web}", f"https://localhost:{enrolment}"
        self.configuration = folder / "node.yaml"
        self.configuration.write_text(
            f"state: {self.state}\nweb: {{port: {web}}}\ngrpc: {{port: {grpc}}}\nenrolment: {{port: {enrolment}}}\n")
        self._folder = folder
        self.start()

    def start(self):
        """Starts it, again after `process.stop()`."""
        self.process = Process([GUARDIAN, "node", "--config", self.configuration], self._folder, "node")
        try:
            until(self.edges_are_listed, 60, "the node answers")
        except AssertionError:
            self.process.kill()
            raise

    def edges_are_listed(self):
        assert self.process.running(), self.process.printed()[-2000:]
        return self.edges() is not None

    def edges(self):
        token = (self.state / "local.token").read_text().strip()
        with requests.Session() as session:
            session.trust_env = False
            answer = session.get(
                f"{self.base}/api/v1/edges", headers={"Authorization": f"Bearer {token}"}, timeout=60,
                verify=self.state / "web-authority" / "authority.pem")
        answer.raise_for_status()
        return answer.json()["items"]

    def run(self, *arguments):
        return guardian("node", *arguments, "--config", self.configuration)

    def code(self, tenant="home"):
        ran = self.run("tenant", "code", tenant)
        assert ran.returncode == 0, ran.stderr
        assert len(ran.stdout.splitlines()) == 1
        return ran.stdout.strip()

    def listed(self, what):
        ran = self.run(what, "list", "--json")
        assert ran.returncode == 0, ran.stderr
        return [json.loads(line) for line in ran.stdout.splitlines()]
