"""A root folder in namespaces of its own, in which packages are installed for real."""

import pathlib
import re
import shutil
import subprocess

from kit.places import ROOT
from kit.processes import Process

UNITS = ROOT / "deploy" / "debian" / "units"
# An address that only an interface of the namespace has.
ADDRESS = "10.99.0.1"
# The overlay's upper layer is in memory; what is below stays as it is. `sleep` keeps the namespaces.
PREPARE = f"""
set -e
mount -t tmpfs -o size=2g,mode=755 tmpfs "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" overlay "$1/root"
mount -t tmpfs -o mode=755 tmpfs "$1/root/run"
mount -t tmpfs -o mode=1777 tmpfs "$1/root/tmp"
mount -t proc proc "$1/root/proc"
mount --rbind /dev "$1/root/dev"
ip link set lo up
ip link add guardian0 type veth peer name guardian1
ip addr add {ADDRESS}/24 dev guardian0
ip link set guardian0 up
ip link set guardian1 up
echo prepared
exec sleep infinity
"""


class ScratchRoot:
    def __init__(self, folder):
        self.folder = folder
        self.at = folder / "mount" / "root"
        (folder / "mount").mkdir()
        self.holder = subprocess.Popen(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--net", "--propagation", "private", "bash", "-c", PREPARE, "prepare", str(folder / "mount")],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        said = self.holder.stdout.readline()
        assert said == "prepared\n", said + self.holder.stdout.read()
        inside, = pathlib.Path(f"/proc/{self.holder.pid}/task/{self.holder.pid}/children").read_text().split()
        self.enter = ["nsenter", "--target", inside, "--mount", "--net", "--pid", f"--root=/proc/{inside}/root{self.at}", "--wd=/"]
        # The root as other processes see it.
        self.seen = pathlib.Path(f"/proc/{inside}/root{self.at}")
        self.services = {}

    def run(self, *command, timeout=120):
        """Runs a command in the root. Returns its exit code and what it printed."""
        ran = subprocess.run(
            [*self.enter, "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive", "HOME=/root", *command],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=timeout,
        )
        return ran.returncode, ran.stdout

    def must(self, *command):
        code, said = self.run(*command)
        assert code == 0, said
        return said

    def bring(self, package):
        """Copies a package into the root. Returns its path there."""
        shutil.copyfile(package, self.seen / "tmp" / package.name)
        return f"/tmp/{package.name}"

    def start(self, service):
        """Starts a unit's command as its user, in its groups, with its umask and limits of files, and without privileges, as systemd would."""
        unit = (UNITS / f"guardian-{service}.service").read_text()

        def setting(name, default=""):
            found = re.search(rf"^{name}=(.*)$", unit, re.MULTILINE)
            return found[1] if found else default

        groups = setting("SupplementaryGroups")
        self.services[service] = Process(
            [*self.enter, "env", "-i", "PATH=/usr/bin:/bin", "setpriv", f"--reuid={setting('User')}", f"--regid={setting('Group')}",
             *([f"--groups={groups}"] if groups else ["--clear-groups"]), "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all",
             "prlimit", f"--nofile={setting('LimitNOFILE')}", f"--core={setting('LimitCORE')}",
             "sh", "-c", f"umask {setting('UMask')} && exec {setting('ExecStart')}"],
            self.folder, service,
        )

    def stop_services(self):
        for process in self.services.values():
            # nsenter waits for its child, which SIGTERM does not reach through it.
            children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children")
            for child in children.read_text().split() if process.running() else []:
                subprocess.run(["kill", child], check=False)
            process.wait(60)
        self.services.clear()

    def stop(self):
        """Ends everything in the namespaces; their mounts go with them."""
        self.holder.kill()
        self.holder.wait()
        for process in self.services.values():
            process.wait(60)
