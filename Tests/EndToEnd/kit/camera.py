"""A test camera in its own process."""

import itertools

from kit.places import SYSTEM_PYTHON, TEST_CAMERA
from kit.processes import Process
from kit.waiting import until


NUMBERS = itertools.count(1)


class Camera(Process):
    """Runs `scripts/test-camera` and waits until it is ready. `mounts`: name → file; `urls`: name → RTSP URL. `network`: the
    `Network` that it runs in."""

    def __init__(self, folder, mounts, *arguments, port=0, environment=None, network=None):
        options = [word for name, file in mounts.items() for word in ("--mount", f"{name}={file}")]
        command = [SYSTEM_PYTHON, TEST_CAMERA, "--port", port, *options, *arguments]
        super().__init__(
            network.command(*command) if network else command, folder,
            f"camera-{next(NUMBERS)}", environment,
        )
        line = until(self.ready, 60, "the test camera is ready")
        self.urls = dict(zip(mounts, line.split()[1:]))

    def ready(self):
        if not self.running():
            raise AssertionError(self.printed())
        # The last line may be incomplete.
        lines = self.output.read_text().rpartition("\n")[0].splitlines()
        return next((line for line in lines if line.startswith("READY ")), None)
