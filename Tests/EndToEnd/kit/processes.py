"""Child processes of a test."""

import os
import pathlib
import signal
import subprocess
import time

from kit.places import ROOT


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
