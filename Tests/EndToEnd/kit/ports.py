"""Ports for the servers of tests."""

import pathlib
import random
import socket

# Names of sockets that nobody connects to: as long as this process has one, no other process of any run takes its port.
CLAIMS = []

# The only port in the range below to which browsers refuse to connect (Fetch Standard, 2.9, "bad port").
NOT_FOR_BROWSERS = 10_080


def free_ports(count):
    """Returns unused loopback ports. They lie below the ephemeral ones, which may become the own port of any connection before the
    server has started, and above those of the Swift tests' servers."""
    ephemeral = int(pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    found = []
    while len(found) < count:
        port = random.SystemRandom().randrange(8_000, ephemeral)
        if port == NOT_FOR_BROWSERS:
            continue
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0guardian-test-port-{port}")
            with socket.socket() as bound:
                # As servers do: a port whose connections have ended is free.
                bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                bound.bind(("127.0.0.1", port))
        except OSError:
            claim.close()
            continue
        CLAIMS.append(claim)
        found.append(port)
    return found
