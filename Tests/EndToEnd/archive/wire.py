"""What nobody but the owner's browser may ever see, in every spelling that a leak could have."""

import base64

from archive.sealer import Owner


def needles(owner: Owner, *clip_keys):
    """By name, the spellings of the secret and of everything that is derived of it."""
    bare = owner.code.replace("-", "")
    found = {"code": {owner.code, bare, owner.code.replace("-", " "), owner.code.replace("-", "%20")}}
    found["code"] |= {each.lower() for each in found["code"]}
    # Any four groups in a row: a code in pieces is a leak too.
    groups = owner.code.split("-")
    found["pieces of the code"] = {mark.join(groups[at : at + 4]) for at in range(11) for mark in ("", "-", " ")}
    raw = {"secret": owner.secret, "seed": owner.seed, "ML-KEM seed": owner.seed[:64], "X25519 key of X-Wing": owner.seed[64:], "X25519 key": owner.raw_plain}
    raw |= {f"clip key {number}": key for number, key in enumerate(clip_keys)}
    for name, value in raw.items():
        standard = base64.b64encode(value).decode()
        found[name] = {value, value.hex(), value.hex().upper(), standard, standard.rstrip("="), base64.urlsafe_b64encode(value).decode().rstrip("="), ",".join(map(str, value))}
        # Base64 of something that holds it, at another of the three phases.
        for shift in (1, 2):
            inner = base64.b64encode(bytes(shift) + value).decode()[4:-4]
            found[name] |= {inner, inner.replace("+", "-").replace("/", "_")}
    return {name: {text.encode() if isinstance(text, str) else text for text in texts} for name, texts in found.items()}


def leaks(recorded, owner, *clip_keys):
    """Names of what is found in recorded bytes."""
    return sorted({name for name, texts in needles(owner, *clip_keys).items() for text in texts if text in recorded})


class Recorder:
    """Everything that a browser context asks for: addresses, headers, bodies; and what it writes to consoles."""

    def __init__(self, context):
        self.pieces = []
        context.on("request", self.take)
        context.on("console", lambda message: self.pieces.append(message.text.encode()))
        context.on("page", lambda page: page.on("websocket", lambda socket: socket.on("framesent", lambda frame: self.pieces.append(str(frame).encode()))))

    def take(self, request):
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
