"""Child processes of a test."""

import os
import pathlib
import random
import re
import signal
import socket
import subprocess
import time

from kit.places import ROOT


def ports_of_this_process():
    """Yields loopback ports again and again from a range that no other worker of this run uses. It lies below the ephemeral ports:
    one of those may become the own port of any connection before the server that it was meant for has started."""
    lowest, workers = 12_000, 8
    highest = int(pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    share = max(1_000, (highest - lowest) // workers)
    worker = int(re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", "")) or workers - 1) % workers
    # Another run on this machine begins elsewhere.
    offset = random.SystemRandom().randrange(share)
    while True:
        yield lowest + share * worker + offset % share
        offset += 1


PORTS = ports_of_this_process()
# Names of sockets that nobody connects to: as long as this process has one, no other run takes its port.
CLAIMS = []


def free_ports(count):
    """Returns unused loopback ports."""
    found = []
    while len(found) < count:
        port = next(PORTS)
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0guardian-test-port-{port}")
            with socket.socket() as bound:
                # As servers do: a port whose connections have ended is free.
                bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                bound.bind(("127.0.0.1", port))
        except OSError:
            claim.close()
            continue
        CLAIMS.append(claim)
        found.append(port)
    return found


def alive(pid):
    """Returns whether the process runs. A zombie does not."""
    try:
        state = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def command_line(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""


class Process:
    """A child process whose standard output and standard error go to files."""

    def __init__(self, arguments, folder, name, environment=None):
        folder.mkdir(parents=True, exist_ok=True)
        self.name = name
        self.output, self.errors = folder / f"{name}.out", folder / f"{name}.err"
        with self.output.open("ab") as output, self.errors.open("ab") as errors:
            self.child = subprocess.Popen(
                [str(argument) for argument in arguments], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=errors,
                env={**os.environ, **(environment or {})},
            )
        self.pid = self.child.pid

    def running(self):
        return self.child.poll() is None

    def printed(self):
        """Returns everything that the process has written to standard output and standard error."""
        return self.output.read_text(errors="replace") + self.errors.read_text(errors="replace")

    def wait(self, seconds):
        try:
            return self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.name} still runs after {seconds} s:\n{self.printed()[-3000:]}") from None

    def stop(self, seconds=60):
        """Sends SIGTERM and waits for the end. Returns (exit code, seconds that it took)."""
        began = time.monotonic()
        if self.running():
            self.child.send_signal(signal.SIGTERM)
        try:
            return self.wait(seconds), time.monotonic() - began
        finally:
            self.kill()

    def kill(self):
        if self.running():
            self.child.kill()
            self.child.wait()
