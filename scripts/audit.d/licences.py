"""Reads the licence of each part, compares it with security/licences.json, and writes .build/licences.md.

Swift packages: their LICENSE file. Debian's libraries: what licences.json declares, else the machine-readable
copyright file (dep-team.pages.debian.net/deps/dep5), which is about sources: a library may be compiled to more. Python packages: what licences.json declares, compared with their
metadata wherever they are installed, so that the audit needs neither a network nor every environment.
"""

import importlib.metadata
import json
import pathlib
import re

from python_packages import normal
from repository import BUILD, ROOT, SECURITY
from result import Result
from swift_packages import checkout

FILE = SECURITY / "licences.json"
TABLE = BUILD / "licences.md"

# A sentence of each licence's text; the longer ones first, since MIT's permission begins like others'.
TEXTS = [
    ("Apache-2.0", re.compile(r"Apache License\s+Version 2\.0", re.IGNORECASE)),
    ("MPL-2.0", re.compile(r"Mozilla Public License,? v(?:ersion|\.)? ?2\.0", re.IGNORECASE)),
    ("GPL-3.0", re.compile(r"GNU (?:AFFERO )?GENERAL PUBLIC LICENSE", re.IGNORECASE)),
    ("BSD-3-Clause", re.compile(r"Redistribution and use in source and binary forms.*Neither the name", re.DOTALL)),
    ("BSD-2-Clause", re.compile(r"Redistribution and use in source and binary forms")),
    ("MIT", re.compile(r"Permission is hereby granted, free of charge, to any person obtaining a copy")),
]
# How metadata of Python packages and Debian's copyright files write what SPDX writes otherwise.
SPELLINGS = {
    "apache": "Apache-2.0", "apache 2.0": "Apache-2.0", "apache license 2.0": "Apache-2.0", "apache software license": "Apache-2.0",
    "osi approved :: apache software license": "Apache-2.0", "mit license": "MIT", "expat": "MIT", "bsd": "BSD-3-Clause",
    "mit-1": "MIT", "bsd license": "BSD-3-Clause", "3-clause bsd license": "BSD-3-Clause", "bsd-3-clause": "BSD-3-Clause",
    "isc license (iscl)": "ISC", "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0", "psfl": "PSF-2.0",
    "python software foundation license": "PSF-2.0", "lgpl-2.1+": "LGPL-2.1-or-later", "gpl-2+": "GPL-2.0-or-later",
    "gnu lesser general public license v3 or later (lgplv3+)": "LGPL-3.0-or-later",
    "public-domain": "blessing",
}


def check(parts):
    rules = json.loads(FILE.read_text())
    installed = installed_python()
    rows, problems, used = [], [], set()
    for part in parts:
        if part.kind == "own" or (part.kind == "debian" and not part.direct):
            continue
        found, declared = licence_of(part, rules["declared"], installed)
        used |= {f"{part.kind}/{part.name}"}
        allowed = rules["linked"] if part.shipped and part.kind != "debian" else rules["separate"]
        if not found:
            problems.append(f"{part.name} {part.version}: no licence found: read it, and declare it in security/licences.json")
        elif declared and declared not in (found, *found.split(" OR ")):
            problems.append(f"{part.name} {part.version}: its metadata says {found}, security/licences.json says {declared}")
        elif not is_allowed(found, allowed):
            problems.append(f"{part.name} {part.version}: the licence {found} is not allowed here (security/licences.json)")
        rows.append((part.kind, part.name, part.version, found or "?", "yes" if part.shipped else "no"))
    stale = sorted(set(rules["declared"]) - used)
    problems += [f"security/licences.json: nothing is called {name} any more: remove its entry" for name in stale]
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    TABLE.write_text(table(rows))
    return Result(f"{len(rows)} parts, in .build/licences.md", problems)


def licence_of(part, declarations, installed):
    """Returns the licence that was found and the one that is declared; either may be empty."""
    declared = declarations.get(f"{part.kind}/{part.name}", {}).get("licence", "")
    if part.kind == "swift":
        return of_sources(checkout(part.source.rsplit("/", 1)[-1])), ""
    if part.kind == "debian":
        return declared or of_debian(part.name), ""
    found = installed.get((part.name, part.version), "")
    return found or declared, declared


def of_sources(folder):
    """Returns the licence of a package's LICENSE file; empty when there is none that is known."""
    for file in sorted(folder.glob("LICEN[SC]E*")):
        text = file.read_text(encoding="utf-8", errors="replace")
        return next((name for name, pattern in TEXTS if pattern.search(text)), "")
    return ""


def of_debian(package, folder=pathlib.Path("/usr/share/doc")):
    """Returns the licence of `Files: *` in a package's copyright file; empty when it is not machine-readable."""
    try:
        text = (folder / package / "copyright").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    match = re.search(r"^Files:\s*\*\s*$(?:\n(?!\n).*)*?\nLicense:\s*(\S[^\n]*)", text, re.MULTILINE)
    return spdx(match[1].strip()) if match else ""


def installed_python():
    """Returns (name, version) → licence of what is installed in the environments of .tools, as far as metadata tells."""
    found = {}
    folders = [str(folder) for folder in (ROOT / ".tools").glob("venv-*/lib/python3*/site-packages")]
    for distribution in importlib.metadata.distributions(path=folders):
        metadata = distribution.metadata
        licence = licence_in(metadata.get("License-Expression"), metadata.get("License"), metadata.get_all("Classifier") or [])
        if licence:
            found[(normal(metadata["Name"]), distribution.version)] = licence
    return found


def licence_in(expression, text, classifiers):
    """Returns the licence of a Python package's metadata: its expression, else its short text, else its classifiers."""
    if expression:
        return expression
    # Some packages put the whole licence there.
    if text and len(text) < 50 and text.strip().lower() not in ("unknown", "dual license"):
        return spdx(text.strip())
    names = {spdx(each.rsplit(" :: ", 1)[-1]) for each in classifiers if each.startswith("License :: ")}
    return " OR ".join(sorted(names - {"DFSG approved", "OSI Approved"}))


def spdx(text):
    return SPELLINGS.get(text.lower(), text)


def is_allowed(expression, allowed):
    """Returns whether a licence expression is allowed: of OR one part, of AND all."""
    text = expression.replace("(", " ").replace(")", " ")
    return any(all(name.strip() in allowed for name in one.split(" AND ")) for one in text.split(" OR "))


def table(rows):
    lines = ["| kind | name | version | licence | part of a running Guardian |", "| --- | --- | --- | --- | --- |"]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in rows]) + "\n"
