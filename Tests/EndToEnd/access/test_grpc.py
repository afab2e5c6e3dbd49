"""Every gRPC method: the node's for edges with a certificate of its authority alone, the AI service's for its own user alone, enrolment
for strangers who have a code, on a port of its own."""

import datetime
import re
import stat
import subprocess

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from kit import grpc
from kit.places import ROOT

NODE, SOCKET, ENROLMENT = "certificate", "socket", "code"
# The AI service has no logins: it holds no keys and no footage, and the folder of its socket is closed to other users. A remote one is
# reached like the node, with certificates (docs/reference/configuration.md).
ROWS = {
    "guardian.v1.JournalService/Publish": NODE,
    "guardian.v1.ArchiveService/Store": NODE, "guardian.v1.ArchiveService/List": NODE, "guardian.v1.ArchiveService/Fetch": NODE,
    "guardian.v1.ArchiveService/Usage": NODE, "guardian.v1.ArchiveService/Hold": NODE,
    "guardian.v1.TelemetryService/Report": NODE,
    "guardian.v1.ControlService/Connect": NODE, "guardian.v1.ControlService/Answer": NODE,
    "guardian.v1.EnrolmentService/Enrol": ENROLMENT,
    "guardian.v1.InferenceService/Watch": SOCKET, "guardian.v1.InferenceService/Snapshot": SOCKET, "guardian.v1.InferenceService/Models": SOCKET,
    "guardian.v1.InferenceService/Load": SOCKET, "guardian.v1.InferenceService/Health": SOCKET,
}
UNAUTHENTICATED, UNIMPLEMENTED = 16, 12


def methods():
    found = set()
    for file in (ROOT / "proto").rglob("*.proto"):
        text = re.sub(r"//[^\n]*", "", file.read_text())
        package = re.search(r"^package\s+([\w.]+);", text, re.M).group(1)
        for service, body in re.findall(r"^service\s+(\w+)\s*\{(.*?)^\}", text, re.M | re.S):
            found |= {f"{package}.{service}/{name}" for name in re.findall(r"\brpc\s+(\w+)", body)}
        assert len(re.findall(r"\brpc\s", text)) == sum(name.startswith(package) for name in found if name.split("/")[0].split(".")[-1] in text), file
    return found


def call(method, *options, url):
    """Calls a method with curl. Returns its gRPC status; `None` when the connection was refused."""
    # A message without members: no method accepts it as a hello, and none changes anything for it.
    ran = grpc.call(method, b"", *options, url=url)
    assert ran.returncode != 28, f"{method} hangs"
    status = re.search(rb"grpc-status: (\d+)", ran.stdout)
    assert status or (ran.returncode != 0 and b"HTTP/2" not in ran.stdout), (method, ran.returncode, ran.stdout[:300], ran.stderr[:300])
    return int(status.group(1)) if status else None


@pytest.fixture(scope="module")
def node_url(demo):
    port = re.search(r"grpc:\n(?:  .*\n)*?  port: (\d+)", (demo.state / "node.yaml").read_text()).group(1)
    return f"https://localhost:{port}"


@pytest.fixture(scope="module")
def certificates(demo):
    return demo.state / "certificates"


@pytest.fixture(scope="module")
def foreign(certificates, tmp_path_factory):
    """A certificate that says what the edge's says, from an authority that calls itself what the demo's is called."""
    folder = tmp_path_factory.mktemp("foreign")
    edge = x509.load_pem_x509_certificate((certificates / "edge.pem").read_bytes())
    authority, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.timezone.utc)
    made = x509.CertificateBuilder(
        edge.issuer, edge.subject, key.public_key(), x509.random_serial_number(), now - datetime.timedelta(hours=1), now + datetime.timedelta(days=1))
    for extension in edge.extensions:
        if not isinstance(extension.value, (x509.AuthorityKeyIdentifier, x509.SubjectKeyIdentifier)):
            made = made.add_extension(extension.value, extension.critical)
    (folder / "edge.pem").write_bytes(made.sign(authority, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    (folder / "edge.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return folder


def test_each_method_has_a_row():
    assert methods() == set(ROWS), "say here who may call these"


@pytest.mark.parametrize("method", [name for name, way in ROWS.items() if way == NODE])
def test_the_nodes_methods_need_a_certificate_of_its_authority(method, node_url, certificates, foreign):
    trust = ("--http2", "--cacert", certificates / "authority.pem")
    assert call(method, *trust, url=node_url) is None
    assert call(method, *trust, "--cert", foreign / "edge.pem", "--key", foreign / "edge.key", url=node_url) is None
    # The node's own certificate is of the authority, but names no edge.
    assert call(method, *trust, "--cert", certificates / "node.pem", "--key", certificates / "node.key", url=node_url) in (None, UNAUTHENTICATED, 7)
    assert call(method, *trust, "--cert", certificates / "edge.pem", "--key", certificates / "edge.key", url=node_url) not in (
        None, UNAUTHENTICATED, UNIMPLEMENTED, 7)


@pytest.mark.parametrize("version, works", [("-tls1", False), ("-tls1_1", False), ("-tls1_2", True), ("-tls1_3", True)])
def test_the_node_speaks_no_old_tls(version, works, node_url, certificates):
    # At its own lowest level, OpenSSL offers the old ones at all.
    ran = subprocess.run(
        ["openssl", "s_client", "-connect", node_url.removeprefix("https://"), "-CAfile", certificates / "authority.pem", "-cert", certificates / "edge.pem",
         "-key", certificates / "edge.key", "-alpn", "h2", version, "-cipher", "ALL:@SECLEVEL=0"],
        input=b"", capture_output=True, timeout=120,
    )
    assert (b"Cipher is" in ran.stdout and b"Cipher is (NONE)" not in ran.stdout) == works, ran.stdout[-2000:]


@pytest.mark.parametrize("method", [name for name, way in ROWS.items() if way == ENROLMENT])
def test_enrolment_is_not_on_the_port_of_the_edges(method, node_url, certificates):
    trust = ("--http2", "--cacert", certificates / "authority.pem")
    assert call(method, *trust, url=node_url) is None
    edge = ("--cert", certificates / "edge.pem", "--key", certificates / "edge.key")
    assert call(method, *trust, *edge, url=node_url) == UNIMPLEMENTED


def test_only_its_own_user_reaches_the_ai_service(demo):
    socket = demo.state / "edge" / "run" / "ai.sock"
    if not socket.exists():
        configuration = (demo.state / "edge" / "run" / "ai.yaml").read_text()
        socket = type(socket)(re.search(r"^socket: ['\"]?([^'\"\n]+)", configuration, re.M).group(1))
    assert stat.S_IMODE(socket.parent.stat().st_mode) & 0o077 == 0
    for method in (name for name, way in ROWS.items() if way == SOCKET):
        if method.endswith("/Health"):
            assert call(method, "--http2-prior-knowledge", "--unix-socket", socket, url="http://localhost") == 0
