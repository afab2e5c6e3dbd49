"""Footage as a camera would send it: access units of a loop, with times relative to the loop's start."""

import hashlib
import os
import pathlib
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

from transport_stream import TransportStreamError, tracks

CLOCK = 90_000
NANOSECONDS = 1_000_000_000
AAC_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000)


class FootageError(Exception):
    """A file cannot be served; the message says in one sentence why."""


@dataclass(frozen=True)
class Piece:
    """One access unit or audio frame; `at` is its time in nanoseconds from the loop's start."""

    at: int
    kind: str
    key: bool
    bytes: bytes


@dataclass(frozen=True)
class Sound:
    """The AAC parameters that RTP needs: samples a second, channels, AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1)."""

    rate: int
    channels: int
    configuration: bytes


@dataclass(frozen=True)
class Loop:
    codec: str
    pieces: tuple
    duration: int
    sound: Sound | None


def servable(path, audio=False):
    """Returns the loop in `path`, encoded first if a camera would not send it in this form."""
    if not path.is_file():
        raise FootageError(f"{path}: there is no such file")
    if path.suffix == ".ts":
        try:
            return _loop(path, audio)
        except TransportStreamError:
            pass
    try:
        return _loop(_converted(path, audio), audio)
    except TransportStreamError as error:
        raise FootageError(f"{path}: {error}") from error


def _loop(path, audio):
    found = tracks(path)
    video = next((track for track in found if track.codec in ("h264", "h265")), None)
    if video is None or len(video.units) < 2:
        raise TransportStreamError("it holds no H.264 or H.265 pictures")
    units = video.units
    if not units[0].key:
        raise TransportStreamError("it does not begin with a keyframe")
    if any(unit.pts != unit.dts for unit in units):
        raise TransportStreamError("it has B-frames")
    first = units[0].pts
    steps = sorted(after.pts - before.pts for before, after in zip(units, units[1:]))
    if steps[0] <= 0:
        raise TransportStreamError("its times go backwards")
    duration = units[-1].pts - first + steps[len(steps) // 2]
    pieces = [Piece((unit.pts - first) * NANOSECONDS // CLOCK, "video", unit.key, unit.bytes) for unit in units]
    sound = None
    heard = next((track for track in found if track.codec == "aac"), None) if audio else None
    if heard:
        sound, more = _sound(heard, first)
        pieces += [piece for piece in more if 0 <= piece.at < duration * NANOSECONDS // CLOCK]
        pieces.sort(key=lambda piece: (piece.at, piece.kind))
    return Loop(video.codec, tuple(pieces), duration * NANOSECONDS // CLOCK, sound)


def _sound(track, first):
    """Returns the audio parameters and the ADTS frames (ISO/IEC 13818-7, 6.2) without their headers."""
    sound, pieces = None, []
    for unit in track.units:
        at, ahead = 0, 0
        while at + 7 <= len(unit.bytes):
            head = unit.bytes[at : at + 7]
            if head[0] != 0xFF or head[1] & 0xF0 != 0xF0:
                raise TransportStreamError("its sound is damaged")
            profile, rate = head[2] >> 6, head[2] >> 2 & 15
            channels = (head[2] & 1) << 2 | head[3] >> 6
            length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
            if sound is None:
                word = (profile + 1) << 11 | rate << 7 | channels << 3
                sound = Sound(AAC_RATES[rate], channels, word.to_bytes(2, "big"))
            begin = at + (7 if head[1] & 1 else 9)
            time = (unit.pts - first) * NANOSECONDS // CLOCK + ahead * 1024 * NANOSECONDS // sound.rate
            pieces.append(Piece(time, "audio", True, unit.bytes[begin : at + length]))
            at, ahead = at + length, ahead + 1
    return sound, pieces


def _converted(path, audio):
    """Returns `path` encoded by ffmpeg as a camera's encoder would; cached under a name made from path, size and date."""
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "guardian" / "converted"
    cache.mkdir(parents=True, exist_ok=True)
    state = path.stat()
    name = f"{path.resolve()}|{state.st_size}|{state.st_mtime_ns}|{audio}|1"
    target = cache / (hashlib.sha256(name.encode()).hexdigest()[:20] + ".ts")
    if target.exists():
        return target
    print(f"test-camera: encoding {path} once", file=sys.stderr, flush=True)
    partial = target.with_suffix(f".{os.getpid()}.partial")
    command = [
        "ffmpeg", "-nostdin", "-v", "error", "-y", "-i", str(path), "-map", "0:v:0",
        "-vf", "scale='trunc(min(1920,iw)/2)*2':'-2':flags=bicubic,setsar=1", "-fpsmax", "30", "-vsync", "cfr",
        "-c:v", "libx264", "-preset", "veryfast", "-crf", "21", "-profile:v", "high", "-pix_fmt", "yuv420p",
        "-bf", "0", "-sc_threshold", "0", "-force_key_frames", "expr:gte(t,n_forced*2)", "-g", "600",
    ]
    command += ["-map", "0:a:0?", "-c:a", "aac", "-ac", "1", "-b:a", "64k"] if audio else ["-an"]
    try:
        _encode([*command, "-progress", "pipe:1", "-f", "mpegts", str(partial)], path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    partial.rename(target)
    return target


def _encode(command, path):
    """Runs ffmpeg, and prints a line `PREPARING FILE SECONDS of SECONDS` to standard output every two seconds."""
    seconds = _length(path)
    with tempfile.TemporaryFile(mode="w+") as errors:
        try:
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
        except FileNotFoundError as error:
            raise FootageError("ffmpeg is not installed: apt-get install ffmpeg") from error
        try:
            said = 0
            for line in process.stdout:
                name, _, value = line.strip().partition("=")
                if name == "out_time_us" and value.isdigit() and time.monotonic() - said > 2:
                    said = time.monotonic()
                    print(f"PREPARING {path.name} {int(value) // 1_000_000} of {seconds}", flush=True)
            code = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        if code != 0:
            errors.seek(0)
            reason = errors.read().strip().splitlines() or ["ffmpeg gives no reason"]
            raise FootageError(f"{path} cannot be read as video: {reason[-1]}")


def _length(path):
    """Returns the film's length in seconds as text; `?` when the file does not say."""
    found = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", str(path)], capture_output=True, text=True
    )
    try:
        return str(round(float(found.stdout)))
    except ValueError:
        return "?"
