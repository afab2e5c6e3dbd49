"""Clips as other programs see them: ffprobe opens them, ffmpeg decodes their pictures."""

import json
import subprocess

import numpy as np


def probe(path):
    """ffprobe's description; fails when it cannot read the file or complains about it."""
    ran = subprocess.run(
        ["ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", str(path)], capture_output=True, text=True
    )
    assert ran.returncode == 0 and not ran.stderr, f"ffprobe on {path}: {ran.stderr or ran.returncode}"
    return json.loads(ran.stdout)


def video(description):
    return next(stream for stream in description["streams"] if stream["codec_type"] == "video")


def packets(path, entries="pts_time,flags"):
    """ffprobe's packets of the first video stream."""
    ran = subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_packets", "-show_entries", f"packet={entries}", "-of", "json", str(path)],
        capture_output=True, text=True, check=True,
    )
    return json.loads(ran.stdout)["packets"]


def picture(path, seconds, width, height):
    """The picture shown at `seconds`, RGB [height, width, 3]."""
    ran = subprocess.run(
        [
            "ffmpeg", "-v", "error", "-ss", f"{max(seconds, 0):.3f}", "-i", str(path), "-frames:v", "1",
            "-f", "rawvideo", "-pix_fmt", "rgb24", "-",
        ],
        capture_output=True,
    )
    raw = np.frombuffer(ran.stdout, np.uint8)
    return raw.reshape(height, width, 3) if raw.size == width * height * 3 else None
