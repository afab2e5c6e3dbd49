"""What an installation reports that is well, and what it reports with each fault: the series of the rules' tests.

Series have a value a minute. A symptom replaces some of the healthy series; all others stay, so that a test also shows that no
other alert fires."""

import dataclasses

MINUTES = 1600
HOME = {"instance": "home", "job": "guardian-edge", "node": "central"}
CENTRAL = {"instance": "central", "job": "guardian-node", "node": "central"}
FRONT = HOME | {"camera": "front"}
MIB = 1 << 20
DAY = 86_400


def series(name, labels):
    return name + "{" + ", ".join(f'{key}="{value}"' for key, value in sorted(labels.items())) + "}"


def always(value):
    return f"{value}+0x{MINUTES}"


def rising(each_minute, start=0):
    return f"{start}+{each_minute}x{MINUTES}"


def edge(name, **labels):
    return series(f"guardian_{name}", HOME | labels)


def node(name, **labels):
    return series(f"guardian_{name}", CENTRAL | labels)


def camera(name, alias="front"):
    return edge(f"camera_{name}", camera=alias)


def looks(fast, slow):
    """Of `fast` + `slow` looks a minute, `slow` take between 1 and 2.5 seconds."""
    name = "ai_look_seconds_bucket"
    return {edge(name, le="0.25"): rising(fast), edge(name, le="1"): rising(fast), edge(name, le="2.5"): rising(fast + slow), edge(name, le="+Inf"): rising(fast + slow)}


def requests(status, each_minute, route="/api/v1/events"):
    return {edge("http_requests_total", route=route, status=status): rising(each_minute)}


HEALTHY = {
    series("up", HOME): always(1), series("up", CENTRAL): always(1),
    **{
        camera(name, alias): always(value) for alias in ("front", "yard") for name, value in {
            "live": 1, "paused": 0, "fps": 20, "bits_per_second": 4_000_000, "reconnects": 1, "packets_missing": 7, "recording": 0,
            "packet_age_seconds": 0.05, "keyframe_age_seconds": 0.9, "look_age_seconds": 0.3, "events_age_seconds": 0.4, "write_age_seconds": 700,
        }.items()
    },
    edge("disk_free_bytes"): always(40_000 * MIB), edge("disk_full"): always(0), edge("clips_away"): always(0), edge("journal_sequence"): rising(12),
    **{edge("component_up", component=name): always(1) for name in ("web server", "archive")},
    **{edge("configuration_refused", section=name): always(0) for name in ("web", "inference", "node", "archive")},
    **{edge("certificate_end_timestamp_seconds", use=use): always(60 * DAY) for use in ("web", "node")},
    edge("ai_up"): always(1), edge("ai_restarts"): always(0), edge("ai_sandboxed"): always(1), edge("ai_proof_age_seconds"): always(60),
    edge("ai_packets_dropped_total"): rising(1), **looks(600, 0),
    edge("delivery_connected"): always(1), edge("delivery_age_seconds"): always(4000), edge("outbox_entries"): always(0),
    edge("delivery_entries_total", outcome="acknowledged"): rising(12), edge("delivery_entries_total", outcome="refused"): always(0),
    edge("archive_paced"): always(0), edge("archive_backlog_held"): always(0), edge("archive_stored_age_seconds"): always(0.4),
    node("node_entries_total", outcome="stored"): rising(12), node("node_entries_total", outcome="refused"): always(0),
    node("archive_bytes"): always(500 * MIB), node("archive_limit_bytes"): always(1000 * MIB), node("archive_objects"): always(100),
    node("archive_limit_objects"): always(1000), node("archive_problems"): always(0), node("archive_refused_clips"): always(0),
    **requests("200", 60), edge("http_connections_refused_total"): always(0),
}


@dataclasses.dataclass(frozen=True)
class Symptom:
    """`fires` is the minute at which the alert fires, `waits` one before at which it does not yet."""

    alert: str
    replaced: dict
    waits: int | None
    fires: int
    says: str
    labels: dict = dataclasses.field(default_factory=lambda: HOME)


