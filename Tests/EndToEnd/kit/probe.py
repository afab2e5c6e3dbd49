"""Reads clips with independent programs: ffprobe describes them, ffmpeg decodes their frames."""

import json
import subprocess

import numpy as np


def probe(path):
    """Returns ffprobe's description; fails if ffprobe cannot read the file or prints an error."""
    ran = subprocess.run(
        ["ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", str(path)], capture_output=True, text=True
    )
    assert ran.returncode == 0 and not ran.stderr, f"ffprobe on {path}: {ran.stderr or ran.returncode}"
    return json.loads(ran.stdout)


def video(description):
    return next(stream for stream in description["streams"] if stream["codec_type"] == "video")


def packets(path, entries="pts_time,flags"):
    """Returns the packets of the first video stream, as ffprobe lists them."""
    ran = subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_packets", "-show_entries", f"packet={entries}", "-of", "json", str(path)],
        capture_output=True, text=True, check=True,
    )
    return json.loads(ran.stdout)["packets"]


def picture(path, seconds, width, height):
    """Returns the frame at `seconds` as RGB [height, width, 3], or None if there is none."""
    ran = subprocess.run(
        [
            "ffmpeg", "-v", "error", "-ss", f"{max(seconds, 0):.3f}", "-i", str(path), "-frames:v", "1",
            "-f", "rawvideo", "-pix_fmt", "rgb24", "-",
        ],
        capture_output=True,
    )
    raw = np.frombuffer(ran.stdout, np.uint8)
    return raw.reshape(height, width, 3) if raw.size == width * height * 3 else None
