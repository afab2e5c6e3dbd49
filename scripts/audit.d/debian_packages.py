"""Debian's libraries that the executable links, and what these need themselves."""

import functools
import re
import shutil
import subprocess
import urllib.parse

from component import Component

# The modules of pkg-config that Package.swift names or that its packages link (scripts/build has the same list).
MODULES = ["libavformat", "libavcodec", "libavutil", "libswscale", "sqlite3", "libsodium", "libcrypto", "libxml-2.0", "libqrencode", "zlib"]


def parts():
    if not shutil.which("dpkg-query"):
        return
    installed = all_installed()
    system = distribution().partition("-")[0]
    # Debian's advisories count Debian's versions; Ubuntu mends the same flaws under versions of its own.
    ecosystem = "Debian" if system == "debian" else ""
    linked = {package for module in MODULES for package in runtime_packages(module, installed)}
    for name in sorted(needed(linked, installed)):
        package = installed[name]
        yield Component(
            "debian", name, package["version"],
            f"pkg:deb/{system}/{name}@{quote(package['version'])}?arch={package['architecture']}&distro={distribution()}",
            ecosystem, package["source"], direct=name in linked,
            notes=(("source", f"{package['source']} {package['source version']}"),),
        )


def quote(version):
    """Returns a version as a package's address has it."""
    return urllib.parse.quote(version, safe=".-~")


@functools.cache
def distribution():
    """Returns for example `debian-12`."""
    with open("/etc/os-release", encoding="utf-8") as file:
        fields = dict(line.rstrip("\n").split("=", 1) for line in file if "=" in line)
    return f"{fields.get('ID', 'linux')}-{fields.get('VERSION_ID', '')}".replace('"', "")


@functools.cache
def all_installed():
    """Returns name → version, architecture, source, source version and the names of what it needs."""
    form = "${Package}\t${Version}\t${Architecture}\t${source:Package}\t${source:Version}\t${Depends}, ${Pre-Depends}\t${db:Status-Abbrev}\n"
    listed = subprocess.run(["dpkg-query", "-W", "-f", form], capture_output=True, text=True, check=True).stdout
    packages = {}
    for line in listed.splitlines():
        name, version, architecture, source, source_version, depends, status = line.split("\t")
        if status.startswith("ii"):
            packages[name] = {
                "version": version, "architecture": architecture, "source": source, "source version": source_version,
                "needs": re.findall(r"(?:^|[,|])\s*([a-z0-9][a-z0-9+.-]+)", depends),
            }
    return packages


def runtime_packages(module, installed):
    """Returns the packages with the libraries of a module: those that its -dev package needs and that have the same source."""
    if subprocess.run(["pkg-config", "--exists", module]).returncode:
        raise SystemExit(f"audit: pkg-config does not know {module}: run scripts/bootstrap lint")
    owner = subprocess.run(["dpkg-query", "-S", f"*/{module}.pc"], capture_output=True, text=True).stdout.split(":")[0]
    if owner not in installed:
        raise SystemExit(f"audit: no Debian package has {module}: run scripts/bootstrap lint")
    source = installed[owner]["source"]
    return [
        name for name in installed[owner]["needs"]
        if name in installed and installed[name]["source"] == source and not name.endswith("-dev")
    ]


def needed(names, installed):
    """Returns the packages and all that they need, as far as installed."""
    seen, waiting = set(), list(names)
    while waiting:
        name = waiting.pop()
        if name in installed and name not in seen:
            seen.add(name)
            waiting += installed[name]["needs"]
    return seen
