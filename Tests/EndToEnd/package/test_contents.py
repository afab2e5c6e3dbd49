"""What is in the package, and what its units permit."""

import gzip
import hashlib
import os
import re
import subprocess
import sys
import xml.etree.ElementTree

import pytest
import yaml

from kit.places import GUARDIAN, ROOT
from package.making import make, version
from package.root import UNITS

SERVICES = ("edge", "ai", "node")
# 0 is best, 10 worst (systemd-analyze security).
WORST_EXPOSURE = 2.5
LISTING = "etc/avahi/services/guardian.service"
# Only the package of tests is not compressed.
NOT_COMPRESSED = "uses-no-compression-for-control-tarball,uses-no-compression-for-data-tarball"


@pytest.mark.torture
def test_the_same_build_makes_the_same_bytes_whatever_umask_and_time_zone(package, tmp_path):
    before = os.umask(0o077)
    try:
        again = make(tmp_path, {"TZ": "Asia/Tokyo"})
    finally:
        os.umask(before)
    # A digest, because pytest would show the difference of 200 MB.
    assert hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(package.read_bytes()).digest()


def test_the_packages_version_is_that_of_the_program(package):
    field = subprocess.run(["dpkg-deb", "--field", package, "Version"], capture_output=True, text=True, check=True).stdout.strip()
    program = subprocess.run([GUARDIAN, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    assert field == program == version()


def test_it_contains_all_that_runs_and_belongs_to_root(package):
    lines = subprocess.run(["dpkg-deb", "--contents", package], capture_output=True, text=True, check=True).stdout.splitlines()
    modes = {fields[5].removeprefix("."): (fields[0], fields[1]) for fields in (line.split(None, 5) for line in lines)}
    assert {owner for _, owner in modes.values()} == {"root/root"}
    assert [path for path, (mode, _) in modes.items() if mode[0] != "l" and ("w" in (mode[5], mode[8]) or "s" in mode)] == []
    assert modes["/usr/bin/guardian -> ../lib/guardian/guardian"][0][0] == "l"
    for path in (
        "/usr/lib/guardian/libswiftCore.so", "/usr/lib/guardian/openvino/libopenvino_intel_cpu_plugin.so", "/usr/lib/guardian/model/model.xml",
        "/usr/lib/guardian/guardian_GuardianHTTP.resources/WebUI/index.html", "/usr/share/man/man1/guardian.1.gz", "/usr/share/doc/guardian/licences/swift-nio.txt",
        *(f"/lib/systemd/system/guardian-{service}.service" for service in SERVICES),
    ):
        assert modes[path][0] == "-rw-r--r--", path
    assert [modes[f"/etc/guardian/{service}.yaml"][0] for service in SERVICES] == ["-rw-r-----", "-rw-r--r--", "-rw-r-----"]
    assert modes[f"/{LISTING}"][0] == "-rw-r--r--"


def test_configuration_that_the_owner_changed_is_kept(package, tmp_path):
    subprocess.run(["dpkg-deb", "--control", package, tmp_path], check=True)
    assert set((tmp_path / "conffiles").read_text().split()) == {*(f"/etc/guardian/{service}.yaml" for service in SERVICES), f"/{LISTING}"}


def test_the_network_lists_the_port_that_the_recorder_listens_on(package, tmp_path):
    subprocess.run(["dpkg-deb", "--extract", package, tmp_path], check=True)
    group = xml.etree.ElementTree.parse(tmp_path / LISTING).getroot()
    service, = group.findall("service")
    # The elements of avahi.service(5).
    assert group.tag == "service-group" and [each.tag for each in group] == ["name", "service"]
    assert (service.findtext("type"), service.findtext("txt-record")) == ("_https._tcp", "path=/")
    web = yaml.safe_load((tmp_path / "etc/guardian/edge.yaml").read_text())["web"]
    assert int(service.findtext("port")) == web["port"]
    assert (service.get("protocol"), web["address"]) == ("ipv4", "0.0.0.0")
    name = group.find("name")
    assert (name.get("replace-wildcards"), name.text) == ("yes", "Guardian on %h")


def maintainer(given):
    environment = {key: value for key, value in os.environ.items() if key != "MAINTAINER"}
    return subprocess.run(
        [sys.executable, "-B", "-c", "import maintainer; print(maintainer.chosen())"], capture_output=True, text=True,
        env={**environment, "PYTHONPATH": str(ROOT / "scripts" / "package.d"), **({} if given is None else {"MAINTAINER": given})})


def test_the_package_names_one_maintainer_everywhere(package, tmp_path):
    field = subprocess.run(["dpkg-deb", "--field", package, "Maintainer"], capture_output=True, text=True, check=True).stdout.strip()
    subprocess.run(["dpkg-deb", "--extract", package, tmp_path], check=True)
    changes = gzip.decompress((tmp_path / "usr/share/doc/guardian/changelog.gz").read_bytes()).decode()
    assert re.search(r"^ -- (.+>)  ", changes, re.MULTILINE)[1] == field
    assert field == maintainer(os.environ.get("MAINTAINER")).stdout.strip()


def test_who_answers_for_the_package_can_be_said():
    assert maintainer(None).stdout == maintainer("").stdout == "Guardian maintainers <maintainers@guardian.invalid>\n"
    for given in ("Ada Byron <ada@example.org>", "Zoë O'Neill Jr. <list+guardian@lists.example.co.uk>"):
        assert maintainer(given).stdout.strip() == given
    for given in ("ada@example.org", "Ada Byron", "Ada <ada@localhost>", "Ada <ada@@example.org>", "Ada <a@example.org>, Bea <b@example.org>", "Ada <ada@example.org>\nX: y"):
        refused = maintainer(given)
        assert refused.returncode == 1 and "write a name and an address" in refused.stderr, given


def test_the_program_finds_its_libraries_in_its_own_folder_only(package, tmp_path):
    subprocess.run(["dpkg-deb", "--extract", package, tmp_path], check=True)
    home = tmp_path / "usr" / "lib" / "guardian"
    search = subprocess.run(["readelf", "--dynamic", home / "guardian"], capture_output=True, text=True, check=True).stdout
    assert re.findall(r"(?:RPATH|RUNPATH).*\[(.*)\]", search) == ["$ORIGIN"]
    loaded = subprocess.run(["ldd", home / "guardian"], capture_output=True, text=True, check=True).stdout
    assert "not found" not in loaded
    assert f"libswiftCore.so => {home}/libswiftCore.so" in loaded
    depends = subprocess.run(["dpkg-deb", "--field", package, "Depends"], capture_output=True, text=True, check=True).stdout
    for library in (r"libc6", r"libavformat\d+", r"libsodium\d+", r"libxml2"):
        assert re.search(rf"(^|, ){library} \(", depends), depends


@pytest.mark.torture
def test_lintian_finds_nothing(package):
    ran = subprocess.run(["lintian", "--allow-root", "--fail-on=error,warning", "--suppress-tags", NOT_COMPRESSED, package], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout == ""


@pytest.mark.parametrize("service", SERVICES)
def test_a_unit_permits_little(service):
    unit = UNITS / f"guardian-{service}.service"
    ran = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager", unit], capture_output=True, text=True, timeout=60)
    exposure = float(re.search(r"Overall exposure level for \S+: ([0-9.]+)", ran.stdout)[1])
    assert exposure <= WORST_EXPOSURE, ran.stdout


def test_the_ai_service_has_no_network_and_cannot_gain_privileges():
    unit = (UNITS / "guardian-ai.service").read_text().splitlines()
    assert {"PrivateNetwork=yes", "RestrictAddressFamilies=AF_UNIX", "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet="} <= set(unit)
