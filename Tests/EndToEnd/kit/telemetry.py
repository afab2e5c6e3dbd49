"""A synthetic edge that sends telemetry, and an independent computation of what must become of it."""

import collections
import re
import uuid

from kit import grpc

CAMERA = uuid.UUID("0190b0f0-7c00-7000-8000-000000000001")
# (metric, camera) → how its values are made.
SERIES = {
    ("edge_up", None): lambda rng, _: 1,
    ("cpu_permille", None): lambda rng, _: rng.randint(0, 1000),
    ("temperature_millidegrees", None): lambda rng, _: rng.randint(-5_000, 90_000),
    ("network_sent_bytes", None): lambda rng, _: rng.randint(0, 1 << 40),
    ("clips_bytes", None): lambda rng, second: second * 1_000_003,
    ("disk_free_bytes", None): lambda rng, second: (1 << 40) - second * 1_000_003,
    ("camera_live", CAMERA): lambda rng, _: int(rng.random() < 0.9),
    ("camera_reconnects", CAMERA): lambda rng, _: int(rng.random() < 0.01),
}


def varint(number):
    out = bytearray()
    while True:
        number, low = number >> 7, number & 0x7F
        out.append(low | (0x80 if number else 0))
        if not number:
            return bytes(out)


def field(number, content):
    """A field of protobuf ("Protocol Buffers: Encoding"): a number as varint, text and bytes with their length."""
    if isinstance(content, int):
        return varint(number << 3) + varint(content & (1 << 64) - 1)
    content = content.encode() if isinstance(content, str) else content
    return varint(number << 3 | 2) + varint(len(content)) + content


def zigzag(number):
    return (number << 1) ^ (number >> 63)


def report(samples):
    """A TelemetryReportRequest with `samples`: {Unix milliseconds: {(metric, camera): value}}, or pairs, in their order."""
    names = sorted({name for _, values in samples for name in values}, key=str)
    out = b"".join(field(1, field(1, metric) + field(2, str(camera or ""))) for metric, camera in names)
    for at, values in samples:
        places = b"".join(varint(names.index(name)) for name in values)
        out += field(2, field(1, at) + field(2, places) + field(3, b"".join(varint(zigzag(value)) for value in values.values())))
    return out


class SyntheticEdge:
    """`certificates`: a folder with an edge's certificate and key and its node's authority."""

    def __init__(self, port, certificates):
        self.url = f"https://localhost:{port}"
        self.options = [
            "--http2", "--cacert", certificates / "authority.pem", "--cert", certificates / "edge.pem", "--key", certificates / "edge.key"]

    def send(self, samples):
        ran = grpc.call("guardian.v1.TelemetryService/Report", report(samples), *self.options, url=self.url)
        status = re.search(rb"grpc-status: (\d+)", ran.stdout)
        assert status and status.group(1) == b"0", ran.stdout[-2000:]
        return ran.stdout


def day(begin, rng):
    """Samples of 24 hours, one every 10 s, with two hours without the edge, and values that could not be measured."""
    samples = {}
    for second in range(0, 86_400, 10):
        if 30_000 <= second < 37_200:
            continue
        samples[begin + second * 1000 + rng.randrange(900)] = {
            name: make(rng, second) for name, make in SERIES.items() if rng.random() < 0.95 or name[0] == "edge_up"}
    return samples


def rollups(samples, begin, end, step):
    """{(metric, camera): {milliseconds after `begin`: [count, sum, min, max, last]}} of steps of so many seconds."""
    steps = collections.defaultdict(lambda: collections.defaultdict(list))
    for at in sorted(samples):
        start = at - at % (step * 1000)
        if begin <= start < end:
            for name, value in samples[at].items():
                steps[name][start - begin].append(value)
    return {
        name: {start: [len(values), sum(values), min(values), max(values), values[-1]] for start, values in of.items()}
        for name, of in steps.items()}


def shuffled(samples, rng):
    """Batches in any order, many samples in two of them."""
    items = list(samples.items())
    items += rng.sample(items, len(items) // 3)
    rng.shuffle(items)
    while items:
        count = rng.randint(1, 360)
        yield items[:count]
        items = items[count:]
