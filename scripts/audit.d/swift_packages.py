"""The Swift packages: which versions the build resolved, and which ones Package.swift allows.

Package.resolved is not committed, so Package.swift's lower bounds are the only versions that the repository promises. The
build takes the newest that they allow; Package.resolved tells which ones these were on this machine.
"""

import json
import re

from component import Component
from repository import CHECKOUTS, ROOT

# Libraries in C whose sources a package contains: its folder, and where the package says which revision that is.
CONTAINED = {
    "swift-crypto": ("boringssl", "Sources/CCryptoBoringSSL/hash.txt"),
    "swift-nio-ssl": ("boringssl", "Sources/CNIOBoringSSL/hash.txt"),
}
REQUIREMENT = re.compile(r'\.package\(\s*url:\s*"https://([^"]+?)(?:\.git)?",\s*from:\s*"([^"]+)"')


def parts():
    pins = json.loads((ROOT / "Package.resolved").read_text())["pins"]
    required = oldest_allowed()
    for pin in pins:
        address = address_of(pin["location"])
        version = pin["state"].get("version") or pin["state"].get("revision", "")
        yield Component(
            "swift", address.rsplit("/", 1)[-1], version, f"pkg:swift/{address}@{version}", "SwiftURL", address,
            direct=address.lower() in required,
        )
        yield from contained(pin["identity"], address)


def address_of(location):
    """Returns host and path of a repository, as OSV names it: without scheme and without `.git`."""
    return re.sub(r"^\w+://", "", location).removesuffix(".git")


def oldest_allowed(manifest=None):
    """Returns address in lower case → the oldest version that Package.swift allows."""
    text = manifest if manifest is not None else (ROOT / "Package.swift").read_text()
    return {match[1].lower(): match[2] for match in REQUIREMENT.finditer(text)}


def checkout(name):
    """Returns the folder of a package's sources."""
    return CHECKOUTS / name


def contained(identity, address):
    if identity not in CONTAINED:
        return
    name, file = CONTAINED[identity]
    try:
        revision = re.search(r"\b[0-9a-f]{40}\b", (checkout(identity) / file).read_text())[0]
    except (OSError, TypeError):
        revision = "unknown"
    yield Component(
        "contained", f"{name} ({identity})", revision, f"pkg:generic/{name}@{revision}", direct=False,
        notes=(("contained in", f"pkg:swift/{address}"),),
    )
