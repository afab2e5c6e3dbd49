"""What the servers store is what docs/design/data.md says, and no other user can read it."""

import fnmatch
import re
import stat

import pytest

from kit.places import ROOT
from kit.waiting import until

PAGE = (ROOT / "docs/design/data.md").read_text()
# Random bytes that let somebody in or open something, wherever they are.
SECRETS = ("device.key", "setup.secret", "local.token", "camera-passwords.json", "identity.sqlite", "web-authority/authority.key", "node-authority.pem")


def named(side):
    """Returns the patterns of the files that the page names for a server."""
    row = re.search(rf"^\| {side} \| (.+) \|$", PAGE, re.MULTILINE).group(1)
    return re.findall(r"`([^`]+)`", row)


def is_named(path, patterns):
    return any(fnmatch.fnmatch(path, pattern.replace("**", "*")) for pattern in patterns)


@pytest.mark.parametrize("side", ["edge", "node"])
def test_each_file_of_a_server_is_named_and_closed_to_others(demo, side):
    until(lambda: getattr(demo, side).events(), 120, f"the {side} has an event")
    folder, patterns = demo.state / side, named(side)
    files = [each for each in sorted(folder.rglob("*")) if each.is_file()]
    assert len(files) > 4
    paths = {str(each.relative_to(folder)): each for each in files}
    assert [path for path in paths if not is_named(path, patterns)] == [], "say in docs/design/data.md what these are"
    # Somebody else gets to a file by every folder above it.
    closed = not folder.stat().st_mode & 0o077
    for path, file in paths.items():
        try:
            mode = file.stat().st_mode
        except FileNotFoundError:
            # It was of a moment, as a database's log is.
            continue
        if path.startswith(SECRETS):
            assert stat.S_IMODE(mode) & 0o077 == 0, f"{path}: {stat.filemode(mode)}"
        else:
            assert closed or mode & 0o077 == 0 or path.startswith(("run/", "web-authority/authority.pem")), f"{path}: {stat.filemode(mode)}"


def test_each_key_says_where_it_is_how_long_it_lasts_and_how_it_is_changed():
    rows = re.findall(r"^\| (.+) \|$", PAGE.split("## Keys")[1], re.MULTILINE)[2:]
    assert len(rows) > 12
    assert all(len(row.split(" | ")) == 5 and all(cell.strip() for cell in row.split(" | ")) for row in rows)
