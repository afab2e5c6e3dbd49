"""Everything around a recorder fails in random order: each fault is named, ends by itself, and no footage is lost or disowned."""

import os
import random
import signal
import time

import pytest

from kit.api import moment
from kit.disk import MOUNTS, Disk
from kit.faults import TORTURE, seed
from kit.installation import Installation
from kit.places import LOOPS
from kit.rest import doctor, sha256
from kit.waiting import until, until_promptly
from kit.wall_clock import WallClock

pytestmark = pytest.mark.faults

FAULTS = 14 if TORTURE else 3


class Turbulence:
    """An installation whose clips and whose node's archive are on small disks, and its faults:
    name → (begin, end, whether the owner is told, reason in the coverage)."""

    def __init__(self, folder):
        self.installation = Installation(folder, {"yard": LOOPS / "busy-2s.ts"}, recording=", maximum: 10", direct=True)
        state = self.installation.state
        config = state / "edge.yaml"
        config.write_text(config.read_text().replace("keepFreeMegabytes: 256", "keepFreeMegabytes: 64"))
        (state / "edge").mkdir(exist_ok=True)
        self.disk = Disk(state / "edge" / "clips", 400)
        self.archive_disk = Disk(state / "archive", 400)
        self.clock = WallClock(state)
        self.installation.environments["edge"] = self.clock.environment
        self.faults = {
            "edge killed": (lambda: self.killed("edge"), lambda: self.installation.start("edge"), None, "fell"),
            "edge frozen": (*self.frozen(lambda: self.installation.processes["edge"].pid, seconds=12), None, "camera_lost"),
            "node killed": (lambda: self.killed("node"), lambda: self.installation.start("node"), self.names("node"), None),
            "AI service killed": (lambda: os.kill(self.ai(), signal.SIGKILL), lambda: None, None, "watch_lost"),
            "camera frozen": (*self.frozen(lambda: self.installation.cameras.pid), self.names("camera yard"), "camera_lost"),
            "AI service frozen": (*self.frozen(self.ai), self.names("inference"), "watch_lost"),
            "node frozen": (*self.frozen(lambda: self.installation.processes["node"].pid), self.names("node"), None),
            "disk gone": (self.disk.detach, self.disk.attach, self.names(str(self.disk.folder)), None),
            "clock ahead": (lambda: self.clock.set_ahead(3600), lambda: self.clock.set_ahead(0), None, None),
            "archive gone": (self.archive_disk.detach, self.archive_disk.attach, self.archive_problems, None),
        }
        if MOUNTS:
            self.faults["disk read-only"] = (lambda: self.disk.read_only(True), lambda: self.disk.read_only(False), self.names(str(self.disk.folder)), None)
            self.faults["disk full"] = (lambda: self.disk.fill(8 << 20), self.disk.empty, None, None)

    def ai(self):
        return int((self.installation.state / "edge" / "run" / "ai" / "pid").read_text())

    def killed(self, kind):
        self.installation.kill(kind)

    @staticmethod
    def frozen(pid, seconds=0):
        """Stops a process, for at least so many seconds, and lets it go on."""
        stopped = []

        def begin():
            stopped[:] = [pid()]
            os.kill(stopped[0], signal.SIGSTOP)
            time.sleep(seconds)

        def end():
            try:
                os.kill(stopped[0], signal.SIGCONT)
            except ProcessLookupError:
                pass

        return begin, end

    def names(self, place):
        """Returns a question: whether the recorder names a problem there."""
        return lambda: place in [each["where"] for each in self.installation.edge.status()["problems"]]

    def archive_problems(self):
        """Returns what the owner is told of the node's archive."""
        return self.installation.edge.json("/api/v1/archive/usage")["problems"]

    def well(self):
        return self.installation.edge.status()["summary"] == "All well" and not self.archive_problems()

    def gaps(self, reason, began, ended):
        """Returns the gaps with that reason in a time, a second more or less."""
        return [
            gap for gap in self.installation.edge.coverage()
            if gap["reason"] == reason and moment(gap["from"]) <= ended and (gap["to"] is None or moment(gap["to"]) >= began - 1)
        ]

    def recorded_meanwhile(self, began):
        """Checks that footage exists of all the time since `began` in which the camera was not analysed."""
        edge = self.installation.edge
        for gap in edge.coverage():
            if gap["reason"] != "watch_lost" or gap["to"] is None or moment(gap["to"]) < began:
                continue
            reached = moment(gap["from"])
            for clip in reversed(edge.clips(camera="yard")):
                start = moment(clip["startedAt"])
                if start <= reached + 1:
                    reached = max(reached, start + clip["duration"] / 1000)
            assert reached >= moment(gap["to"]) - 1, f"not recorded from {reached} on: {gap}, {edge.clips()}"

    def files(self):
        """Returns the complete clips on the disk that the edge knows: name → SHA-256."""
        found = {}
        for event in self.installation.edge.events():
            for clip in event["clips"]:
                if clip["state"] == "complete":
                    found[clip["id"]] = clip["sha256"]
        return found


