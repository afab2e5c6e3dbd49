"""An edge gets its certificate from a node: `guardian node tenant|device` and `guardian edge enrol`, with a node that runs."""

import concurrent.futures
import re
import shutil
import signal
import stat

import pytest
from cryptography import x509

from kit.node import Node, guardian
from kit.places import GUARDIAN, TOOLS
from kit.ports import free_ports
from kit.processes import Process
from kit.waiting import until


class Edge:
    """A recorder without cameras that has not enrolled yet."""

    def __init__(self, folder):
        self.folder, self.state = folder, folder / "edge"
        self.state.mkdir(parents=True)
        self.configuration = folder / "edge.yaml"
        self.configuration.write_text(
            f"state: {self.state}\nweb: {{port: {free_ports(1)[0]}}}\n"
            f"inference: {{model: {TOOLS}/model, runtime: {TOOLS}/openvino/libs}}\n")

    def enrol(self, node, code=None, *options):
        if code:
            file = self.folder / "code.txt"
            file.write_text(code + "\n")
            options = ("--code-file", file, *options)
        return guardian("edge", "enrol", "--config", self.configuration, "--node", node.url, *options)

    @property
    def fingerprint(self):
        certificate = x509.load_pem_x509_certificate((self.state / "node" / "edge.pem").read_bytes())
        (uri,) = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(x509.UniformResourceIdentifier)
        return re.fullmatch(r"guardian://home/([0-9a-f]{64})", uri).group(1)


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    running = Node(tmp_path_factory.mktemp("enrolment"))
    yield running
    running.process.kill()


@pytest.fixture
def edge(tmp_path):
    return Edge(tmp_path)


def test_a_code_makes_a_recorder_one_of_the_nodes_edges_until_it_is_locked(node, edge):
    ran = edge.enrol(node, node.code())
    assert ran.returncode == 0, ran.stderr
    for name in ("edge.pem", "edge.key", "authority.pem"):
        assert stat.S_IMODE((edge.state / "node" / name).stat().st_mode) == 0o600
    process = Process([GUARDIAN, "edge", "--config", edge.configuration], edge.folder, "edge")
    try:

        def connected():
            assert process.running(), process.printed()[-2000:]
            return [each["connected"] for each in node.edges()]

        until(lambda: connected() == [True], 60, "the edge is connected")
        assert node.run("device", "lock", edge.fingerprint).returncode == 0
        until(lambda: connected() == [False], 60, "the locked edge is cut off")
        assert node.run("device", "accept", edge.fingerprint).returncode == 0
        until(lambda: connected() == [True], 60, "the edge is connected again")
    finally:
        process.kill()
    assert guardian("edge", "enrol", "--config", edge.configuration, "--node", node.url, "--code", node.code()).returncode == 0


def test_a_frozen_recorder_is_not_connected_and_one_with_nothing_to_say_is(node, tmp_path):
    edges = {name: Edge(tmp_path / name) for name in ("frozen", "quiet")}
    processes = {}

    def connected():
        assert all(each.running() for each in processes.values())
        return {each["fingerprint"]: each["connected"] for each in node.edges()}

    def are(frozen, quiet):
        now = connected()
        return (now.get(edges["frozen"].fingerprint), now.get(edges["quiet"].fingerprint)) == (frozen, quiet)

    try:
        for name, edge in edges.items():
            assert edge.enrol(node, node.code()).returncode == 0
            processes[name] = Process([GUARDIAN, "edge", "--config", edge.configuration], edge.folder, "edge")
        until(lambda: are(True, True), 60, "both are connected")
        processes["frozen"].child.send_signal(signal.SIGSTOP)
        # The other one has been connected for longer than that, and its journal has nothing new.
        until(lambda: are(False, True), 60, "the frozen one is not connected")
        printed = node.process.printed()
        assert edges["frozen"].fingerprint in printed.partition("edge is silent, stream ended")[2]
        assert printed.count("edge is silent, stream ended") == 1
        processes["frozen"].child.send_signal(signal.SIGCONT)
        until(lambda: are(True, True), 60, "both are connected again")
    finally:
        for process in processes.values():
            process.kill()


def test_a_node_that_lost_its_data_gets_every_entry_again(tmp_path):
    node, edge = Node(tmp_path / "there"), Edge(tmp_path / "here")
    try:
        assert edge.enrol(node, node.code()).returncode == 0
        # Each run of a recorder is a few entries of its journal.
        for _ in range(3):
            process = Process([GUARDIAN, "edge", "--config", edge.configuration], edge.folder, "edge")
            try:
                until(lambda: any(each["connected"] for each in node.edges()), 60, "the edge is connected")
            finally:
                process.stop()
            until(lambda: not any(each["connected"] for each in node.edges()), 60, "the edge is gone")
        ((before,),) = (each["chains"] for each in node.edges())
        assert before["highest"] >= 5 and before["verifiedThrough"] == before["highest"]
        node.process.stop()
        shutil.rmtree(node.state / "tenants")
        node.start()
        process = Process([GUARDIAN, "edge", "--config", edge.configuration], edge.folder, "edge")
        try:

            def is_whole():
                assert process.running(), process.printed()[-2000:]
                chains = [chain for each in node.edges() for chain in each["chains"]]
                return [chain["verifiedThrough"] == chain["highest"] > before["highest"] and not chain["gaps"] for chain in chains] == [True]

            until(is_whole, 60, "the node has every entry again")
        finally:
            process.stop()
        assert "node lacks entries that were delivered, sending them again" in process.printed()
    finally:
        node.process.stop()


