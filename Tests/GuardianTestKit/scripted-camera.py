#!/usr/bin/python3
"""A camera with habits that no server library has: RTSP over TCP, one Annex B film for ever. Standard library only.

    scripted-camera.py [--port P] [--film FILM.264] [--user U --password W] [--schemes MD5,SHA-256]
                       [--qop auth] [--redirect URL] [--session SECONDS --alive METHOD] [--public METHODS]
                       [--cut-after PICTURES [--cut-at-delimiter]] [--noise bytes|packet|answer|media]

Prints the port that it got, and then each request that it hears as a line: method, URL, status, and the credentials' kind.
With --cut-after, the connection ends in the middle of the next picture, or after its delimiter. With --noise, something that nobody
asked for comes after every seventh picture: bytes of no packet, a packet of a channel that was not set up, an answer, or a packet of
the video's channel that is none. In --redirect and in the lines, PORT stands for the camera's own port."""
import argparse
import asyncio
import base64
import hashlib
import itertools
import re
import struct
import sys
import time

FPS = 10
# H.264, 7.3.2.4: the next picture may have slices of any type.
DELIMITER = b"\x09\xf0"


def units(path):
    """Access units of an Annex B file that was encoded with access unit delimiters."""
    found, sets = [], {}
    with open(path, "rb") as file:
        parts = [part.rstrip(b"\0") for part in file.read().split(b"\0\0\1")[1:]]
    for nal in parts:
        kind = nal[0] & 31
        if kind == 9:
            found.append([])
        else:
            found[-1].append(nal)
        if kind in (7, 8):
            sets.setdefault(kind, nal)
    return found, sets


def fragments(nal):
    """RFC 6184, 5.6 and 5.8."""
    if len(nal) <= 1400:
        return [nal]
    pieces = [nal[at : at + 1400] for at in range(1, len(nal), 1400)]
    last = len(pieces) - 1
    head, kind = nal[0] & 0xE0 | 28, nal[0] & 31
    return [bytes([head, (i == 0) << 7 | (i == last) << 6 | kind]) + piece for i, piece in enumerate(pieces)]


def framed(channel, packet):
    """RFC 2326, 10.12."""
    return struct.pack(">cBH", b"$", channel, len(packet)) + packet


NOISE = {
    "bytes": bytes(number * 7 % 251 for number in range(700)).replace(b"$", b""),
    "packet": framed(6, b"x" * 200),
    "answer": b"RTSP/1.0 200 OK\r\nCSeq: 999\r\nSession: 42\r\n\r\n",
    "media": framed(0, b"\x80\x60") + framed(0, b"x" * 200) + framed(1, b"\x81"),
}


