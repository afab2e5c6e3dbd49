#!/usr/bin/env python3
"""Prints the reports of the thread sanitizer that are not explained, and exits with 1 if there are any.

    races.py REPORT…    files that `log_path` of TSAN_OPTIONS wrote

The sanitizer sees nothing of Swift's Mutex on Linux, whose library is not compiled with it: what two threads do under the same Mutex
looks like a race. Such a report is explained, because a Mutex owns its value: where both accesses are within `withLock`, they are
within that of the same one."""

import pathlib
import re
import sys

FRAME = re.compile(r"^ +#(\d+) \S.*? (/\S+?\.swift):(\d+)")
# The closure's own frame, the one that calls it, and one between them.
DEPTH = 3


def reports(text):
    """Returns the blocks of text that say WARNING: ThreadSanitizer."""
    return [block for block in re.split(r"^={10,}$", text, flags=re.M) if "WARNING: ThreadSanitizer" in block]


def accesses(report):
    """Returns the stacks of both accesses: lists of (number of the frame, file, line)."""
    return [frames(part) for part in re.split(r"\n\s*\n", report.strip())[:2]]


def frames(part):
    """Returns (number, file, line) of the frames of Swift sources in a stack."""
    found = (FRAME.match(line) for line in part.splitlines())
    return [(int(match[1]), match[2], int(match[3])) for match in found if match]


def is_locked(stack, source):
    """Whether an access is within `withLock`. `source`: returns a line of a file."""
    return any("withLock" in source(file, line) for number, file, line in stack if number < DEPTH)


def is_explained(report, source):
    stacks = accesses(report)
    return len(stacks) == 2 and all(is_locked(stack, source) for stack in stacks)


def line_of(file, number):
    try:
        return pathlib.Path(file).read_text().splitlines()[number - 1]
    except (OSError, IndexError):
        return ""


def main(files):
    found = [report for file in files for report in reports(pathlib.Path(file).read_text(errors="replace"))]
    open_ones = [report for report in found if not is_explained(report, line_of)]
    for report in open_ones:
        print(report)
    print(f"sanitize: thread: {len(found)} reports, {len(found) - len(open_ones)} of them within a Mutex")
    return 1 if open_ones else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
