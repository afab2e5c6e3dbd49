"""A wall clock that a test sets, for one process: libfaketime answers in place of the system."""

import glob


def library():
    """Returns the path of libfaketime of Debian's package."""
    found = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")
    assert found, "libfaketime is missing: run make test, which installs it"
    return found[0]


class WallClock:
    """`environment`: what a process needs to have this clock. It is right at first; the monotonic clocks always are."""

    def __init__(self, folder):
        self.file = folder / "wall-clock"
        self.set_ahead(0)
        self.environment = {
            "LD_PRELOAD": library(), "FAKETIME_TIMESTAMP_FILE": str(self.file), "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1",
        }

    def set_ahead(self, seconds):
        """Sets the clock to so many seconds after the right time; the process sees it within a second."""
        self.file.write_text(f"{seconds:+d}\n")
