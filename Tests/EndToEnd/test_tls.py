"""Requirements on HTTPS: what a stranger, a browser and an owner with a certificate of their own see of the edge's web server."""

import http.client
import os
import pathlib
import re
import socket
import ssl
import subprocess
import time

import pytest

from kit.secure_edge import SecureEdge
from kit.waiting import until

DAY = 86_400


@pytest.fixture(scope="module")
def edge(tmp_path_factory):
    running = SecureEdge(tmp_path_factory.mktemp("secure"))
    try:
        yield running.until_up()
    finally:
        running.stop()


def openssl(*arguments):
    """Returns what an `openssl` command printed and its exit code."""
    ran = subprocess.run(["openssl", *map(str, arguments)], input="", capture_output=True, text=True, timeout=120)
    return ran.stdout + ran.stderr, ran.returncode


def handshake(edge, *arguments):
    return openssl("s_client", "-connect", f"127.0.0.1:{edge.port}", *arguments)


@pytest.mark.parametrize("name, sent", [("localhost", "-servername"), ("127.0.0.1", "-noservername")])
def test_the_chain_verifies_against_the_authority(edge, name, sent):
    names = ["-verify_hostname", name, sent, name] if sent == "-servername" else ["-verify_ip", name, sent]
    printed, code = handshake(edge, "-CAfile", edge.authority, "-verify_return_error", *names)
    assert code == 0 and "Verify return code: 0 (ok)" in printed, printed


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "guardian.local"])
def test_python_accepts_the_certificate_and_is_served(edge, name):
    with edge.connect(edge.trusting(), name) as wire:
        wire.sendall(f"GET /healthz HTTP/1.1\r\nHost: {name}:{edge.port}\r\nConnection: close\r\n\r\n".encode())
        answer = http.client.HTTPResponse(wire)
        answer.begin()
        assert answer.status == 200
        assert answer.getheader("Cache-Control") == "no-store"
        assert answer.getheader("Strict-Transport-Security") is None


def test_a_foreign_name_and_a_client_without_the_authority_are_not_deceived(edge):
    for context, name in ((edge.trusting(), "evil.example"), (ssl.create_default_context(), "localhost")):
        with pytest.raises(ssl.SSLCertVerificationError):
            edge.connect(context, name)


@pytest.mark.parametrize("version, works", [("-tls1", False), ("-tls1_1", False), ("-tls1_2", True), ("-tls1_3", True)])
def test_versions(edge, version, works):
    # At its own lowest level, OpenSSL offers the old ones at all.
    printed, code = handshake(edge, version, "-cipher", "ALL:@SECLEVEL=0")
    assert (code == 0 and "Cipher is (NONE)" not in printed) == works, printed


@pytest.mark.parametrize("cipher, works", [
    ("ECDHE-ECDSA-AES128-GCM-SHA256", True), ("ECDHE-ECDSA-AES256-GCM-SHA384", True), ("ECDHE-ECDSA-CHACHA20-POLY1305", True),
    ("ECDHE-ECDSA-AES128-SHA", False), ("ECDHE-ECDSA-AES256-SHA384", False), ("AES128-GCM-SHA256", False), ("AES128-SHA", False),
    ("DHE-RSA-AES128-GCM-SHA256", False), ("aNULL:@SECLEVEL=0", False),
])
def test_suites_are_forward_secret_and_authenticated(edge, cipher, works):
    printed, code = handshake(edge, "-tls1_2", "-cipher", cipher)
    assert (code == 0 and "Cipher is (NONE)" not in printed) == works, printed


@pytest.mark.parametrize("offered, chosen", [
    (["h2", "http/1.1"], "h2"), (["http/1.1", "h2"], "h2"), (["http/1.1"], "http/1.1"), ([], None), (["spdy/3"], None),
])
def test_protocols(edge, offered, chosen):
    context = edge.trusting()
    if offered:
        context.set_alpn_protocols(offered)
    with edge.connect(context) as wire:
        assert wire.selected_alpn_protocol() == chosen


