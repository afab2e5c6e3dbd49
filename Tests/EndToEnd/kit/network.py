"""A network of a test's own, for multicast: the machine's other processes and networks see nothing of it."""

import os
import subprocess

ADDRESS, LIAR = "192.168.77.1", "192.168.77.66"
SET_UP = f"""
ip link set lo up multicast on
ip address add {ADDRESS}/24 dev lo
ip address add {LIAR}/24 dev lo
ip route add 224.0.0.0/4 dev lo
"""
# A switch, as a house has one, and the recorder at it.
SWITCH = f"""
ip link set lo up
ip link add house type bridge mcast_snooping 0
ip link set house up
ip address add {ADDRESS}/24 dev house
ip route add 224.0.0.0/4 dev house
"""


def available():
    """Returns whether this machine lets us make one. That takes root."""
    return os.geteuid() == 0 and subprocess.run(["unshare", "--net", "true"], capture_output=True).returncode == 0


class Network:
    """One interface with multicast and a private address, on which processes of the test find each other."""

    def __init__(self, set_up=SET_UP):
        self._holder = subprocess.Popen(["unshare", "--net", "sh", "-ec", f"{set_up}\necho ready\nexec sleep infinity"], stdout=subprocess.PIPE, text=True)
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


class House(Network):
    """The network of a recorder and of devices that have addresses of their own, as they do at a switch."""

    def __init__(self):
        super().__init__(SWITCH)
        self._devices = []

    def device(self, address):
        """Plugs in a device. Returns the network that its processes run in."""
        device = Network("ip link set lo up")
        self._devices.append(device)
        port = f"port{len(self._devices)}"
        for network, command in (
            (self, f"link add {port} type veth peer name eth0 netns {device._holder.pid}"),
            (self, f"link set {port} master house up"),
            (device, f"address add {address}/24 dev eth0"),
            (device, "link set eth0 up"),
            (device, "route add 224.0.0.0/4 dev eth0"),
        ):
            ran = network.run("ip", *command.split())
            assert ran.returncode == 0, f"{command}: {ran.stderr}"
        return device

    def close(self):
        for device in self._devices:
            device.close()
        super().close()
