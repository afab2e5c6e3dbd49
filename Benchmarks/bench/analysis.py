"""Measures `guardian analyze` on one core, as a multiple of real time."""

import subprocess
import time

from bench.figures import show
from kit.places import FOOTAGE, GUARDIAN, ROOT

LENGTH = 79.5


def run(_folder, _seconds):
    began = time.monotonic()
    subprocess.run(["taskset", "-c", "0", GUARDIAN, "analyze", FOOTAGE / "vtest.avi"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    speed = LENGTH / (time.monotonic() - began)
    show("guardian analyze, campus scene, 5 looks a second", f"{speed:.1f}", "x real", "≥ 3", speed >= 3)