def test_the_certificate_is_short_lived_and_the_authority_is_bound_to_this_machine(edge):
    with edge.connect(edge.trusting()) as wire:
        certificate = wire.getpeercert()
    begin, end = (ssl.cert_time_to_seconds(certificate[key]) for key in ("notBefore", "notAfter"))
    assert begin <= time.time() - DAY + 3600 and 89 * DAY < end - time.time() <= 90 * DAY
    assert ("DNS", "localhost") in certificate["subjectAltName"]
    text, _ = openssl("x509", "-in", edge.authority, "-noout", "-text")
    assert re.search(r"Basic Constraints: critical\s+CA:TRUE, pathlen:0", text)
    assert re.search(r"Key Usage: critical\s+Certificate Sign, CRL Sign\n", text)
    constraints = re.search(r"Name Constraints: critical\s+Permitted:(.*?)\n {12}X509v3", text, re.S)[1]
    assert "DNS:localhost" in constraints and "IP:192.168.0.0/255.255.0.0" in constraints
    assert "IP:0.0.0.0" not in constraints and "Excluded" not in text
    folder = edge.authority.parent
    assert folder.stat().st_mode & 0o777 == 0o700
    assert all(file.stat().st_mode & 0o077 == 0 for file in folder.iterdir() if file != edge.authority)


def test_a_plain_request_is_redirected_and_gets_nothing_else(edge):
    answer = edge.says("GET /live?camera=gate HTTP/1.1", f"Host: localhost:{edge.port}")
    assert answer.startswith("HTTP/1.1 308 ")
    assert f"location: https://localhost:{edge.port}/live?camera=gate\r\n" in answer.replace("Location", "location")
    for host in ("evil.example", "localhost@evil.example", "localhost\r\nHost: evil.example"):
        answer = edge.says("GET / HTTP/1.1", f"Host: {host}")
        assert answer.startswith("HTTP/1.1 400 ") and "ocation" not in answer
    for text in ("SSH-2.0-OpenSSH_9", "\x16\x03\x01\x02\x00garbage", "\x80\x2e\x01\x00\x02", "\0" * 64):
        assert "HTTP" not in edge.says(text)


@pytest.mark.parametrize("beginning", [b"", b"\x16", b"\x16\x03\x01\x02\x00\x01", b"GET / HT"])
def test_who_does_not_finish_is_disconnected(edge, beginning):
    with socket.create_connection(("127.0.0.1", edge.port), 60) as wire:
        wire.sendall(beginning)
        assert wire.recv(100) == b""


def test_the_authority_and_its_certificate_outlast_a_restart(tmp_path):
    seen = []
    for _ in range(2):
        running = SecureEdge(tmp_path)
        try:
            running.until_up()
            seen.append((running.authority.read_text(), running.certificate(running.trusting())))
        finally:
            running.stop()
    assert seen[0] == seen[1]


def own_certificate(folder, serial):
    """Writes a self-signed certificate and its key as an owner's program does."""
    certificate, key = folder / "own.pem", folder / "own.key"
    new = folder / "new.pem", folder / "new.key"
    printed, code = openssl(
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=own", "-set_serial", serial,
        "-addext", "subjectAltName=DNS:localhost", "-out", new[0], "-keyout", new[1])
    assert code == 0, printed
    new[1].chmod(0o600)
    os.replace(new[0], certificate)
    os.replace(new[1], key)
    return certificate, key


def test_an_own_certificate_is_used_and_read_again(tmp_path):
    certificate, key = own_certificate(tmp_path, 1)
    running = SecureEdge(tmp_path / "place", f", tls: {{certificate: {certificate}, key: {key}}}")
    try:
        running.until_up()
        assert not running.authority.exists()
        with running.connect(running.trusting(certificate)) as old:
            own_certificate(tmp_path, 2)

            def renewed():
                return running.certificate(running.trusting(certificate))

            until(renewed, 60, "the next connection gets the new certificate")
            # The old connection goes on.
            old.sendall(f"GET /healthz HTTP/1.1\r\nHost: localhost:{running.port}\r\nConnection: close\r\n\r\n".encode())
            answer = http.client.HTTPResponse(old)
            answer.begin()
            assert answer.status == 200
            assert answer.getheader("Strict-Transport-Security") == "max-age=31536000"
        kept = renewed()
        trusted = pathlib.Path(certificate).read_bytes()
        copy = tmp_path / "copy.pem"
        copy.write_bytes(trusted)
        certificate.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        until(lambda: "keeping the old one" in running.process.printed(), 60, "the edge says that the file is wrong")
        assert running.certificate(running.trusting(copy)) == kept
    finally:
        running.stop()
