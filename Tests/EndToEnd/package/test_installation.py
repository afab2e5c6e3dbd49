"""The package's life on a machine, from its installation to its purge. Where systemd cannot run, the units' commands run as their users.

The tests of this file follow one another in one root."""

import re
import stat

import pytest

from kit.waiting import until
from package.making import LATER, version
from package.root import ADDRESS

CONFIGURATION = ["/etc/guardian/edge.yaml", "/etc/guardian/node.yaml", "/etc/guardian/ai.yaml"]


@pytest.fixture(scope="module")
def installed(root, package):
    """What the installation printed."""
    return root.must("dpkg", "--install", root.bring(package))


def until_up(root):
    for service in ("ai", "edge"):
        root.start(service)

    def answers():
        for process in root.services.values():
            assert process.running(), process.printed()[-2000:]
        return root.run("guardian", "camera", "list")[0] == 0

    until(answers, 60, "the recorder answers")


def test_an_installation_without_systemd_says_how_to_start(root, installed):
    assert "systemctl start guardian-ai guardian-edge" in installed
    assert "guardian user setup-link" in installed
    owners = [root.must("stat", "--format=%U:%G %a", path).strip() for path in CONFIGURATION]
    assert owners == ["root:guardian-edge 640", "root:guardian-node 640", "root:root 644"]
    assert root.must("stat", "--format=%U %a", "/var/lib/guardian/edge").split() == ["guardian-edge", "700"]
    enabled = root.seen / "etc/systemd/system/multi-user.target.wants"
    assert sorted(path.name for path in enabled.glob("guardian-*")) == ["guardian-ai.service", "guardian-edge.service"]


def test_the_setup_link_opens_over_https_at_the_machines_address(root, installed):
    until_up(root)
    def links():
        return [line for line in root.must("guardian", "user", "setup-link").splitlines() if line.startswith("https://")]

    link, = links()
    page, _, secret = link.partition("#")
    assert page == f"https://{ADDRESS}:8480/setup" and len(secret) > 40
    assert "<title>" in root.must("curl", "--silent", "--show-error", "--cacert", "/var/lib/guardian/edge/web-authority/authority.pem", page)
    # Where somebody resolves names in .local, there is a second one.
    responder = root.seen / "run/avahi-daemon/socket"
    responder.parent.mkdir()
    responder.touch()
    try:
        first, second = links()
    finally:
        responder.unlink()
    assert first == link and re.fullmatch(rf"https://[a-z0-9-]+\.local:8480/setup#{re.escape(secret)}", second)


def test_the_recorder_reaches_the_ai_service_and_others_do_not(root, installed):
    until(lambda: "AI service ready" in root.services["edge"].printed(), 60, "the recorder is connected to the AI service")
    socket = (root.seen / "run/guardian-ai/socket").stat()
    assert stat.S_IMODE(socket.st_mode) & 0o007 == 0
    code, said = root.run("setpriv", "--reuid=guardian-node", "--regid=guardian-node", "--clear-groups", "ls", "/run/guardian-ai/socket", "/var/lib/guardian/edge")
    assert code != 0 and said.count("Permission denied") == 2


def test_root_manages_people_and_cameras_without_options(root, installed):
    (root.seen / "tmp/password").write_text("correct horse battery\n")
    (root.seen / "tmp/password").chmod(0o600)
    root.must("guardian", "user", "add", "Ada", "--role", "owner", "--password-file", "/tmp/password")
    root.must("guardian", "camera", "add", "Yard", "rtsp://192.0.2.1/stream", "--untested")
    assert "Ada  owner" in root.must("guardian", "user", "list")
    assert root.must("guardian", "camera", "list").startswith("yard")


def test_an_upgrade_keeps_settings_people_and_cameras(root, installed, later_package):
    with (root.seen / "etc/guardian/edge.yaml").open("a") as file:
        file.write("# mine\n")
    said = root.must("dpkg", "--install", root.bring(later_package))
    assert "#" not in said.partition("Setting up")[2], "a link is printed although there is an owner"
    root.stop_services()
    until_up(root)
    assert "Ada  owner" in root.must("guardian", "user", "list")
    assert root.must("guardian", "camera", "list").startswith("yard")
    assert (root.seen / "etc/guardian/edge.yaml").read_text().endswith("# mine\n")
    assert root.must("stat", "--format=%U:%G %a", CONFIGURATION[0]).strip() == "root:guardian-edge 640"


def test_a_downgrade_is_refused_and_leaves_the_newer_version(root, installed, later_package, package):
    root.must("dpkg", "--install", root.bring(later_package))
    code, said = root.run("dpkg", "--install", root.bring(package))
    assert code != 0
    assert f"install {version()}{LATER} or newer" in said
    assert root.must("dpkg-query", "--show", "--showformat=${Version} ${Status}", "guardian") == f"{version()}{LATER} install ok installed"
    assert root.run("guardian", "camera", "list")[0] == 0, "the recorder was stopped"


def test_a_removal_keeps_footage_and_accounts(root, installed):
    root.stop_services()
    clip = root.seen / "var/lib/guardian/edge/clips/a.mp4"
    clip.write_bytes(b"footage")
    said = root.must("dpkg", "--remove", "guardian")
    assert "stay in /var/lib/guardian" in said
    assert clip.read_bytes() == b"footage"
    assert (root.seen / "var/lib/guardian/edge/identity.sqlite").exists()
    assert not (root.seen / "usr/lib/guardian/guardian").exists()


def test_a_purge_deletes_everything_and_says_so(root, installed):
    said = root.must("dpkg", "--purge", "guardian")
    assert "deleted /var/lib/guardian: 1 clips, accounts, journal and keys" in said
    assert "deleted the users guardian-edge guardian-ai guardian-node" in said
    for path in ("var/lib/guardian", "etc/guardian", "etc/avahi/services/guardian.service", "run/guardian-ai", "usr/lib/guardian"):
        assert not (root.seen / path).exists(), path
    assert "guardian" not in root.must("getent", "passwd")
    assert "guardian" not in root.must("getent", "group")
