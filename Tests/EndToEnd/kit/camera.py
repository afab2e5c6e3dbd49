"""A test camera as a process of its own."""

import itertools

from kit.places import SYSTEM_PYTHON, TEST_CAMERA
from kit.processes import Process
from kit.waiting import until


NUMBERS = itertools.count(1)


class Camera(Process):
    """`mounts`: name → file. `urls`: name → address, once it is ready."""

    def __init__(self, folder, mounts, *arguments, port=0, environment=None):
        names = [word for name, file in mounts.items() for word in ("--mount", f"{name}={file}")]
        super().__init__(
            [SYSTEM_PYTHON, TEST_CAMERA, "--port", port, *names, *arguments], folder,
            f"camera-{next(NUMBERS)}", environment,
        )
        line = until(self.ready, 60, "the test camera is not ready")
        self.urls = dict(zip(mounts, line.split()[1:]))

    def ready(self):
        if not self.running():
            raise AssertionError(self.said())
        return next((line for line in self.output.read_text().splitlines() if line.startswith("READY ")), None)
