"""A network of a test's own, for multicast: the machine's other processes and networks see nothing of it."""

import os
import subprocess

ADDRESS, LIAR = "192.168.77.1", "192.168.77.66"
SET_UP = f"""
ip link set lo up multicast on
ip address add {ADDRESS}/24 dev lo
ip address add {LIAR}/24 dev lo
ip route add 224.0.0.0/4 dev lo
echo ready
exec sleep infinity
"""


def available():
    """Returns whether this machine lets us make one. That takes root."""
    return os.geteuid() == 0 and subprocess.run(["unshare", "--net", "true"], capture_output=True).returncode == 0


class Network:
    """One interface with multicast and a private address, on which processes of the test find each other."""

    def __init__(self):
        self._holder = subprocess.Popen(["unshare", "--net", "sh", "-ec", SET_UP], stdout=subprocess.PIPE, text=True)
        assert self._holder.stdout.readline() == "ready\n", "the network could not be made"

    def command(self, *arguments):
        """Returns the command that runs another one in the network."""
        return ["nsenter", f"--net=/proc/{self._holder.pid}/ns/net", *map(str, arguments)]

    def run(self, *arguments, **options):
        return subprocess.run(self.command(*arguments), capture_output=True, text=True, timeout=120, **options)

    def start(self, *arguments):
        """Starts a process, and returns it once it has printed `ready`."""
        process = subprocess.Popen(self.command(*arguments), stdout=subprocess.PIPE, text=True)
        line = process.stdout.readline()
        if line != "ready\n":
            process.kill()
            raise AssertionError(f"{arguments} did not become ready: {line!r}")
        return process

    def close(self):
        self._holder.kill()
        self._holder.wait()