class Camera:
    def __init__(self, options):
        self.options = options
        self.schemes = options.schemes.split(",")
        self.units, self.sets = units(options.film) if options.film else ([], {})
        self.alive = 0.0

    def sdp(self):
        sets = ",".join(base64.b64encode(self.sets[kind]).decode() for kind in (7, 8))
        return (
            "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=film\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\na=control:*\r\n"
            "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
            f"a=fmtp:96 packetization-mode=1;sprop-parameter-sets={sets}\r\na=control:track0\r\n"
        )

    def challenges(self):
        for scheme in self.schemes:
            if scheme == "Basic":
                yield 'WWW-Authenticate: Basic realm="cam"'
            else:
                quality = f', qop="auth-int,{self.options.qop}", opaque="a, b"' if self.options.qop else ""
                algorithm = "" if scheme == "plain" else f", algorithm={scheme}"
                yield f'WWW-Authenticate: Digest realm="cam", nonce="0123456789abcdef"{algorithm}{quality}'

    def allowed(self, method, field):
        user, password = self.options.user, self.options.password
        if not user:
            return True
        if field.startswith("Basic "):
            return "Basic" in self.schemes and base64.b64decode(field[6:]) == f"{user}:{password}".encode()
        part = dict(re.findall(r'(\w+)="?([^",]*)"?', field[7:]))
        algorithm = part.get("algorithm", "MD5")
        if not {algorithm, "plain" if algorithm == "MD5" else algorithm} & set(self.schemes):
            return False

        def digest(text):
            return (hashlib.sha256 if algorithm == "SHA-256" else hashlib.md5)(text.encode()).hexdigest()

        first, second = digest(f"{user}:cam:{password}"), digest(f"{method}:{part.get('uri', '')}")
        middle = "0123456789abcdef"
        if self.options.qop:
            if part.get("qop") != self.options.qop or 'opaque="a, b"' not in field:
                return False
            middle += f":{part.get('nc')}:{part.get('cnonce')}:{self.options.qop}"
        return part.get("username") == user and part.get("response") == digest(f"{first}:{middle}:{second}")

    def answer(self, method, url, headers):
        if method == self.options.alive:
            self.alive = time.monotonic()
        if method == "OPTIONS":
            return "200 OK", [f"Public: {self.options.public}"], ""
        if not self.allowed(method, headers.get("authorization", "")):
            return "401 Unauthorized", list(self.challenges()), ""
        if method == "DESCRIBE":
            if self.options.redirect and not url.endswith("/real"):
                return "302 Found", ["Location: " + self.options.redirect.replace("PORT", str(self.port))], ""
            return "200 OK", [f"Content-Base: {url}/", "Content-Type: application/sdp"], self.sdp()
        if method == "SETUP":
            if "TCP" not in headers.get("transport", ""):
                return "461 Unsupported Transport", [], ""
            session = f"Session: 42;timeout={self.options.session}"
            return "200 OK", ["Transport: RTP/AVP/TCP;unicast;interleaved=0-1", session], ""
        return "200 OK", ["Session: 42"], ""

    async def play(self, writer):
        sequence, began = itertools.count(), time.monotonic()
        self.alive = began
        for number in itertools.count():
            await asyncio.sleep(max(0, began + number / FPS - time.monotonic()))
            if self.options.alive and time.monotonic() - self.alive > self.options.session + 0.5:
                print("HANGS UP", flush=True)
                writer.close()
                return
            packets = [piece for nal in self.units[number % len(self.units)] for piece in fragments(nal)]
            if number == self.options.cut_after:
                packets = [DELIMITER] if self.options.cut_at_delimiter else packets[: len(packets) // 2]
            for index, piece in enumerate(packets):
                marker = 128 if index == len(packets) - 1 else 0
                at = 1000 + number * 90000 // FPS & 0xFFFFFFFF
                packet = struct.pack(">BBHII", 128, marker | 96, next(sequence) & 0xFFFF, at, 7) + piece
                writer.write(framed(0, packet))
            if self.options.noise and number % 7 == 6:
                writer.write(NOISE[self.options.noise])
            await writer.drain()
            if number == self.options.cut_after:
                writer.close()
                return

    async def serve(self, reader, writer):
        playing = None
        try:
            while True:
                first = await reader.readexactly(1)
                if first == b"$":
                    _, length = struct.unpack(">BH", await reader.readexactly(3))
                    await reader.readexactly(length)
                    continue
                lines = (first + await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
                method, url, _ = lines[0].split(" ", 2)
                headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:])}
                status, more, body = self.answer(method, url, headers)
                kind = headers.get("authorization", "-").split(" ")[0]
                print(f"{method} {url.replace(str(self.port), 'PORT')} {status[:3]} {kind}", flush=True)
                head = [f"RTSP/1.0 {status}", f"CSeq: {headers.get('cseq', 0)}"] + more
                if body:
                    head.append(f"Content-Length: {len(body)}")
                writer.write(("\r\n".join(head) + "\r\n\r\n" + body).encode())
                await writer.drain()
                if method == "PLAY" and status.startswith("200") and playing is None:
                    playing = asyncio.create_task(self.play(writer))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            if playing:
                playing.cancel()
            writer.close()

    async def run(self):
        server = await asyncio.start_server(self.serve, "127.0.0.1", self.options.port)
        self.port = server.sockets[0].getsockname()[1]
        print(self.port, flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--film")
    parser.add_argument("--user")
    parser.add_argument("--password")
    parser.add_argument("--schemes", default="plain")
    parser.add_argument("--qop")
    parser.add_argument("--redirect")
    parser.add_argument("--session", type=int, default=60)
    parser.add_argument("--alive")
    parser.add_argument("--cut-after", type=int)
    parser.add_argument("--cut-at-delimiter", action="store_true")
    parser.add_argument("--noise", choices=NOISE)
    parser.add_argument("--public", default="OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN")
    asyncio.run(Camera(parser.parse_args()).run())


main()
