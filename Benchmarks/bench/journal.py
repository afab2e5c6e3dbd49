"""Measures entries a second: Guardian's journal and event cache beside raw SQLite with the same batches and durability."""

import json
import subprocess

from bench.figures import show
from kit.places import ROOT


def run(folder, _seconds):
    subprocess.run([ROOT / "scripts" / "build", "--product", "journal-benchmark"], check=True, stdout=subprocess.DEVNULL)
    ran = subprocess.run([ROOT / ".build/release/journal-benchmark", folder], check=True, capture_output=True, text=True)
    for line in ran.stdout.splitlines():
        found = json.loads(line)
        label = f"batches of {found['batch']}"
        show(f"{label}: raw SQLite", f"{found['sqlite']:.0f}", "entries/s")
        # The minimum on one core: raw SQLite and one signature made or checked an entry.
        for name, what, floor, proof in (
            ("journal", "journal at the edge", "signed", "and a signature made"),
            ("cache", "event cache at the node", "checked", "and a signature checked"),
        ):
            show(f"{label}: {what}", f"{found[name]:.0f}", "entries/s")
            ratio = found[name] / found["sqlite"]
            show(f"{label}: {what} / raw SQLite", f"{ratio:.2f}", "x", "≥ 0.5", ratio >= 0.5)
            show(f"{label}: {what} / raw SQLite {proof}", f"{found[name] / found[floor]:.2f}", "x")