@pytest.fixture
def turbulence(tmp_path):
    turbulence = Turbulence(tmp_path)
    try:
        turbulence.installation.start()
        yield turbulence
    finally:
        turbulence.installation.stop()
        turbulence.disk.remove()
        turbulence.archive_disk.remove()


@pytest.mark.timeout(3600 if TORTURE else 900)
def test_every_fault_is_named_and_ends_and_no_footage_is_lost(turbulence):
    chance = random.Random(seed())
    installation = turbulence.installation
    until(turbulence.well, 120, "all is well at first")
    names = sorted(turbulence.faults)
    plan = (chance.sample(names, len(names)) + chance.choices(names, k=FAULTS))[:FAULTS]
    happened, recorded = [], {}
    for name in plan:
        begin, end, is_told, reason = turbulence.faults[name]
        recorded |= turbulence.files()
        began = time.time()
        begin()
        try:
            if is_told:
                until_promptly(is_told, 15, f"{name}: the owner is told")
            else:
                time.sleep(chance.uniform(0.5, 3))
            if reason == "watch_lost":
                # A service that goes on before ten seconds are over looks at every packet after all.
                until_promptly(lambda: turbulence.gaps(reason, began, time.time()), 25, f"{name}: the coverage has a gap")
        finally:
            end()
        until(turbulence.well, 120, f"{name}: all is well again")
        happened.append((name, began, time.time(), reason))
        if reason == "watch_lost":
            turbulence.recorded_meanwhile(began)
    # Recording works after all of them.
    known = set(turbulence.files())
    until(lambda: set(turbulence.files()) - known, 90, "another clip is recorded")
    recorded |= turbulence.files()
    for name, began, ended, reason in happened:
        if reason:
            assert turbulence.gaps(reason, began, ended), f"{name} at {began} is in no gap: {installation.edge.coverage()}"
    until(lambda: installation.edge.status()["node"]["waiting"] == 0, 60, "the node has every entry")
    until(lambda: installation.edge.status()["archive"]["waiting"] == 0, 120, "no clip waits for the archive")
    # On a full disk old clips make room, each with its tombstone; otherwise every clip is still served.
    deleted = {clip for clip in recorded if installation.edge.session.head(f"{installation.edge.base}/api/v1/clips/{clip}.mp4", timeout=60).status_code == 404}
    assert not deleted or "disk full" in plan, f"deleted without need: {deleted}"
    installation.processes["edge"].stop()
    installation.processes["node"].stop()
    files = {path.stem: path for path in turbulence.disk.folder.rglob("*.mp4")}
    for clip, digest in recorded.items():
        assert clip in deleted or sha256(files[clip]) == digest
    for kind in ("edge", "node"):
        code, findings = doctor(installation.state, kind)
        assert (code, findings) == (0, []), findings
