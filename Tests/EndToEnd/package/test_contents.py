"""What is in the package, and what its units permit."""

import hashlib
import os
import re
import subprocess

import pytest

from kit.places import GUARDIAN
from package.making import make, version
from package.root import UNITS

SERVICES = ("edge", "ai", "node")
# 0 is best, 10 worst (systemd-analyze security).
WORST_EXPOSURE = 2.5
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
