"""A bare Debian 12 with its own systemd, in a container."""

import os
import pathlib
import shutil
import signal
import subprocess

from kit.processes import Process
from kit.waiting import until

ADDRESS = "10.99.0.1"


class Machine:
    def __init__(self, folder):
        self.root = folder / "root"
        ran = subprocess.run(
            ["debootstrap", "--variant=minbase", "--include=systemd-sysv,init-system-helpers,dbus", "bookworm", self.root],
            capture_output=True, text=True, timeout=600,
        )
        assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr
        (self.root / "etc" / "hostname").write_text("recorder\n")
        (self.root / "etc" / "hosts").write_text("127.0.0.1 localhost\n127.0.1.1 recorder\n")
        self.folder, self.container = folder, None

    def bring(self, package):
        """Copies a package into the machine, and downloads Debian's packages that it depends on. Returns its path there."""
        shutil.copyfile(package, self.root / "srv" / package.name)
        ran = subprocess.run(
            ["chroot", self.root, "apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "--download-only", f"/srv/{package.name}"],
            capture_output=True, text=True, timeout=600,
        )
        assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr
        return f"/srv/{package.name}"

    def boot(self):
        """Boots it with a network that ends at its own interface."""
        self.container = Process(
            ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--boot", "--private-network", "--console=pipe", "--directory", self.root],
            self.folder, "container",
        )
        until(lambda: self.run("systemctl", "is-system-running")[1].strip() in ("running", "degraded"), 60, "the machine has booted")
        for command in ("link set lo up", "link add eth0 type veth peer name eth1", f"addr add {ADDRESS}/24 dev eth0", "link set eth0 up", "link set eth1 up"):
            self.beside("ip", *command.split())

    def _enter(self, *namespaces):
        init, = pathlib.Path(f"/proc/{self.container.pid}/task/{self.container.pid}/children").read_text().split()
        return ["nsenter", "--target", init, *namespaces, "--"]

    def run(self, *command, timeout=300):
        """Runs a command in the machine. Returns its exit code and what it printed."""
        ran = subprocess.run(
            [*self._enter("--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup"), "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive", *command],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=timeout,
        )
        return ran.returncode, ran.stdout

    def must(self, *command):
        code, said = self.run(*command)
        assert code == 0, said[-3000:]
        return said

    def beside(self, *command):
        """Runs a program of this machine in the container's network. Returns what it printed."""
        return subprocess.run([*self._enter("--net"), *command], capture_output=True, text=True, check=True, timeout=60).stdout

    def stop(self):
        if self.container and self.container.running():
            try:
                self.run("systemctl", "poweroff", timeout=30)
                self.container.wait(60)
            finally:
                # The container does not end with the program that started it.
                for init in pathlib.Path(f"/proc/{self.container.pid}/task/{self.container.pid}/children").read_text().split() if self.container.running() else []:
                    os.kill(int(init), signal.SIGKILL)
                self.container.kill()