def test_of_two_recorders_with_one_code_one_is_enrolled_and_the_operator_sees_the_other(node, tmp_path):
    code = node.code()
    edges = [Edge(tmp_path / name) for name in ("attic", "cellar")]
    with concurrent.futures.ThreadPoolExecutor() as pool:
        ran = list(pool.map(lambda edge: edge.enrol(node, code), edges))
    assert sorted(each.returncode for each in ran) == [0, 1]
    loser = next(each for each in ran if each.returncode == 1)
    assert "Another device has used this code" in loser.stderr and len(loser.stderr.strip().splitlines()) == 1
    (tenant,) = [each for each in node.listed("tenant") if each["name"] == "home"]
    (used,) = [each for each in tenant["codes"] if each["prefix"] == code.split("-")[0]]
    assert used["state"] == "used" and used["late"] == 1
    assert used["used"]["device"] != used["lastLate"]["device"] and used["lastLate"]["address"] == "127.0.0.1"
    assert "WARNING" in node.run("tenant", "list").stdout


def test_a_recorder_without_a_code_waits_for_the_operator(node, edge):
    authority = node.run("authority").stdout.strip()
    ran = edge.enrol(node, None, "--authority-fingerprint", authority, "--wait", "0", "--name", "attic")
    assert ran.returncode == 1 and "guardian node device accept" in ran.stderr
    fingerprint = re.search(r"accept ([0-9a-f]{64}) ", ran.stderr).group(1)
    (waiting,) = [each for each in node.listed("device") if each["state"] == "pending"]
    assert (waiting["fingerprint"], waiting["name"], waiting["tenant"]) == (fingerprint, "attic", None)
    assert node.run("device", "accept", fingerprint).returncode == 1
    assert node.run("device", "accept", fingerprint, "--tenant", "home").returncode == 0
    assert edge.enrol(node, None, "--authority-fingerprint", authority, "--wait", "0").returncode == 0
    assert edge.fingerprint == fingerprint
    assert node.run("device", "retire", fingerprint).returncode == 0
    refused = edge.enrol(node, node.code())
    assert refused.returncode == 1 and "device.key" in refused.stderr
    assert node.run("device", "accept", fingerprint).returncode == 1


def test_a_recorder_tells_its_code_to_no_other_server(node, edge):
    code = node.code()
    pin = "0" * 26
    ran = edge.enrol(node, "-".join([*code.split("-")[:2], pin]))
    assert ran.returncode == 1 and "cannot prove" in ran.stderr
    assert edge.enrol(node, code).returncode == 0


def test_a_secret_is_in_nothing_that_the_node_keeps_or_logs(node, edge):
    code = node.code()
    secret = code.split("-")[1].encode()
    assert edge.enrol(node, code).returncode == 0
    files = [file for file in (*node.state.rglob("*"), node.process.output, node.process.errors) if file.is_file()]
    assert len(files) > 4
    assert not [file for file in files if secret in file.read_bytes()]
    assert stat.S_IMODE((node.state / "registry.sqlite").stat().st_mode) == 0o600
    assert stat.S_IMODE((node.state / "node-authority.pem").stat().st_mode) == 0o600


def test_tenants_are_added_once_and_get_a_code(node):
    ran = node.run("tenant", "add", "miller", "--hours", "2")
    assert ran.returncode == 0 and re.fullmatch(r"\w{8}-\w{26}-\w{26}\n", ran.stdout)
    again = node.run("tenant", "add", "miller")
    assert again.returncode == 1 and not again.stdout and len(again.stderr.strip().splitlines()) == 1
    assert "miller" in [each["name"] for each in node.listed("tenant")]
    assert node.run("tenant", "code", "nobody").returncode == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("node",), ("node", "nonsense"), ("node", "tenant", "nonsense"), ("node", "tenant", "add"), ("node", "tenant", "add", "A b"),
        ("node", "tenant", "code", "home", "--hours", "0"), ("node", "device", "lock"), ("node", "device", "lock", "12"),
        ("edge",), ("edge", "enrol"), ("edge", "enrol", "--node", "https://localhost"),
        ("edge", "enrol", "--node", "https://localhost", "--code", "a", "--code-file", "b"),
    ],
    ids=" ".join,
)
def test_wrong_arguments_are_usage_errors(arguments):
    ran = guardian(*arguments)
    assert ran.returncode == 64 and ran.stderr and not ran.stdout


@pytest.mark.parametrize(
    "command",
    ["node tenant add", "node tenant code", "node tenant list", "node device list", "node device accept", "node device lock",
     "node device retire", "node authority", "edge enrol"],
)
def test_every_command_has_help_with_an_example(command):
    ran = guardian(*command.split(), "--help")
    assert ran.returncode == 0 and f"Example: guardian {command}" in ran.stdout
