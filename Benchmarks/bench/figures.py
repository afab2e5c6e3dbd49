"""Measures CPU time and prints figures."""

import os
import pathlib
import time

TICK = os.sysconf("SC_CLK_TCK")


def show(what, value, unit, aim=None, met=None):
    verdict = "" if met is None else ("  met" if met else "  MISSED")
    print(f"{what:<58} {value:>12} {unit:<10}{('aim ' + aim) if aim else ''}{verdict}", flush=True)


def quantile(samples, share):
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def family(pid):
    """Returns the ids of a process and all its descendants."""
    found = [pid]
    for one in found:
        try:
            for task in pathlib.Path(f"/proc/{one}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def spent(pid):
    """Returns the seconds of user and system time of a process and its descendants so far."""
    ticks = 0
    for one in family(pid):
        try:
            fields = pathlib.Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICK


def shares(pids, seconds):
    """Returns {name: share of a core} over the next `seconds`."""
    before, began = {name: spent(pid) for name, pid in pids.items()}, time.monotonic()
    time.sleep(seconds)
    after, passed = {name: spent(pid) for name, pid in pids.items()}, time.monotonic() - began
    return {name: (after[name] - before[name]) / passed for name in pids}
