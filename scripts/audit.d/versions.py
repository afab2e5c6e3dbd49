"""Compares versions as their ecosystems do: SemVer 2.0, PEP 440, Debian policy 5.6.12."""

import functools
import re
import subprocess

import packaging.version

SEMVER = re.compile(r"^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z.-]+))?(?:\+.*)?$")


def is_older(ecosystem, one, other):
    """Returns whether version `one` is older than `other`.

    Raises ValueError for what is no version: a range that cannot be read must not count as one that does not apply.
    """
    if one == other:
        return False
    # OSV writes "from the beginning" as 0 in every ecosystem.
    if "0" in (one, other):
        return one == "0"
    if ecosystem == "Debian":
        return _debian_is_older(one, other)
    if ecosystem == "PyPI":
        try:
            return packaging.version.Version(one) < packaging.version.Version(other)
        except packaging.version.InvalidVersion as error:
            raise ValueError(str(error)) from error
    return _semver(one) < _semver(other)


def _semver(text):
    match = SEMVER.match(text)
    if not match:
        raise ValueError(f"{text!r} is not a version")
    numbers = tuple(int(part or 0) for part in match.groups()[:3])
    if match[4] is None:
        return (*numbers, 1, ())
    # Numbers count less than words; of equal beginnings the shorter one is older (SemVer 2.0, 11.4).
    return (*numbers, 0, tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in match[4].split(".")))


@functools.cache
def _debian_is_older(one, other):
    status = subprocess.run(["dpkg", "--compare-versions", one, "lt", other], capture_output=True)
    if status.stderr:
        raise ValueError(status.stderr.decode().strip())
    return status.returncode == 0


def is_in(ecosystem, version, span):
    """Returns whether a version is in a range: from `introduced`, up to and without `fixed` or with `last_affected`."""
    if is_older(ecosystem, version, span.get("introduced", "0")):
        return False
    if "fixed" in span:
        return is_older(ecosystem, version, span["fixed"])
    if "last_affected" in span:
        return not is_older(ecosystem, span["last_affected"], version)
    return True
