"""A wall clock that a test sets, for one process."""

import pathlib
import shutil
import struct
import subprocess

SOURCE = pathlib.Path(__file__).with_suffix(".c")


class WallClock:
    """`environment`: what a process needs to have this clock. It is right at first; the monotonic clocks always are."""

    def __init__(self, folder):
        # The compiler that came with Swift's.
        compiler = shutil.which("clang") or pathlib.Path(shutil.which("swift")).resolve().with_name("clang")
        library, self.file = folder / "wall-clock.so", folder / "wall-clock"
        subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library, SOURCE], check=True)
        self.file.write_bytes(struct.pack("q", 0))
        self.environment = {"LD_PRELOAD": str(library), "WALL_CLOCK_FILE": str(self.file)}

    def set_ahead(self, seconds):
        """Sets the clock to so many seconds after the right time."""
        with self.file.open("r+b") as file:
            file.write(struct.pack("q", seconds))
