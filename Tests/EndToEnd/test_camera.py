"""The test camera, on which most other tests depend."""

import os
import signal
import subprocess

import pytest

from kit.camera import Camera
from kit.places import FOOTAGE, LOOPS
from kit.probe import packets, probe, video


@pytest.fixture
def camera(tmp_path):
    cameras = []

    def start(mounts, *arguments, **options):
        cameras.append(Camera(tmp_path, mounts, *arguments, **options))
        return cameras[-1]

    yield start
    for one in cameras:
        one.kill()


def ffmpeg(*arguments):
    return subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *map(str, arguments)], capture_output=True, text=True)


def test_timestamps_continue_when_the_footage_loops(camera, tmp_path):
    short = tmp_path / "short.ts"
    assert ffmpeg("-i", LOOPS / "campus-sub.ts", "-t", 2, "-c", "copy", short).returncode == 0
    url = camera({"short": short}).urls["short"]
    received = tmp_path / "received.ts"
    ran = ffmpeg("-rtsp_transport", "tcp", "-i", url, "-t", 7, "-c", "copy", received)
    assert ran.returncode == 0, ran.stderr
    times = [float(packet["pts_time"]) for packet in packets(received)]
    assert len(times) > 55
    steps = [after - before for before, after in zip(times[1:], times[2:])]
    assert max(abs(step - 0.1) for step in steps) < 0.011


@pytest.mark.parametrize("name, codec", [("campus.ts", "h264"), ("hevc.ts", "hevc")])
def test_serves_the_codec_of_the_footage(camera, name, codec):
    url = camera({"one": LOOPS / name}).urls["one"]
    assert video(probe(url))["codec_name"] == codec


def test_serves_sound_only_when_asked_for(camera):
    kinds = [
        {stream["codec_type"] for stream in probe(camera({"one": LOOPS / "sound.ts"}, *flags).urls["one"])["streams"]}
        for flags in ((), ("--audio",))
    ]
    assert kinds == [{"video"}, {"video", "audio"}]


def test_requires_the_password_and_never_prints_it(camera, tmp_path):
    password_file = tmp_path / "password"
    password_file.write_text("open-sesame\n")
    one = camera({"one": LOOPS / "campus.ts"}, "--user", "cam", "--password-file", password_file)
    url = one.urls["one"]
    assert ffmpeg("-rtsp_transport", "tcp", "-i", url, "-t", 1, "-f", "null", "-").returncode != 0
    assert video(probe(url.replace("rtsp://", "rtsp://cam:open-sesame@")))["codec_name"] == "h264"
    assert "open-sesame" not in one.printed()


def test_serves_a_video_of_another_format(camera, tmp_path):
    video_file = tmp_path / "holiday.mkv"
    assert ffmpeg("-i", FOOTAGE / "vtest.avi", "-t", 2, "-c:v", "mpeg4", "-bf", 2, video_file).returncode == 0
    url = camera({"one": video_file}, environment={"XDG_CACHE_HOME": str(tmp_path)}).urls["one"]
    assert video(probe(url))["codec_name"] == "h264"


def test_can_be_killed_and_started_again_on_the_same_port(camera):
    first = camera({"one": LOOPS / "campus.ts"})
    port = int(first.urls["one"].split(":")[2].split("/")[0])
    os.kill(first.pid, signal.SIGKILL)
    first.wait(60)
    again = camera({"one": LOOPS / "campus.ts"}, port=port)
    assert video(probe(again.urls["one"]))["codec_name"] == "h264"
    code, _ = again.stop()
    assert code == 0


def test_says_in_one_line_what_is_wrong(tmp_path):
    from kit.places import SYSTEM_PYTHON, TEST_CAMERA

    ran = subprocess.run([SYSTEM_PYTHON, TEST_CAMERA, "--mount", f"a={tmp_path}/none.mp4"], capture_output=True, text=True)
    assert ran.returncode == 1 and "there is no such file" in ran.stderr and len(ran.stderr.splitlines()) == 1
