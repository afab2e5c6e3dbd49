"""Measures the archive: sealing, throughput into an object store, lag behind the camera, CPU use; each beside a comparable program."""

import bisect
import json
import pathlib
import re
import subprocess
import time

from bench.figures import TICK, quantile, show
from kit.api import moment
from kit.installation import Installation
from kit.places import LOOPS, ROOT
from kit.probe import packets
from kit.rest import clip_files
from kit.s3 import S3Server
from kit.waiting import until

# Plaintext of the benchmark clip: 4 GB.
MEGABYTES = 4_096
SEGMENT, OVERHEAD = 4_096, 40


def run(folder, seconds):
    sealing(folder)
    following(folder / "following", max(seconds, 60))
    draining(folder / "draining", max(seconds, 30))


def openssl(algorithm):
    """Returns megabytes a second for 4 KiB blocks on one core."""
    ran = subprocess.run(
        ["taskset", "-c", "0", "openssl", "speed", "-mr", "-elapsed", "-seconds", "3", "-bytes", str(SEGMENT), "-evp", algorithm],
        capture_output=True, text=True, check=True,
    )
    return float(re.search(r"^\+F:.*:([\d.]+)$", ran.stdout, re.MULTILINE).group(1)) / 1e6


def sealing(folder):
    subprocess.run([ROOT / "scripts" / "build", "--product", "sealing-benchmark"], check=True, stdout=subprocess.DEVNULL)
    before = openssl("aes-256-gcm")
    found, memory = measured(["taskset", "-c", "0", ROOT / ".build/release/sealing-benchmark", str(MEGABYTES), folder])
    peer, hash_ = (before + openssl("aes-256-gcm")) / 2, openssl("sha256")
    show("openssl aes-256-gcm, 4 KiB", f"{peer:.0f}", "MB/s")
    show("openssl sha256, 4 KiB", f"{hash_:.0f}", "MB/s")
    show("the cipher as the sealer calls it", f"{found['cipher']:.0f}", "MB/s")
    show("sealing, with a hash of what goes in and of what comes out", f"{found['seal']:.0f}", "MB/s")
    show("opening, with its hash, from the disk", f"{found['open']:.0f}", "MB/s")
    share = found["cipher"] / peer
    show("the cipher / openssl aes-256-gcm", f"{share:.2f}", "x", "≥ 0.8", share >= 0.8)
    share = found["seal"] / peer
    show("sealing / openssl aes-256-gcm", f"{share:.2f}", "x", "≥ 0.8", share >= 0.8)
    # openssl's time for the same work: one cipher and two hashes of every byte.
    show("sealing / openssl aes-256-gcm and sha256 twice", f"{found['seal'] * (1 / peer + 2 / hash_):.2f}", "x")
    show(f"all memory of a process that seals and opens {found['megabytes'] / 1000:.1f} GB", f"{memory:.1f}", "MiB", "< 64", memory < 64)


def measured(command):
    """Returns the JSON that a program prints, and its peak resident memory in MiB. The program's own getrusage would include
    the process that started it."""
    running, peak = subprocess.Popen(command, stdout=subprocess.PIPE, text=True), 0
    while running.poll() is None:
        status = pathlib.Path(f"/proc/{running.pid}/status").read_text()
        if found := re.search(r"VmHWM:\s+(\d+) kB", status):
            peak = max(peak, int(found.group(1)) / 1024)
        time.sleep(0.02)
    output = running.stdout.read()
    assert running.returncode == 0, output
    return json.loads(output), peak


# -- While a clip is recorded

CAMERAS = {"gop-1s": LOOPS / "busy-1s.ts", "gop-10s": LOOPS / "busy-10s.ts"}


def own(process):
    """Returns seconds of user and system time of a process, without its children."""
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def following(folder, seconds):
    """Runs two recorders on the same films, which always have an event; one of the two archives."""
    places = {name: Installation(folder / name, CAMERAS, archive=name == "with", recording=", maximum: 3600") for name in ("with", "without")}
    try:
        for place in places.values():
            place.start()
        for place in places.values():
            until(lambda: len(recorded(place)) == len(CAMERAS), 90, "clips of both cameras are recorded")
        clips = until(lambda: under_way(places["with"], len(CAMERAS)), 60, "clips of both cameras are uploaded")
        began, before = time.monotonic(), {name: own(place.processes["edge"]) for name, place in places.items()}
        samples = {clip: [] for clip in clips}
        while time.monotonic() - began < seconds:
            for clip, (prefix, _, _) in clips.items():
                parts = places["with"].parts(clip)
                assert len(parts) == 1 and parts[0]["status"] == "uploading", parts
                samples[clip].append((time.time(), plaintext(parts[0]["size"] - prefix)))
            time.sleep(0.2)
        passed = time.monotonic() - began
        after = {name: own(place.processes["edge"]) for name, place in places.items()}
        files = clip_files(places["with"].state)
        for clip, (_, camera, start) in sorted(clips.items(), key=lambda one: one[1][1]):
            ends, shown = fragments(files[clip])
            lags = [at - start - shown[bisect.bisect_right(ends, length) - 1] for at, length in samples[clip] if length >= ends[0]]
            last = quantile(lags, 0.99)
            show(f"{camera}: camera → durable at the node, p50", f"{quantile(lags, .5):.2f}", "s")
            show(f"{camera}: camera → durable at the node, p99 of {len(lags)}", f"{last:.2f}", "s", "< 3", last < 3)
        used = {name: (after[name] - before[name]) / passed / len(CAMERAS) * 100 for name in places}
        show("edge without archive, a camera that always has an event", f"{used['without']:.2f}", "% of core")
        show("edge with archive, the same", f"{used['with']:.2f}", "% of core")
        more = used["with"] - used["without"]
        show("what archiving adds, a camera", f"{more:.2f}", "% of core", "< 1", more < 1)
    finally:
        for place in places.values():
            place.stop()


