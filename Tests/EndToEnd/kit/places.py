"""Paths in the checkout."""

import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[3]
# GUARDIAN_BINARY selects another build than the release build.
GUARDIAN = pathlib.Path(os.environ.get("GUARDIAN_BINARY") or ROOT / ".build" / "release" / "guardian")
TOOLS = ROOT / ".tools"
FOOTAGE = TOOLS / "footage"
LOOPS = FOOTAGE / "loops"
TEST_CAMERA = ROOT / "scripts" / "test-camera"
SYSTEM_PYTHON = "/usr/bin/python3"
