"""Short clips as the edge writes them: fragments of at most a second, each padded to the end of a segment."""

import subprocess

# Plaintext bytes of the first segment and of each later one, for segments of 4,096 bytes.
FIRST, STEP = 4040, 4080


def film(seconds, *, rate=15, keyframe=2, size="320x180", tone=False, noise=12):
    """Returns the bytes of a fragmented mp4. `keyframe`: seconds between keyframes; fragments last a second."""
    command = [
        "ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"testsrc=size={size}:rate={rate}:duration={seconds},noise=alls={noise}:allf=t",
        *(["-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}", "-c:a", "aac"] if tone else []),
        "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", str(rate * keyframe), "-keyint_min", str(rate * keyframe), "-sc_threshold", "0", "-bf", "0",
        "-movflags", "frag_keyframe+empty_moov+default_base_moof", "-frag_duration", "1000000", "-f", "mp4", "-",
    ]
    return padded(subprocess.run(command, check=True, capture_output=True, timeout=120).stdout)


def padded(mp4):
    """Adds a `free` box to every fragment so that it ends where a segment of 4,096 bytes ends."""
    out = bytearray()
    for kind, box in boxes(mp4):
        if kind == "mfra":
            continue
        out += box
        if kind == "mdat":
            missing = (FIRST - len(out)) % STEP if len(out) > FIRST else FIRST - len(out)
            if 0 < missing < 8:
                missing += STEP
            if missing:
                out += missing.to_bytes(4, "big") + b"free" + bytes(missing - 8)
    return bytes(out)


def boxes(mp4):
    """Yields (type, bytes) of each top-level box."""
    at = 0
    while at < len(mp4):
        length = int.from_bytes(mp4[at : at + 4], "big")
        yield mp4[at + 4 : at + 8].decode(), mp4[at : at + length]
        at += length


def part(mp4, first, last=None):
    """Returns some of the fragments as the content of a part, as the edge makes it after an interruption: times do not restart at 0."""
    fragments, init = [], b""
    for kind, box in boxes(mp4):
        if kind in ("ftyp", "moov"):
            init += box
        elif kind == "moof":
            fragments.append(box)
        elif fragments and kind == "mdat":
            fragments[-1] += box
    return padded(init + b"".join(fragments[first:last]))
