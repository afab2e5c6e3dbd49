"""The Swift toolchain, whose runtime libraries (Foundation, Dispatch and others) are part of a running Guardian."""

import re
import subprocess

from component import Component


def parts():
    told = subprocess.run(["swift", "--version"], capture_output=True, text=True).stdout
    match = re.search(r"Swift version ([\d.]+)", told)
    version = match[1] if match else "unknown"
    yield Component("toolchain", "swift", version, f"pkg:generic/swift@{version}")
