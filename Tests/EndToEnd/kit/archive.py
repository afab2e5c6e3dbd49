"""A demo's archive: objects in a folder, opened with the recovery code by `docs/reference/open-sealed-clip.py`."""

import pathlib
import subprocess
import sys

from kit.places import ROOT
from kit.probe import packets

SCRIPT = ROOT / "docs/reference/open-sealed-clip.py"


def objects(state):
    """Returns the sealed clips of the archive folder: {clip id: {part number: path}}."""
    found = {}
    for path in (pathlib.Path(state) / "archive").glob("*/clips/*/*.grdn"):
        found.setdefault(path.parent.name, {})[int(path.stem)] = path
    return found


def opened(state, sealed, output):
    """Opens a sealed file into `output`. Returns the script's verdict: `complete`, or `interrupted after … bytes`."""
    ran = subprocess.run(
        [sys.executable, SCRIPT, sealed, pathlib.Path(state) / "owner.code", output], capture_output=True, text=True, timeout=120
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def times(film):
    """Returns the presentation times of a clip's frames in milliseconds."""
    return {round(float(packet["pts_time"]) * 1000) for packet in packets(film)}


def cut_to_whole_fragments(film):
    """Truncates an mp4 file after its last complete fragment, as players do: a `moof` may precede an `mdat` that is cut."""
    whole = offset = 0
    with open(film, "r+b") as file:
        end = file.seek(0, 2)
        while offset + 8 <= end:
            file.seek(offset)
            size, kind = int.from_bytes(file.read(4)), file.read(4)
            if size < 8 or offset + size > end:
                break
            offset += size
            # A fragment is complete with its mdat. Any other box is complete by itself.
            if kind != b"moof":
                whole = offset
        file.truncate(whole)
    return film
