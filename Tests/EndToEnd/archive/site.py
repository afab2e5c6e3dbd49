"""A loopback server of the UI's files with the product's security headers, and of answers that a test adds."""

import http.server
import json
import mimetypes
import re
import ssl
import threading
import urllib.parse

from kit.places import ROOT

PAGES = ROOT / "Sources" / "GuardianHTTP" / "WebUI"
HEADERS = ROOT / "Sources" / "GuardianHTTP" / "Guards" / "SecurityHeaders.swift"


def policy():
    """Returns the Content-Security-Policy from the server's Swift source."""
    listed = re.search(r"static let policy = \[(.*?)\]", HEADERS.read_text(), re.DOTALL).group(1)
    return "; ".join(re.findall(r'"([^"]*)"', listed))


class Site:
    """`answers`: path → answer instead of a file: bytes, (status, JSON or bytes), or a function of the query that returns one of them.
    `requests`: all requests. `pace`: called after every 64 KiB of an answer; may block, or raise ConnectionError to end the connection.
    `certificate`: a PEM file with certificate and key; with it the site speaks HTTPS."""

    def __init__(self, certificate=None):
        self.answers, self.requests = {}, []
        site, headers = self, {"Content-Security-Policy": policy(), "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}

        class Request(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                self.answer()

            do_HEAD = do_POST = do_PUT = do_DELETE = do_GET

            def answer(self):
                length = int(self.headers.get("Content-Length") or 0)
                site.requests.append((self.command, self.path, dict(self.headers), self.rfile.read(length)))
                parts = urllib.parse.urlsplit(self.path)
                found = site.answers.get(parts.path)
                if callable(found):
                    found = found(dict(urllib.parse.parse_qsl(parts.query)))
                if isinstance(found, bytes):
                    return self.send_content(found, "application/octet-stream")
                if found is not None:
                    status, value = found
                    if isinstance(value, bytes):
                        return self.send_content(value, "application/octet-stream", status)
                    kind = "application/json" if status < 400 else "application/problem+json"
                    return self.send_answer(status, json.dumps(value).encode(), {"Content-Type": kind})
                file = (PAGES / parts.path.lstrip("/")).resolve()
                if not file.is_relative_to(PAGES) or not file.is_file():
                    if parts.path.startswith("/api/") or file.suffix:
                        return self.send_answer(404, b'{"detail": "There is nothing at this address.", "code": "not_found"}', {"Content-Type": "application/problem+json"})
                    file = PAGES / "index.html"
                self.send_answer(200, file.read_bytes(), {"Content-Type": mimetypes.guess_type(file.name)[0] or "application/octet-stream"})

            def send_content(self, content, kind, status=200):
                wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or "")
                if not wanted or status != 200:
                    return self.send_answer(status, content, {"Content-Type": kind, "Accept-Ranges": "bytes"})
                first, last = int(wanted[1]), min(int(wanted[2] or len(content) - 1), len(content) - 1)
                if first >= len(content):
                    return self.send_answer(416, b"", {"Content-Range": f"bytes */{len(content)}"})
                self.send_answer(206, content[first : last + 1], {"Content-Type": kind, "Content-Range": f"bytes {first}-{last}/{len(content)}"})

            def send_answer(self, status, body, own):
                self.send_response(status)
                for name, value in {**headers, **own, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                pace = site.pace
                try:
                    if self.command != "HEAD":
                        for at in range(0, len(body), 65536):
                            self.wfile.write(body[at : at + 65536])
                            pace(self.path, at)
                except (ConnectionError, BrokenPipeError):
                    self.close_connection = True

            def log_message(self, *_):
                pass

        self.pace = lambda path, at: None
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Request)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # Browsers close connections in the middle of answers.
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
            self.base = f"https://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
