"""Reads an MPEG transport stream (ISO/IEC 13818-1) into access units; supports only what ffmpeg writes."""

from dataclasses import dataclass, field

PACKET = 188
SYNC = 0x47
CODECS = {0x1B: "h264", 0x24: "h265", 0x0F: "aac"}


@dataclass
class Unit:
    """One access unit: presentation and decoding time in 90 kHz ticks, whether it allows random access, its bytes unchanged."""

    pts: int
    dts: int
    key: bool
    bytes: bytes


@dataclass
class Track:
    codec: str
    units: list = field(default_factory=list)


class TransportStreamError(Exception):
    pass


def _stamp(five):
    return ((five[0] >> 1 & 7) << 30) | five[1] << 22 | (five[2] >> 1) << 15 | five[3] << 7 | five[4] >> 1


def _section(payload):
    """Returns the body of a PSI section that fits one packet: after its header, before its CRC."""
    start = 1 + payload[0]
    length = (payload[start + 1] & 0x0F) << 8 | payload[start + 2]
    return payload[start + 8 : start + 3 + length - 4]


def _program(body):
    for at in range(0, len(body), 4):
        if body[at] << 8 | body[at + 1]:
            return (body[at + 2] & 0x1F) << 8 | body[at + 3]
    raise TransportStreamError("it has no programme")


def _streams(body):
    at = 4 + ((body[2] & 0x0F) << 8 | body[3])
    while at + 5 <= len(body):
        yield body[at], (body[at + 1] & 0x1F) << 8 | body[at + 2]
        at += 5 + ((body[at + 3] & 0x0F) << 8 | body[at + 4])


def _unit(payloads, key):
    pes = b"".join(payloads)
    if pes[:3] != b"\0\0\1" or not pes[7] & 0x80:
        raise TransportStreamError("a picture has no time")
    pts = _stamp(pes[9:14])
    dts = _stamp(pes[14:19]) if pes[7] & 0x40 else pts
    return Unit(pts, dts, key, pes[9 + pes[8] :])


def tracks(path):
    """Returns the tracks of the file whose codec is supported, in the file's order."""
    whole = path.read_bytes()
    if len(whole) < PACKET or whole[0] != SYNC:
        raise TransportStreamError("it is not a transport stream")
    program, found, open_units = None, {}, {}
    for at in range(0, len(whole) - PACKET + 1, PACKET):
        if whole[at] != SYNC:
            raise TransportStreamError(f"it is damaged at byte {at}")
        pid = (whole[at + 1] & 0x1F) << 8 | whole[at + 2]
        begins, control = whole[at + 1] & 0x40, whole[at + 3] >> 4 & 3
        start, key = at + 4, False
        if control & 2:
            key = bool(whole[start] and whole[start + 1] & 0x40)
            start += 1 + whole[start]
        if not control & 1:
            continue
        payload = whole[start : at + PACKET]
        if pid in found:
            if begins:
                if pid in open_units:
                    found[pid].units.append(_unit(*open_units[pid]))
                open_units[pid] = ([payload], key)
            elif pid in open_units:
                open_units[pid][0].append(payload)
        elif pid == 0 and begins:
            program = _program(_section(payload))
        elif pid == program and begins:
            for kind, stream in _streams(_section(payload)):
                if kind in CODECS:
                    found.setdefault(stream, Track(CODECS[kind]))
    for pid, unit in open_units.items():
        found[pid].units.append(_unit(*unit))
    return list(found.values())
