"""Our own targets in C: what they link is Debian's, what they do is ours."""

import hashlib

from component import Component
from repository import ROOT


def parts():
    for folder in sorted((ROOT / "Sources").glob("C*")):
        files = sorted(file for file in folder.rglob("*") if file.suffix in (".c", ".h", ".modulemap"))
        if not files:
            continue
        digest = hashlib.sha256()
        for file in files:
            digest.update(f"{file.relative_to(folder)}\0".encode() + file.read_bytes() + b"\0")
        yield Component("own", folder.name, "", "", hashes=(("SHA-256", digest.hexdigest()),))
