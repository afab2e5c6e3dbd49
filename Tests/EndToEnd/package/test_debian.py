"""The package on a bare Debian with its own systemd: `apt install` ends with a link that opens."""

import os
import re
import time

import pytest

from kit.waiting import until
from package.machine import ADDRESS, Machine
from package.making import LATER, version

pytestmark = [pytest.mark.torture, pytest.mark.timeout(1200)]
# What the installation may take, without the download of Debian's packages.
SECONDS = 120


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    if os.geteuid() != 0:
        pytest.skip("only root can boot a container")
    debian = Machine(tmp_path_factory.mktemp("debian"))
    try:
        yield debian
    finally:
        debian.stop()


def main_process(machine, service):
    return machine.must("systemctl", "show", "--property=MainPID", "--value", service).strip()


def test_a_package_from_its_installation_to_its_purge(machine, package, later_package):
    path, later = machine.bring(package), machine.bring(later_package)
    machine.boot()
    began = time.monotonic()
    said = machine.must("apt-get", "install", "--yes", "--quiet", "--no-install-recommends", path)
    assert time.monotonic() - began < SECONDS
    links = re.findall(r"https://\S+/setup#\S+", said)
    # Without avahi-daemon nobody resolves recorder.local.
    assert [link.partition("/setup")[0] for link in links] == [f"https://{ADDRESS}:8480"]
    authority = machine.root / "var/lib/guardian/edge/web-authority/authority.pem"
    assert "<title>" in machine.beside("curl", "--silent", "--show-error", "--cacert", str(authority), links[0].partition("#")[0])
    assert "AI service ready" in machine.must("journalctl", "--unit=guardian-edge", "--no-pager")
    for service in ("guardian-edge", "guardian-ai"):
        assert machine.must("systemctl", "is-active", service) == "active\n"
    assert machine.run("systemctl", "is-enabled", "guardian-node")[1].strip() == "disabled"

    for service in ("guardian-edge", "guardian-ai"):
        before = main_process(machine, service)
        machine.must("systemctl", "kill", "--signal=KILL", service)
        until(lambda: main_process(machine, service) not in (before, "0"), 90, f"{service} was started again")
    until(lambda: machine.run("guardian", "camera", "list")[0] == 0, 60, "the recorder answers again")
    # One that hangs is ended by systemd, which it no longer tells that it works: a minute after its start.
    until(lambda: machine.run("systemctl", "is-active", "guardian-ai")[1] == "active\n", 120, "the AI service is ready again")
    before = main_process(machine, "guardian-ai")
    machine.must("systemctl", "kill", "--kill-who=main", "--signal=STOP", "guardian-ai")
    until(lambda: main_process(machine, "guardian-ai") not in (before, "0"), 120, "a hung AI service was started again")

    machine.must("guardian", "camera", "add", "Yard", "rtsp://192.0.2.1/stream", "--untested")
    before = main_process(machine, "guardian-edge")
    said = machine.must("apt-get", "install", "--yes", "--quiet", "--no-install-recommends", later)
    upgraded = main_process(machine, "guardian-edge")
    assert upgraded != before
    assert links[0].partition("#")[2] in said, "nobody has used the link yet, so it is shown again"
    assert machine.must("guardian", "camera", "list").startswith("yard")

    code, said = machine.run("apt-get", "install", "--yes", "--quiet", "--allow-downgrades", path)
    assert code != 0 and f"install {version()}{LATER} or newer" in said
    assert main_process(machine, "guardian-edge") == upgraded, "the recorder was restarted"

    assert "stay in /var/lib/guardian" in machine.must("apt-get", "remove", "--yes", "--quiet", "guardian")
    assert machine.run("systemctl", "is-active", "guardian-edge")[0] != 0
    assert authority.exists()
    machine.must("apt-get", "install", "--yes", "--quiet", "--no-install-recommends", later)
    assert machine.must("guardian", "camera", "list").startswith("yard")

    said = machine.must("apt-get", "purge", "--yes", "--quiet", "guardian")
    assert "deleted /var/lib/guardian" in said and "deleted the users guardian-edge guardian-ai guardian-node" in said
    assert not (machine.root / "var/lib/guardian").exists()
    assert "guardian" not in machine.must("getent", "passwd")
