#!/usr/bin/env python3
"""S3 servers for tests. As a program it serves until standard input closes:

    s3.py swift|moto [--tls CERTIFICATE KEY] [--folder FOLDER]

and first prints one line of JSON: {"endpoint", "region", "keyId", "secret", "clock"}. `swift` is OpenStack Swift with its s3api,
from Debian's packages: a real server, which checks signatures and does not support conditional writes (501). `moto` is the
small server from PyPI, with its checks of signatures and policies switched on; it supports conditional writes. `clock` is a file,
only of swift: the server's clock is as many seconds fast as the file has bytes."""

import argparse
import contextlib
import getpass
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from kit.ports import free_ports  # noqa: E402

HOST = "127.0.0.1"
REGION = "us-east-1"
# Debian packages that `swift` needs; keep in step with scripts/bootstrap.d/packages.sh.
PACKAGES = ("swift-proxy", "swift-account", "swift-container", "swift-object", "memcached")


class S3Server:
    """One of the servers in its own process. `environment`: the credentials that a client needs besides `endpoint`."""

    def __init__(self, kind, *arguments):
        self.child = subprocess.Popen(
            [sys.executable, __file__, kind, *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        line = self.child.stdout.readline()
        assert line, f"the S3 server {kind} did not start"
        settings = json.loads(line)
        self.endpoint, self.region = settings["endpoint"], settings["region"]
        self.key_id, self.secret = settings["keyId"], settings["secret"]
        self.clock = settings["clock"] and pathlib.Path(settings["clock"])
        self.environment = {"AWS_ACCESS_KEY_ID": self.key_id, "AWS_SECRET_ACCESS_KEY": self.secret}

    def stop(self):
        self.child.stdin.close()
        try:
            self.child.wait(60)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()

    def set_clock(self, ahead):
        """Sets the server's clock `ahead` seconds fast."""
        self.clock.write_bytes(bytes(ahead))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def announce(endpoint, key, secret, clock=None):
    print(json.dumps({"endpoint": endpoint, "region": REGION, "keyId": key, "secret": secret, "clock": clock}), flush=True)


def serve_until_input_closes():
    """Waits until the parent process closes standard input or has ended, or until SIGTERM."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    while os.read(0, 4096):
        pass


# -- moto


def moto(arguments):
    from moto.iam import iam_backends
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    iam = iam_backends["123456789012"]["aws"]
    iam.create_user("us-east-1", "edge")
    key = iam.create_access_key("edge")
    rights = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    iam.put_user_policy("edge", "objects", json.dumps(rights))
    from moto import settings

    settings.INITIAL_NO_AUTH_ACTION_COUNT = 0

    class Quiet(WSGIRequestHandler):
        protocol_version = "HTTP/1.1"

        def log(self, *_):
            pass

    server = make_server(
        HOST, 0, DomainDispatcherApplication(create_backend_app), threaded=True, request_handler=Quiet,
        ssl_context=tuple(arguments.tls) if arguments.tls else None,
    )
    import threading

    threading.Thread(target=server.serve_forever, daemon=True).start()
    announce(f"{'https' if arguments.tls else 'http'}://{HOST}:{server.server_port}", key.access_key_id, key.secret_access_key)
    serve_until_input_closes()


# -- OpenStack Swift

USER, ACCOUNT, SECRET = "edge", "guardian", "not-so-secret"
# A sitecustomize module: Python runs it at start, before Swift reads the time.
CLOCK = """import os, time
real, ahead = time.time, os.environ["GUARDIAN_TEST_CLOCK"]
time.time = lambda: real() + os.stat(ahead).st_size
"""


def swift(arguments):
    missing = [name for name in ("swift-proxy-server", "swift-object-server", "memcached") if not shutil.which(name)]
    if missing:
        sys.exit(f"these programs are missing: {', '.join(missing)}; apt-get install {' '.join(PACKAGES)}")
    folder = pathlib.Path(arguments.folder or tempfile.mkdtemp(prefix="guardian-swift-"))
    children = []
    try:
        endpoint = start_swift(folder, children)
        announce(endpoint, f"{ACCOUNT}:{USER}", SECRET, str(folder / "etc" / "ahead"))
        serve_until_input_closes()
    finally:
        for child in children:
            # They finish open connections first, five seconds each: not for files that are deleted next.
            child.terminate() if arguments.folder else child.kill()
        for child in children:
            try:
                child.wait(5)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        if not arguments.folder:
            shutil.rmtree(folder, ignore_errors=True)


def start_swift(folder, children):
    etc, disk = folder / "etc", folder / "disks" / "d1"
    etc.mkdir(parents=True, exist_ok=True)
    disk.mkdir(parents=True, exist_ok=True)
    servers = ("object", "container", "account")
    *backends, memory, proxy = free_ports(len(servers) + 2)
    (etc / "swift.conf").write_text(
        "[swift-hash]\nswift_hash_path_prefix = for\nswift_hash_path_suffix = tests\n\n[storage-policy:0]\nname = single\ndefault = yes\n"
    )
    common = f"swift_dir = {etc}\nbind_ip = {HOST}\nuser = {getpass.getuser()}\nworkers = 0\nlog_level = WARNING\n"
    for kind, port in zip(servers, backends):
        make_ring(etc / f"{kind}.builder", port)
        (etc / f"{kind}.conf").write_text(
            f"[DEFAULT]\n{common}bind_port = {port}\ndevices = {disk.parent}\nmount_check = false\nfallocate_reserve = 0\n"
            f"disable_fallocate = true\n\n[pipeline:main]\npipeline = {kind}-server\n\n[app:{kind}-server]\nuse = egg:swift#{kind}\n"
        )
    # The filters in the order of the pipeline: {name: (entry point, settings)}.
    filters = {
        "catch_errors": ("catch_errors", ""), "cache": ("memcache", f"memcache_servers = {HOST}:{memory}\n"),
        "listing_formats": ("listing_formats", ""),
        "s3api": ("s3api", f"location = {REGION}\ns3_acl = false\ndns_compliant_bucket_names = true\n"),
        "tempauth": ("tempauth", f"user_{ACCOUNT}_{USER} = {SECRET} .admin\n"),
        "bulk": ("bulk", ""), "slo": ("slo", ""), "dlo": ("dlo", ""),
        "versioned_writes": ("versioned_writes", "allow_versioned_writes = true\n"),
    }
    sections = "".join(f"[filter:{name}]\nuse = egg:swift#{egg}\n{rest}\n" for name, (egg, rest) in filters.items())
    (etc / "proxy.conf").write_text(
        f"[DEFAULT]\n{common}bind_port = {proxy}\n\n[pipeline:main]\npipeline = {' '.join(filters)} proxy-server\n\n"
        f"[app:proxy-server]\nuse = egg:swift#proxy\naccount_autocreate = true\n\n{sections}"
    )

    (etc / "ahead").touch()
    (etc / "sitecustomize.py").write_text(CLOCK)
    environment = {**os.environ, "PYTHONPATH": str(etc), "GUARDIAN_TEST_CLOCK": str(etc / "ahead")}

    def start(name, command):
        with (folder / f"{name}.log").open("ab") as log:
            children.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment))

    start("memcached", ["memcached", "-l", HOST, "-p", str(memory), "-u", getpass.getuser()])
    for kind in servers:
        start(kind, [f"swift-{kind}-server", str(etc / f"{kind}.conf")])
    start("proxy", ["swift-proxy-server", str(etc / "proxy.conf")])
    for port in (*backends, memory, proxy):
        wait_for(port, children, folder)
    return f"http://{HOST}:{proxy}"


def make_ring(builder, port):
    if builder.exists():
        builder.unlink()
    for step in (("create", "4", "1", "1"), ("add", f"r1z1-{HOST}:{port}/d1", "1"), ("rebalance",)):
        # Exit code 1 means warnings only; a single disk causes one.
        done = subprocess.run(["swift-ring-builder", str(builder), *step], capture_output=True, text=True)
        if done.returncode > 1:
            sys.exit(f"swift-ring-builder {step[0]}: {done.stdout}{done.stderr}")


def wait_for(port, children, folder, seconds=120):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), 1):
            return
        if any(child.poll() is not None for child in children):
            break
        time.sleep(0.05)
    logs = "".join(f"\n{log.name}: {log.read_text(errors='replace')[-1500:]}" for log in sorted(folder.glob("*.log")))
    sys.exit(f"no server listens on port {port}{logs}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=("swift", "moto"))
    parser.add_argument("--tls", nargs=2, metavar=("CERTIFICATE", "KEY"), help="moto only")
    parser.add_argument("--folder", help="swift only: keep all files in this folder, also after the end")
    arguments = parser.parse_args()
    {"swift": swift, "moto": moto}[arguments.kind](arguments)


if __name__ == "__main__":
    main()
