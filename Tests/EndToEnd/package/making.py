"""Makes the package out of the build that the tests run, not compressed."""

import os
import re
import subprocess
import sys

from kit.places import GUARDIAN, ROOT

# A later version of the same build, for upgrades.
LATER = "+2"


def make(folder, suffix="", environment=None):
    """Returns the package's file."""
    command = [sys.executable, ROOT / "scripts" / "package", "--quick", "--output", folder, f"--suffix={suffix}"]
    ran = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "GUARDIAN_BINARY_DIR": str(GUARDIAN.parent), **(environment or {})}, timeout=240)
    assert ran.returncode == 0, ran.stderr
    package, = folder.glob(f"guardian_{version()}{suffix}_*.deb")
    return package


def version():
    """Returns the version of the sources."""
    return re.search(r'current = "([^"]+)"', (ROOT / "Sources" / "GuardianCore" / "Version.swift").read_text())[1]
