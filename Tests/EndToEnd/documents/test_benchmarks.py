"""The benchmarks, which no other test runs, find what they share with these tests."""

import subprocess
import sys

from kit.places import ROOT


def test_the_benchmarks_begin():
    ran = subprocess.run([sys.executable, ROOT / "Benchmarks" / "run", "--help"], capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    assert "analysis" in ran.stdout
