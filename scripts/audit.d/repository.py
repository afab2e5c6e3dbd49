"""Where the repository and its files are."""

import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SECURITY = ROOT / "security"
BUILD = ROOT / ".build"
CHECKOUTS = BUILD / "checkouts"


def tracked_files(folder=ROOT):
    """Returns the paths of the files that git tracks in the folder or would add, relative to it, sorted."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=folder, capture_output=True, check=True
    ).stdout.decode()
    return sorted(name for name in listed.split("\0") if name and (folder / name).is_file())