SYMPTOMS = [
    Symptom("GuardianRecorderDown", {series("up", HOME): always(0)}, 1, 2, "The recorder home does not answer: it may not be recording."),
    Symptom("GuardianNodeDown", {series("up", CENTRAL): always(0)}, 4, 5,
            "The node central does not answer: recorders keep events and clips to themselves until it does.", CENTRAL),
    Symptom("GuardianNotMonitored", {series("up", HOME): None}, 9, 10, "Prometheus asks no recorder: no other alert about one can fire.", {"job": "guardian-edge"}),
    Symptom("GuardianComponentFailing", {edge("component_up", component="archive"): always(0)}, 4, 5,
            'On home the component "archive" fails again and again; recording goes on without it.', HOME | {"component": "archive"}),
    Symptom("GuardianConfigurationRefused", {edge("configuration_refused", section="archive"): always(1)}, 4, 5,
            'On home the section "archive" of the configuration is wrong; recording goes on without it.', HOME | {"section": "archive"}),
    Symptom("GuardianCertificateEnding", {edge("certificate_end_timestamp_seconds", use="node"): always(9 * DAY)}, 59, 60,
            'The certificate "node" of home ends in 8d 23h 0m 0s.', HOME | {"use": "node"}),
    Symptom("GuardianDiskFull", {edge("disk_full"): always(1)}, 0, 1, "The disk of home is full: recording pauses."),
    Symptom("GuardianDiskLow", {edge("disk_free_bytes"): always(512 * MIB)}, 9, 10,
            "Only 512MiB are free on the disk of home, less than deleting old clips keeps free."),
    Symptom("GuardianClipsDiskAway", {edge("clips_away"): always(1)}, 1, 2,
            "The clips' disk of home is away: clips go to the emergency folder, which is small."),

    Symptom("GuardianCameraOffline", {camera("live"): always(0)}, 1, 2, "The camera front of home sends nothing, so nothing of it is recorded.", FRONT),
    Symptom("GuardianCameraUnstable", {camera("reconnects"): f"1+0x29 2+1x6 8+0x{MINUTES}"}, 39, 41,
            "The camera front of home lost its connection 7 times in half an hour.", FRONT),
    # 20 frames a second come, and 1 does not.
    Symptom("GuardianCameraFramesMissing", {camera("packets_missing"): rising(60)}, 15, 60,
            "4.762% of the frames of camera front of home do not arrive: its clips have gaps.", FRONT),
    Symptom("GuardianCameraNotAnalysed", {camera("look_age_seconds"): always(31)}, 0, 1, "Nobody analyses the camera front of home: no events are recorded of it.", FRONT),
    Symptom("GuardianCameraEventsStuck", {camera("events_age_seconds"): always(11)}, 0, 1,
            "The events of camera front of home stand still: a disk probably does not answer.", FRONT),
    Symptom("GuardianCameraWritingStuck", {camera("recording"): always(1), camera("write_age_seconds"): always(11)}, 0, 1,
            "The camera front of home has a clip open, and nothing is written into it.", FRONT),
    # Then it sends nothing either.
    Symptom("GuardianCameraPausedLong", {camera("paused"): always(1), camera("live"): always(0)}, 1430, 1440,
            "The camera front of home has been paused for a day: was it forgotten?", FRONT),

    Symptom("GuardianAIServiceDown", {edge("ai_up"): always(0)}, 0, 1, "The AI service of home does not work: no camera is analysed, so no events are recorded."),
    Symptom("GuardianAIServiceRestarts", {edge("ai_restarts"): f"0+0x9 1+1x3 4+0x{MINUTES}"}, 12, 20, "The AI service of home ended 4 times in an hour."),
    Symptom("GuardianAIBlind", {edge("ai_proof_age_seconds"): rising(60)}, 6, 7,
            "The AI service of home answers, but no longer finds the person in a picture that it knows: it may miss people."),
    Symptom("GuardianAISlow", looks(300, 300), 10, 30, "On home analysis is 2.35s behind the cameras."),
    Symptom("GuardianAIDropsPackets", {edge("ai_packets_dropped_total"): rising(120)}, 10, 30, "The AI service of home cannot keep up: it skips 2 frames a second."),
    Symptom("GuardianAINotSandboxed", {edge("ai_sandboxed"): always(0)}, 9, 10,
            "The AI service of home runs without its sandbox: a hostile camera could read clips and keys through it."),

    Symptom("GuardianNodeUnreachable", {edge("delivery_connected"): always(0)}, 9, 10,
            "The recorder home does not reach its node: events and clips are on the recorder only."),
    Symptom("GuardianOutboxAgeing", {edge("outbox_entries"): always(3), edge("delivery_age_seconds"): rising(60)}, 10, 11,
            "3 entries of home wait for the node and get older."),
    Symptom("GuardianOutboxAgeing", {edge("outbox_entries"): rising(1), edge("delivery_age_seconds"): always(1)}, 160, 180,
            "120 entries of home wait for the node and get older."),
    Symptom("GuardianEntriesRefused", {edge("delivery_entries_total", outcome="refused"): f"0+0x9 1+0x{MINUTES}"}, 9, 12,
            "The node refused entries of home: their journals contradict each other.", HOME | {"outcome": "refused"}),
    Symptom("GuardianNodeRefusesEntries", {node("node_entries_total", outcome="refused"): f"0+0x9 1+0x{MINUTES}"}, 9, 12,
            "The node central got entries that are not what their device signed, or contradict its chain.", CENTRAL | {"outcome": "refused"}),

    Symptom("GuardianArchiveBehind", {edge("archive_paced"): always(1)}, 29, 30,
            "Sealed clips of home have been waiting for bandwidth for six hours: some are on the recorder only."),
    Symptom("GuardianArchiveStalled", {edge("archive_stored_age_seconds"): always(1200)}, 4, 5,
            "The node stores nothing of what home archives since 20m 0s: it is on the recorder only."),
    Symptom("GuardianArchiveProblems", {node("archive_problems"): always(2)}, 9, 10,
            "The archive of central does not do all its work: 2 problems, for example a disk that is not mounted.", CENTRAL),
    Symptom("GuardianArchiveNearlyFull", {node("archive_bytes"): always(900 * MIB)}, 14, 15, "90% of the archive's quota at central are used.", CENTRAL),
    Symptom("GuardianArchiveNearlyFull", {node("archive_objects"): always(850)}, 14, 15, "85% of the archive's quota at central are used.", CENTRAL),
    Symptom("GuardianArchiveRefusesClips", {node("archive_refused_clips"): always(4)}, 59, 60,
            "The archive of central has no room for 4 clips: they are on the recorder only.", CENTRAL),

    Symptom("GuardianWebErrors", requests("500", 20), 10, 30, "home fails to answer 25% of its requests."),
    Symptom("GuardianLoginsFail", requests("401", 12, "/api/v1/session"), 10, 30,
            "Somebody fails to log in at home again and again: password guessing, or a program with an old password."),
    Symptom("GuardianConnectionsRefused", {edge("http_connections_refused_total"): rising(12)}, 10, 30,
            "home refuses connections, because one address has too many open."),
]

