"""Calls of gRPC methods with curl, which knows nothing of our code."""

import subprocess


def frame(message):
    """A message with gRPC's prefix: not compressed, and its length."""
    return b"\0" + len(message).to_bytes(4, "big") + message


def call(method, message, *options, url):
    """Calls a method. Returns what curl printed (headers, answer, trailers) as `subprocess.CompletedProcess`."""
    return subprocess.run(
        ["curl", "--silent", "--noproxy", "*", "--max-time", "60", "--dump-header", "-", "--output", "-", *map(str, options),
         "--header", "content-type: application/grpc", "--header", "te: trailers", "--data-binary", "@-", f"{url}/{method}"],
        input=frame(message), capture_output=True, timeout=120,
    )
