"""What the demo's edge or node has of two cameras: identifiers that exist, and made-up ones of the same form."""

from kit.waiting import until

KINDS = ("camera", "event", "clip", "archived clip", "archived picture")


def made_up(identifier):
    """Returns an identifier of the same form and length, of the same time, that nothing has."""
    if len(identifier) != 36:
        return identifier[:-1] + ("x" if identifier[-1] != "x" else "y")
    return identifier[:24] + "".join("%x" % (15 - int(digit, 16)) for digit in identifier[24:])


class Scene:
    """`ids`: {kind: {name of a camera here: identifier}}, for `sees` and `other`. `foreign`: texts of which somebody who sees only the first
    camera must read none; `everything`: of which another household must read none."""

    def __init__(self, demo, side):
        self.api = getattr(demo, side)
        cameras = demo.edge.json("/api/v1/cameras")["items"]
        until(lambda: len(self.api.json("/api/v1/cameras")["items"]) == len(cameras), 180, f"the {side} knows the cameras")
        self.sees, self.other = (camera["id"] for camera in cameras[:2])
        self._names = {camera["cameraId"]: name for camera, name in zip(cameras, (self.sees, self.other))}
        self.camera_id = cameras[0]["cameraId"]
        self.ids = until(lambda: self._find(side), 180, f"the {side} has an event, a clip and a picture of two cameras")
        if side == "edge":
            # It belongs to no camera.
            recipient = self.api.json("/api/v1/config/recipients")["items"][0]["keyId"]
            self.ids["recipient"] = {self.sees: recipient, self.other: recipient}
        self.foreign = {text for camera in cameras[1:] for text in (f'"{camera["id"]}"', camera["cameraId"], f'"{camera["name"]}"')}
        events = self.api.events()
        self.foreign |= {f'"{event["id"]}"' for event in events if self._names.get(event["cameraId"]) != self.sees}
        self.everything = {text for camera in cameras for text in (f'"{camera["id"]}"', camera["cameraId"], f'"{camera["name"]}"')}
        self.everything |= {f'"{event["id"]}"' for event in events}
        if side == "node":
            self.everything |= {each["fingerprint"] for each in self.api.json("/api/v1/edges")["items"]}

    def _find(self, side):
        found = {kind: {} for kind in KINDS}
        found["camera"] = {name: name for name in (self.sees, self.other)}
        events = self.api.events()
        if side == "edge":
            clips = self.api.clips()
        else:
            clips = [{**clip, "cameraId": event["cameraId"]} for event in events for clip in event["clips"]]
        archived = self.api.json("/api/v1/archive?limit=200")["items"]
        pictures = self.api.json("/api/v1/archive/events?limit=200")["items"]
        for kind, items, name in (
            ("event", [each for each in events if each["snapshot"] and each["clips"]], "id"),
            ("clip", clips, "id"),
            # Those of clips that are being recorded have arrived in part.
            ("archived clip", [each for each in archived if each["parts"]], "clipId"),
            ("archived picture", [each for each in pictures if each["status"] == "stored"], "eventId"),
        ):
            for item in items:
                if camera := self._names.get(item["cameraId"]):
                    found[kind].setdefault(camera, item[name])
        missing = [kind for kind in KINDS if len(found[kind]) < 2]
        assert not missing, missing
        return found
