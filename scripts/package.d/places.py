"""Where the parts of the package come from, and what stops its making."""

import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = ROOT / "deploy" / "debian"
# GUARDIAN_BINARY_DIR selects another build than the release build.
BINARIES = pathlib.Path(os.environ.get("GUARDIAN_BINARY_DIR") or ROOT / ".build" / "release")
CHECKOUTS = BINARIES.parent / "checkouts"
TOOLS = ROOT / ".tools"


def stop(sentence):
    sys.exit(f"package: {sentence}")


def needed(path, remedy):
    """Returns the path if there is something."""
    if not path.exists():
        stop(f"{path} is missing: {remedy}")
    return path
