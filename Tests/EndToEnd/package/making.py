"""Makes the package out of the build that the tests run, not compressed."""

import os
import re
import subprocess
import sys

from kit.places import GUARDIAN, ROOT

# What a later version has behind its number.
LATER = "+2"


def make(folder, environment=None):
    """Returns the package's file."""
    ran = subprocess.run(
        [sys.executable, ROOT / "scripts" / "package", "--quick", "--output", folder],
        capture_output=True, text=True, env={**os.environ, "GUARDIAN_BINARY_DIR": str(GUARDIAN.parent), **(environment or {})}, timeout=240,
    )
    assert ran.returncode == 0, ran.stderr
    package, = folder.glob(f"guardian_{version()}_*.deb")
    return package


def make_later(package, folder):
    """Returns the same package with a later version, which takes a tenth of the time of making it."""
    tree = folder / "tree"
    subprocess.run(["dpkg-deb", "--raw-extract", package, tree], check=True)
    for name, place in (("control", "\nVersion: {}\n"), ("preinst", '"{}"')):
        file = tree / "DEBIAN" / name
        text = file.read_text()
        assert place.format(version()) in text, text
        file.write_text(text.replace(place.format(version()), place.format(version() + LATER)))
    later = folder / package.name.replace(version(), version() + LATER)
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Znone", "--build", tree, later], check=True, stdout=subprocess.DEVNULL)
    return later


def version():
    """Returns the version of the sources."""
    return re.search(r'current = "([^"]+)"', (ROOT / "Sources" / "GuardianCore" / "Version.swift").read_text())[1]
