"""A stub of the archive's HTTP API, as far as the pages use it, that answers from a list in memory."""

import datetime
import hashlib
import uuid

from archive.sealer import b64

NOW = datetime.datetime.now(datetime.UTC)


def at(**ago):
    return (NOW - datetime.timedelta(**ago)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


CAMERAS = [
    {"id": name, "cameraId": str(uuid.uuid4()), "name": title, "state": "live", "since": at(hours=2), "fps": 15, "bitrate": 2_000_000, "width": 1920, "height": 1080, "codec": "h264",
     "lastPacketAt": at(), "lastFailure": None, "reconnects": 0, "recording": False, "person": False, "watch": "quiet"}
    for name, title in (("front", "Front door"), ("yard", "Yard"))
]
STATUS = {
    "version": "1", "startedAt": at(hours=3), "state": "well", "summary": "All well.", "problems": [], "cameras": CAMERAS,
    "storage": {"path": "/var/lib/guardian", "capacity": 10**12, "free": 5 * 10**11, "clips": 9, "clipBytes": 10**9, "oldestClipAt": None, "recording": True, "away": False, "daysLeft": 60, "keepDays": None, "deletedForAge": 0},
    "node": {"configured": True, "address": "node.example:9443", "connected": True, "since": at(hours=3), "waiting": 0, "oldestWaitingAt": None, "lastAcknowledgedAt": at(minutes=1), "reason": None},
    "archive": {"configured": True, "leaving": 1, "waiting": 0, "limit": None, "waitsUntil": None, "lastStoredAt": None},
    "inference": {"state": "up", "since": at(hours=3), "restarts": 0, "model": None, "latencyMs": None, "queue": 0}, "journal": {"chain": "c", "deviceKey": "k", "sequence": 9},
}


def level(held, limit=None, objects=0):
    return {"bytes": held, "objects": objects, "byteLimit": limit, "objectLimit": None, "nearlyFull": limit is not None and held >= 0.8 * limit}


class Archive:
    def __init__(self, site):
        self.site, self.items, self.files = site, [], {}
        site.answers["/api/v1/status"] = (200, STATUS)
        site.answers["/api/v1/events"] = (200, {"items": [], "nextCursor": None})
        site.answers["/api/v1/archive"] = self.page
        self.usage = {"all": level(0), "cameras": [], "whenFull": "refuse", "days": None, "heldClips": 0, "heldBytes": 0, "refused": {"clips": 0, "reason": None}}
        site.answers["/api/v1/archive/usage"] = lambda query: (200, self.usage)

    def add(self, parts, owner, *, status="stored", clip=None, camera="front", started=None, duration=None, reason=None, events=(), content="video/mp4", missing=()):
        """Adds a clip. `parts`: its sealed files; part numbers in `missing` are listed, but their objects do not exist."""
        clip = str(clip or uuid.uuid4())
        self.files[clip] = {number: part for number, part in enumerate(parts) if number not in missing}
        item = {
            "clipId": clip, "camera": camera, "cameraId": next((each["cameraId"] for each in CAMERAS if each["id"] == camera), str(uuid.uuid4())), "startedAt": started or at(minutes=10 + len(self.items) * 41),
            "duration": duration, "status": status, "reason": reason, "size": sum(map(len, parts)), "held": False, "events": list(events), "contentType": content,
            "parts": [
                {"part": number, "size": len(part), "sha256": hashlib.sha256(part).hexdigest(), "objectKey": f"clips/{clip}/{number}.grdn", "bucket": "guardian",
                 "keyIds": [b64(hashlib.sha256(owner.public("X-Wing")).digest()[:8])], "status": status if status in ("stored", "interrupted", "uploading") else "stored", "storedAt": at(minutes=9),
                 "checkpoint": {"plaintextLength": len(part), "at": at(minutes=9)} if status == "interrupted" else None}
                for number, part in enumerate(parts)
            ],
        }
        self.items.append(item)
        self.site.answers[f"/api/v1/archive/{clip}"] = lambda query: self.clip(item, query)
        self.site.answers[f"/api/v1/archive/{clip}/hold"] = lambda query: self.hold(item)
        return item

    def hold(self, item):
        item["held"] = self.site.requests[-1][0] == "PUT"
        return 200, item

    def page(self, query):
        found = [item for item in self.items if all(query.get(name) in (None, item[name]) for name in ("camera", "status"))]
        found = [item for item in found if query.get("from", "") <= item["startedAt"] < query.get("to", "~")]
        found.sort(key=lambda item: item["startedAt"], reverse=True)
        first, limit = int(query.get("cursor") or 0), int(query.get("limit") or 50)
        return 200, {"items": found[first : first + limit], "nextCursor": str(first + limit) if first + limit < len(found) else None}

    def clip(self, item, query):
        if "part" not in query:
            return 200, item
        part = self.files[item["clipId"]].get(int(query["part"]))
        return part if part is not None else (404, {"status": 404, "code": "not_found", "detail": "The object is not in the store any more; it may have been removed there."})