# What looks like a symptom, and is none. Looked at after an hour and a half of it, except where a minute is named.
WELL = {
    "all is well": {},
    "a camera is paused for an hour": ({camera("paused"): always(1), camera("live"): always(0), camera("look_age_seconds"): always(0)}, 60),
    "a camera that is away is not analysed either": ({camera("live"): always(0), camera("look_age_seconds"): rising(60), camera("events_age_seconds"): rising(60)}, 1),
    "a camera connects anew twice": {camera("reconnects"): f"1+0x70 2+0x5 3+0x{MINUTES}"},
    "the recorder starts again, and counts from the start": {
        camera("reconnects"): f"40+0x80 0+0x{MINUTES}", edge("ai_restarts"): f"9+0x80 0+0x{MINUTES}",
        edge("delivery_entries_total", outcome="refused"): f"5+0x80 0+0x{MINUTES}",
    },
    "a clip is written": {camera("recording"): always(1), camera("write_age_seconds"): always(0.5)},
    "one frame in a thousand is missing": {camera("packets_missing"): rising(1.2)},
    "entries wait for a moment": {edge("outbox_entries"): f"3+0x88 0+0x{MINUTES}", edge("delivery_age_seconds"): always(2)},
    "there has been nothing to deliver for long": {edge("delivery_age_seconds"): rising(60)},
    "the AI service has not looked at its picture yet": {edge("ai_proof_age_seconds"): always(-1)},
    "one look in fifty is slow": looks(588, 12),
    "older clips wait for the end of a window": ({edge("archive_paced"): always(1), edge("archive_backlog_held"): always(1)}, 60),
    "there is no quota": {node("archive_limit_bytes"): None, node("archive_limit_objects"): None, node("archive_bytes"): always(10**15)},
    "there is no node, and no archive": {name: None for name in HEALTHY if "central" in name and "guardian-node" in name or "delivery" in name or "outbox" in name or "archive_" in name},
    "it is not ready, and says so": requests("503", 60, "/readyz"),
    "somebody mistypes a password now and then": requests("401", 1, "/api/v1/session"),
}
