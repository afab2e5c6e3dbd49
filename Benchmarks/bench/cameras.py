"""Measures the CPU that one 1080p15 camera needs: Guardian, `ffmpeg -c copy`, motion."""

import time

from bench.edge import Edge
from bench.figures import shares, show
from kit.camera import Camera
from kit.places import LOOPS
from kit.processes import Process

SCENES = (("quiet", "2s"), ("busy", "2s"), ("quiet", "10s"), ("busy", "10s"))
# Seconds before the measurement, in which every program connects, finds a keyframe and fills its buffers.
SETTLING = 15


def motion(folder, url):
    """Starts Debian's motion, configured for a network camera as in its manual: it analyses every frame and records motion unchanged."""
    configuration = folder / "motion.conf"
    configuration.write_text(
        f"daemon off\nsetup_mode off\nlog_level 4\ntarget_dir {folder}\nnetcam_url {url}\nnetcam_params rtsp_transport=tcp\n"
        "width 1920\nheight 1080\nframerate 15\nthreshold 1500\nevent_gap 5\npre_capture 3\npost_capture 15\n"
        "movie_output on\nmovie_passthrough on\npicture_output off\nstream_port 0\nwebcontrol_port 0\n"
    )
    return Process(["motion", "-n", "-c", configuration], folder, "motion")


def copy(folder, url):
    return Process(
        ["ffmpeg", "-nostdin", "-v", "error", "-rtsp_transport", "tcp", "-i", url, "-c", "copy", "-f", "mp4",
         "-movflags", "frag_keyframe+empty_moov", folder / "copy.mp4"],
        folder, "ffmpeg",
    )


def run(folder, seconds):
    for scene, gop in SCENES:
        place = folder / f"{scene}-{gop}"
        camera = Camera(place, {"one": LOOPS / f"{scene}-{gop}.ts"})
        url = camera.urls["one"]
        programs = {}
        try:
            programs = {"guardian": Edge(place, url), "ffmpeg": copy(place, url), "motion": motion(place, url)}
            time.sleep(SETTLING)
            found = shares({name: program.pid for name, program in programs.items()}, seconds)
            for name, program in programs.items():
                assert program.running(), f"{name} ended: {program.printed()[-1500:]}"
            status = programs["guardian"].api.status()
            events = len(programs["guardian"].api.events())
        finally:
            for program in (*programs.values(), camera):
                program.stop()
                program.kill()
        label = f"{scene}, GOP {gop}"
        show(f"{label}: ffmpeg -c copy", f"{found['ffmpeg'] * 100:.1f}", "% of core")
        show(f"{label}: motion", f"{found['motion'] * 100:.1f}", "% of core")
        limit = 0.25 if scene == "quiet" else 2.0
        ratio = found["guardian"] / max(found["motion"], 1e-9)
        show(f"{label}: guardian, edge and AI", f"{found['guardian'] * 100:.1f}", "% of core")
        show(f"{label}: guardian / motion", f"{ratio:.2f}", "x", f"≤ {limit}", ratio <= limit)
        show(f"{label}: guardian's watch, events", f"{status['cameras'][0]['watch']}, {events}", "")
