"""Where things are in the checkout."""

import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[3]
GUARDIAN = ROOT / ".build" / "release" / "guardian"
TOOLS = ROOT / ".tools"
FOOTAGE = TOOLS / "footage"
LOOPS = FOOTAGE / "loops"
TEST_CAMERA = ROOT / "scripts" / "test-camera"
SYSTEM_PYTHON = "/usr/bin/python3"
