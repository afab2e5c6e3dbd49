"""Measures the latency from camera to node: confirming frame → acknowledgement, first sighting → acknowledgement."""

import time

from bench.figures import quantile, show
from kit.api import moment
from kit.demo import Demo
from kit.places import LOOPS

# Long enough for all visits of the campus scene (79.5 s).
SECONDS = 80


def run(folder, _seconds):
    for gop in ("1s", "10s"):
        running = Demo(folder / f"gop-{gop}", "--for", str(SECONDS), "--footage", str(LOOPS / f"campus-{gop}.ts"))
        seen = {}
        try:
            while running.process.running():
                try:
                    for event in running.edge.events():
                        if event["delivery"]["firstAcknowledgedAt"]:
                            seen[event["id"]] = moment(event["delivery"]["firstAcknowledgedAt"]) - moment(event["startedAt"])
                except (OSError, AssertionError):
                    pass
                time.sleep(1)
            _, summary = running.finish(60)
        finally:
            running.stop()
        figures = summary["latencyMs"]
        show(f"GOP {gop}: events", summary["events"], "")
        show(f"GOP {gop}: confirming frame → acknowledged, p50", figures["p50"], "ms")
        show(f"GOP {gop}: confirming frame → acknowledged, p99", figures["p99"], "ms", "≤ 250", figures["p99"] <= 250)
        show(f"GOP {gop}: first sight → acknowledged, p50", f"{quantile(seen.values(), .5) * 1000:.0f}", "ms")
        last = quantile(seen.values(), 0.99) * 1000
        show(f"GOP {gop}: first sight → acknowledged, p99", f"{last:.0f}", "ms", "≤ 1500", last <= 1500)
