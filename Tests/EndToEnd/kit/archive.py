"""A demo's archive as its owner sees it: objects in a folder, opened with the recovery code by the script of the docs."""

import pathlib
import subprocess
import sys

from kit.places import ROOT
from kit.probe import packets

SCRIPT = ROOT / "docs/reference/open-sealed-clip.py"


def objects(state):
    """{clip id: {part: path}}"""
    found = {}
    for path in (pathlib.Path(state) / "archive").glob("*/clips/*/*.grdn"):
        found.setdefault(path.parent.name, {})[int(path.stem)] = path
    return found


def opened(state, sealed, output):
    """What the script says of a sealed file: `complete`, or `interrupted after … bytes`; what is whole is in `output`."""
    ran = subprocess.run(
        [sys.executable, SCRIPT, sealed, pathlib.Path(state) / "owner.code", output], capture_output=True, text=True, timeout=120
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def times(film):
    """The times of a film's pictures in milliseconds."""
    return {round(float(packet["pts_time"]) * 1000) for packet in packets(film)}


def cut_to_whole_fragments(film):
    """Drops a fragment that is not all there, as players do: its index stands before pictures that never came."""
    whole = place = 0
    with open(film, "r+b") as file:
        end = file.seek(0, 2)
        while place + 8 <= end:
            file.seek(place)
            size, kind = int.from_bytes(file.read(4)), file.read(4)
            if size < 8 or place + size > end:
                break
            place += size
            # A fragment is whole with its pictures, and so is what stands between fragments.
            if kind != b"moof":
                whole = place
        file.truncate(whole)
    return film
