"""Searches recorded traffic for the owner's secrets in every encoding that a leak could have."""

import base64

from archive.sealer import Owner


def needles(owner: Owner, *clip_keys):
    """Returns the encodings to search for: {name: encodings} of the secret and everything derived from it."""
    bare = owner.code.replace("-", "")
    found = {"code": {owner.code, bare, owner.code.replace("-", " "), owner.code.replace("-", "%20")}}
    found["code"] |= {each.lower() for each in found["code"]}
    # Any four consecutive groups: a fragment of the code is a leak too.
    groups = owner.code.split("-")
    found["pieces of the code"] = {mark.join(groups[at : at + 4]) for at in range(11) for mark in ("", "-", " ")}
    raw = {"secret": owner.secret, "seed": owner.seed, "ML-KEM seed": owner.seed[:64], "X25519 key of X-Wing": owner.seed[64:], "X25519 key": owner.raw_plain}
    raw |= {f"clip key {number}": key for number, key in enumerate(clip_keys)}
    for name, value in raw.items():
        standard = base64.b64encode(value).decode()
        found[name] = {value, value.hex(), value.hex().upper(), standard, standard.rstrip("="), base64.urlsafe_b64encode(value).decode().rstrip("="), ",".join(map(str, value))}
        # Base64 of data that contains the value at another of the three byte offsets.
        for shift in (1, 2):
            inner = base64.b64encode(bytes(shift) + value).decode()[4:-4]
            found[name] |= {inner, inner.replace("+", "-").replace("/", "_")}
    return {name: {text.encode() if isinstance(text, str) else text for text in texts} for name, texts in found.items()}


def leaks(recorded, owner, *clip_keys):
    """Returns the names of the secrets found in `recorded`."""
    return sorted({name for name, texts in needles(owner, *clip_keys).items() for text in texts if text in recorded})


class Recorder:
    """Records all requests of a browser context (URLs, headers, bodies), sent WebSocket frames and console messages."""

    def __init__(self, context):
        self.pieces = []
        context.on("request", self.record)
        context.on("console", lambda message: self.pieces.append(message.text.encode()))
        context.on("page", lambda page: page.on("websocket", lambda socket: socket.on("framesent", lambda frame: self.pieces.append(str(frame).encode()))))

    def record(self, request):
        self.pieces += [request.method.encode(), request.url.encode(), *(f"{name}: {value}".encode() for name, value in request.headers.items()), request.post_data_buffer or b""]

    @property
    def bytes(self):
        return b"\n".join(self.pieces)


STORED = """async () => {
    const found = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie, JSON.stringify(history.state), location.href, name, document.title];
    for (const { name } of await indexedDB.databases()) found.push(`database ${name}`);
    for (const key of await caches.keys()) found.push(`cache ${key}`);
    return found.join("\\n");
}"""