def recorded(place):
    """Returns {clip: (camera, start time)} of the clips that are being recorded."""
    return {
        clip["id"]: (event["camera"], moment(clip["startedAt"]))
        for event in place.edge.json("/api/v1/events", params={"limit": 200})["items"]
        for clip in event["clips"] if clip["state"] == "recording"
    }


def under_way(place, count):
    """Returns {clip: (bytes before its body, camera, start time)} once the node has bytes of `count` clips, else None."""
    found = {}
    for clip, (camera, start) in recorded(place).items():
        parts = place.parts(clip)
        if parts and parts[0]["size"]:
            answer = place.node.get(f"/api/v1/archive/{clip}", params={"part": 0}, headers={"Range": "bytes=0-65535"})
            found[clip] = (prefix(answer.content), camera, start)
    return found if len(found) == count else None


def prefix(sealed):
    """Returns the bytes of a sealed file before its body (docs/reference/sealed-clip.md)."""
    header = int.from_bytes(sealed[8:12])
    return 112 + header + int.from_bytes(sealed[76 + header : 80 + header])


def plaintext(body):
    """Returns the bytes of the clip in the whole segments of a body."""
    segments = body // SEGMENT
    return segments * (SEGMENT - 16) - OVERHEAD if segments else 0


def fragments(film):
    """Returns where whole fragments end in a clip's file, and the time of the last frame before each end, in seconds."""
    ends, place, pictures = [], 0, packets(film, "pts_time,pos")
    with open(film, "rb") as file:
        while len(head := file.read(8)) == 8:
            place += int.from_bytes(head[:4])
            if head[4:] == b"mdat":
                ends.append(place)
            file.seek(place)
    shown, last, pictures = [], 0.0, iter(sorted((int(each["pos"]), float(each["pts_time"])) for each in pictures))
    ahead = next(pictures, None)
    for end in ends:
        while ahead and ahead[0] < end:
            last, ahead = max(last, ahead[1]), next(pictures, None)
        shown.append(last)
    return ends, shown


# -- A backlog

HEAVY = 2


def heavy(folder):
    """Encodes a film of many megabits a second, so that the backlog is large."""
    folder.mkdir(parents=True, exist_ok=True)
    film = folder / "heavy.ts"
    subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-t", "12", "-i", LOOPS / "busy-1s.ts", "-an", "-c:v", "libx264", "-preset", "ultrafast", "-qp", "6",
         "-bf", "0", "-sc_threshold", "0", "-g", "15", "-pix_fmt", "yuv420p", "-f", "mpegts", film],
        check=True,
    )
    return film


def draining(folder, seconds):
    """Records clips while there is no node, then starts one with a real object store."""
    film = heavy(folder)
    with S3Server("swift") as s3:
        place = Installation(
            folder, {f"heavy{number}": film for number in range(HEAVY)}, environment=s3.environment,
            store=f"{{s3: {{endpoint: \"{s3.endpoint}\", region: {s3.region}, bucket: guardian-bench}}}}", direct=True,
        )
        try:
            place.start("edge")
            until(lambda: len(recorded(place)) == HEAVY, 90, "clips of all cameras are recorded")
            time.sleep(seconds)
            place.cameras.stop()
            until(lambda: not recorded(place), 90, "the clips end")
            place.start("node")
            grown = {}
            items = until(lambda: drained(place, grown), 300, "the backlog is stored")
            parts = [part for item in items for part in item["parts"]]
            begin = min(moment(part["startedAt"]) for part in parts)
            took = max(moment(part["storedAt"]) for part in parts) - begin
            size = sum(part["size"] for part in parts)
            put = plain_put(s3, [place.fetch(item["clipId"], part["part"], folder / "object").read_bytes() for item in items for part in item["parts"]])
            show(f"the backlog, {len(parts)} objects", f"{size / 1e6:.0f}", "MB")
            show("S3 put of the same bytes (boto3, one after another)", f"{size / 1e6 / put:.0f}", "MB/s")
            show("recorder → node: sealed and durable in its spool", f"{size / 1e6 / (grown['at'] - begin):.0f}", "MB/s")
            show("recorder → node → S3: sealed, spooled, stored", f"{size / 1e6 / took:.0f}", "MB/s")
            share = put / took
            show("the archive's way / plain put", f"{share:.2f}", "x", "≥ 0.7", share >= 0.7)
        finally:
            place.stop()


def drained(place, grown):
    """Returns all clips once all are stored, else None. Updates `grown`: how many bytes the node has, and since when."""
    items = place.archived()
    size = sum(item["size"] for item in items)
    if grown.get("size") != size:
        grown.update(size=size, at=time.time())
    states = {event["archive"]["state"] for event in place.edge.events()}
    return items if items and states == {"stored"} and all(item["status"] == "stored" for item in items) else None


def plain_put(s3, objects):
    """Returns the seconds that boto3 needs for the same bytes: the best of three runs."""
    import boto3
    from botocore.config import Config

    client = boto3.client(
        "s3", endpoint_url=s3.endpoint, region_name=s3.region, aws_access_key_id=s3.key_id, aws_secret_access_key=s3.secret,
        config=Config(s3={"addressing_style": "path"}),
    )
    client.create_bucket(Bucket="guardian-plain")
    client.put_object(Bucket="guardian-plain", Key="first", Body=b"both are warm")
    took = []
    for turn in range(3):
        began = time.monotonic()
        for number, content in enumerate(objects):
            client.put_object(Bucket="guardian-plain", Key=f"{turn}/{number}", Body=content)
        took.append(time.monotonic() - began)
    return min(took)
