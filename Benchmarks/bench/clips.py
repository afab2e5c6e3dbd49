"""Measures first byte and throughput of a clip over TLS: Guardian's edge and nginx with the same file, certificate and suites."""

import os
import pathlib
import re
import socket
import ssl
import subprocess
import time

from bench.edge import Edge
from bench.figures import quantile, show
from kit.camera import Camera
from kit.places import LOOPS
from kit.ports import free_ports
from kit.processes import Process
from kit.waiting import until

REQUESTS = 400


def nginx(folder, root, port, certificate):
    """Starts nginx as Debian configures it (sendfile on), with one worker, in the foreground."""
    file = folder / "nginx.conf"
    user = "user root;\n" if os.geteuid() == 0 else ""
    file.write_text(
        f"{user}daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.error;\n"
        "events { worker_connections 256; }\n"
        f"http {{ access_log off; sendfile on; tcp_nopush on; types {{ video/mp4 mp4; }}\n"
        f"client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;"
        f" uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;\n"
        f"ssl_protocols TLSv1.2 TLSv1.3; ssl_certificate {certificate}; ssl_certificate_key {certificate};\n"
        f"server {{ listen 127.0.0.1:{port} ssl; root {root}; }} }}\n"
    )
    return Process(["nginx", "-c", file, "-e", f"{folder}/nginx.error"], folder, "nginx")


def first_bytes(port, path, size, session):
    """Returns the seconds from sending a request to the first byte of the response's body, for requests like a player's."""
    samples = []
    plain = socket.create_connection(("127.0.0.1", port))
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection = ssl.create_default_context(cafile=session.authority()).wrap_socket(plain, server_hostname="127.0.0.1")
    head_lines = f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {session.token()}"
    for number in range(REQUESTS):
        begin = (number * 7919 * 4096) % max(size - 65536, 1)
        request = f"GET {path} HTTP/1.1\r\n{head_lines}\r\nRange: bytes={begin}-{begin + 65535}\r\n\r\n".encode()
        began, received, head = time.perf_counter(), b"", None
        connection.sendall(request)
        while head is None or len(received) <= head:
            received += connection.recv(1 << 20)
            if head is None and b"\r\n\r\n" in received:
                head = received.index(b"\r\n\r\n") + 4
                assert received.startswith(b"HTTP/1.1 206"), received[:200]
        samples.append(time.perf_counter() - began)
        length = int(re.search(rb"(?i)content-length: (\d+)", received).group(1))
        while len(received) < head + length:
            received += connection.recv(1 << 20)
    connection.close()
    return samples


def throughput(url, session):
    """Returns megabytes a second for whole files over four connections (wrk)."""
    ran = subprocess.run(["wrk", "-t1", "-c4", "-d5s", "-H", f"Authorization: Bearer {session.token()}", url], capture_output=True, text=True, check=True)
    assert "Non-2xx" not in ran.stdout, ran.stdout
    number, unit = re.search(r"Transfer/sec:\s+([\d.]+)(\w+)", ran.stdout).groups()
    return float(number) * {"B": 1e-6, "KB": 1e-3, "MB": 1, "GB": 1e3}[unit] * 1.024**2


def run(folder, _seconds):
    camera = Camera(folder, {"one": LOOPS / "busy-1s.ts"})
    edge = Edge(folder, camera.urls["one"])
    server = None
    try:
        def complete():
            clips = [clip for event in edge.api.events() for clip in event["clips"] if clip["state"] == "complete"]
            return clips[0] if clips else None

        until(lambda: edge.api.events(), 60, "the busy scene has an event")
        time.sleep(20)
        camera.stop()
        clip = until(complete, 60, "a clip is complete")
        file = next(path for path in pathlib.Path(folder).rglob(f"{clip['id']}.mp4"))
        port = free_ports(1)[0]
        session = edge.api.session
        server = nginx(folder, file.parent, port, session.state / "web-authority" / "edge.pem")
        until(lambda: session.get(f"https://127.0.0.1:{port}/{file.name}", headers={"Range": "bytes=0-9"}).status_code == 206, 10, "nginx answers")
        show("the clip", f"{clip['size'] / 1e6:.1f}", "MB")
        path = f"/api/v1/clips/{clip['id']}.mp4"
        peers = {"guardian": (edge.port, path), "nginx": (port, f"/{file.name}")}
        for where, at in peers.values():  # warms up both servers
            first_bytes(where, at, clip["size"], session)
        bytes_, rates = {}, {}
        for name, (where, at) in peers.items():
            bytes_[name] = first_bytes(where, at, clip["size"], session)
            rates[name] = throughput(f"https://127.0.0.1:{where}{at}", session)
        for name in peers:
            show(f"{name}: first byte p50 / p99", f"{quantile(bytes_[name], .5) * 1e6:.0f} / {quantile(bytes_[name], .99) * 1e6:.0f}", "µs")
            show(f"{name}: throughput", f"{rates[name]:.0f}", "MB/s")
        first = quantile(bytes_["guardian"], 0.5) / quantile(bytes_["nginx"], 0.5)
        rate = rates["guardian"] / rates["nginx"]
        show("first byte, guardian / nginx", f"{first:.2f}", "x", "≤ 2", first <= 2)
        show("throughput, guardian / nginx", f"{rate:.2f}", "x", "≥ 0.6", rate >= 0.6)
    finally:
        for program in (server, edge, camera):
            if program:
                program.stop()
                program.kill()
