#!/usr/bin/python3
"""A real RTSP server for tests: each client gets each file from its beginning, at its own pace.

    rtsp-server.py [--port P] [--user NAME --password WORD] MOUNT=FILE.ts...

Prints the port that it got, then serves rtsp://127.0.0.1:PORT/MOUNT until standard input closes. Files are MPEG
transport streams with H.264 or H.265 (`.265.ts`) and, with `.aac.` in the name, AAC. With `.bare.` in the name the
session description has no parameter sets: they are only in the stream."""
import argparse
import random
import sys
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402


def launch(path):
    kind = "265" if ".265." in path else "264"
    line = f"( filesrc location={path} ! tsdemux name=d d. ! queue ! h{kind}parse config-interval=-1 ! rtph{kind}pay "
    if ".bare." in path:
        caps = f"application/x-rtp,media=video,clock-rate=90000,encoding-name=H{kind},payload=96"
        line += f"pt=96 config-interval=-1 ! capssetter name=pay0 join=false replace=true caps={caps}"
    else:
        line += "name=pay0 pt=96 config-interval=-1"
    if ".aac." in path:
        line += " d. ! queue ! aacparse ! rtpmp4gpay name=pay1 pt=97"
    return line + " )"


def is_attached(server, port):
    """Tries for a minute to listen on the port, or, for "0", on one that is free. It lies below the ephemeral ones: while a server is
    away, so that a test starts it again, one of those may become the own port of any connection."""
    for _ in range(600):
        server.set_service(str(random.randrange(4_000, 8_000)) if port == "0" else port)
        if server.attach(None) != 0:
            return True
        time.sleep(0.1)
    return False


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", default="0")
    parser.add_argument("--user")
    parser.add_argument("--password")
    parser.add_argument("mounts", nargs="+")
    arguments = parser.parse_args()
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    if arguments.user:
        auth = GstRtspServer.RTSPAuth()
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        token = GstRtspServer.RTSPToken()
        token.set_string("media.factory.role", "viewer")
        auth.add_digest(arguments.user, arguments.password, token)
        server.set_auth(auth)
    for mount in arguments.mounts:
        name, path = mount.split("=", 1)
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(launch(path))
        if arguments.user:
            permissions = GstRtspServer.RTSPPermissions()
            permissions.add_permission_for_role("viewer", "media.factory.access", True)
            permissions.add_permission_for_role("viewer", "media.factory.construct", True)
            factory.set_permissions(permissions)
        server.get_mount_points().add_factory("/" + name, factory)
    if not is_attached(server, arguments.port):
        sys.exit("the port is taken")
    print(server.get_bound_port(), flush=True)
    loop = GLib.MainLoop()
    GLib.io_add_watch(0, GLib.IO_HUP, lambda *_: loop.quit())
    loop.run()


main()
