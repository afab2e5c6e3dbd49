"""Who is told of which alert, and what is not reported because it follows from something else (amtool, Alertmanager)."""

import subprocess
import time

import pytest
import requests
import yaml

from kit.ports import free_ports
from kit.processes import Process
from kit.waiting import until
from operations.monitoring import MONITORING, alertmanager, alerts, run
from operations.symptoms import CENTRAL, FRONT, HOME

CONFIGURATION = MONITORING / "alertmanager" / "alertmanager.yml"
YARD, OTHER = HOME | {"camera": "yard"}, HOME | {"instance": "cabin", "camera": "front"}
AWAY = {"instance": "cabin", "job": "guardian-edge", "node": "elsewhere"}

# What fires, and what of it is silent.
INHIBITED = {
    "a recorder that is away silences its cameras, and no others": (
        [("GuardianRecorderDown", HOME), ("GuardianCameraOffline", FRONT), ("GuardianDiskFull", HOME), ("GuardianCameraOffline", OTHER)],
        [("GuardianCameraOffline", FRONT), ("GuardianDiskFull", HOME)],
    ),
    "a node that is away silences its archive and recorders that do not reach it": (
        [("GuardianNodeDown", CENTRAL), ("GuardianArchiveProblems", CENTRAL), ("GuardianNodeUnreachable", HOME), ("GuardianOutboxAgeing", HOME),
         ("GuardianNodeUnreachable", AWAY), ("GuardianDiskFull", HOME)],
        [("GuardianArchiveProblems", CENTRAL), ("GuardianNodeUnreachable", HOME), ("GuardianOutboxAgeing", HOME)],
    ),
    "an AI service that is down silences cameras that are not analysed": (
        [("GuardianAIServiceDown", HOME), ("GuardianCameraNotAnalysed", FRONT), ("GuardianAIBlind", HOME), ("GuardianCameraOffline", YARD)],
        [("GuardianCameraNotAnalysed", FRONT), ("GuardianAIBlind", HOME)],
    ),
    "a camera that is away silences what else is wrong with it": (
        [("GuardianCameraOffline", FRONT), ("GuardianCameraUnstable", FRONT), ("GuardianCameraUnstable", YARD)],
        [("GuardianCameraUnstable", FRONT)],
    ),
    "an outbox grows because the node is out of reach": (
        [("GuardianNodeUnreachable", HOME), ("GuardianOutboxAgeing", HOME), ("GuardianArchiveBehind", HOME), ("GuardianOutboxAgeing", AWAY)],
        [("GuardianOutboxAgeing", HOME), ("GuardianArchiveBehind", HOME)],
    ),
    "a disk that is away or full is reported once": (
        [("GuardianClipsDiskAway", HOME), ("GuardianDiskFull", HOME), ("GuardianDiskFull", AWAY), ("GuardianDiskLow", AWAY), ("GuardianCameraOffline", FRONT)],
        [("GuardianDiskFull", HOME), ("GuardianDiskLow", AWAY)],
    ),
    "an archive with a problem refuses clips": (
        [("GuardianArchiveProblems", CENTRAL), ("GuardianArchiveRefusesClips", CENTRAL)], [("GuardianArchiveRefusesClips", CENTRAL)],
    ),
}


@pytest.mark.parallel
def test_alertmanager_accepts_its_configuration():
    assert "SUCCESS" in run("amtool", "check-config", CONFIGURATION)


@pytest.mark.parallel
@pytest.mark.parametrize("severity,receiver", [("critical", "now"), ("warning", "today")])
def test_what_cannot_wait_goes_to_whoever_acts_now(severity, receiver):
    said = run("amtool", "config", "routes", "test", f"--config.file={CONFIGURATION}", "alertname=GuardianDiskFull", "instance=home", f"severity={severity}")
    assert said.split() == [receiver]


@pytest.mark.parallel
def test_one_message_is_about_one_recorder():
    assert yaml.safe_load(CONFIGURATION.read_text())["route"]["group_by"] == ["job", "instance"]


@pytest.mark.parallel
def test_every_inhibition_names_alerts_that_exist():
    names = set(alerts())
    for rule in yaml.safe_load(CONFIGURATION.read_text())["inhibit_rules"]:
        for matcher in rule["source_matchers"] + rule["target_matchers"]:
            if matcher.startswith("alertname"):
                words = matcher.split('"')[1].split("|")
                assert all(word in names or (word.endswith(".+") and any(name.startswith(word[:-2]) for name in names)) for word in words), matcher


@pytest.fixture(scope="module")
def reporter(tmp_path_factory):
    """A running Alertmanager's address."""
    if subprocess.run([*alertmanager(), "--version"], capture_output=True).returncode != 0:
        pytest.skip("Alertmanager cannot run here: the kernel allows no namespace")
    folder = tmp_path_factory.mktemp("alertmanager")
    port = free_ports(1)[0]
    process = Process(
        [*alertmanager(), f"--config.file={quiet(folder)}", f"--storage.path={folder}/data", f"--web.listen-address=127.0.0.1:{port}",
         "--cluster.listen-address="], folder, "alertmanager",
    )
    base = f"http://127.0.0.1:{port}"
    try:
        until(lambda: process.running() and ask(f"{base}/-/ready").ok, 60, "Alertmanager is ready")
        yield base
    finally:
        process.stop()


def quiet(folder):
    """Returns the configuration with receivers that tell nobody."""
    configuration = yaml.safe_load(CONFIGURATION.read_text())
    configuration["receivers"] = [{"name": receiver["name"]} for receiver in configuration["receivers"]]
    file = folder / "alertmanager.yml"
    file.write_text(yaml.safe_dump(configuration))
    return file


@pytest.mark.parallel
@pytest.mark.parametrize("what", INHIBITED)
def test_what_follows_from_something_else_is_silent(reporter, what):
    firing, silent = INHIBITED[what]
    # The cases share a process: an alert of another case would silence others.
    case = f"case {list(INHIBITED).index(what)}"

    def own(labels):
        return {name: f"{case} {value}" if name in ("instance", "node") else value for name, value in labels.items()}

    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    sent = [{"labels": own(labels) | {"alertname": name, **alerts()[name]["labels"]}, "startsAt": now} for name, labels in firing]
    assert ask(f"{reporter}/api/v2/alerts", sent).ok
    expected = sorted((name, sorted(own(labels).items())) for name, labels in silent)

    def suppressed():
        found = [alert for alert in ask(f"{reporter}/api/v2/alerts").json() if alert["labels"]["instance"].startswith(case)]
        assert len(found) == len(firing)
        return sorted(
            (alert["labels"]["alertname"], sorted((name, value) for name, value in alert["labels"].items() if name not in ("alertname", "severity")))
            for alert in found if alert["status"]["state"] == "suppressed"
        )

    until(lambda: suppressed() == expected, 60, f"{what}: {expected}")


def ask(url, sent=None):
    session = requests.Session()
    session.trust_env = False
    return session.get(url, timeout=60) if sent is None else session.post(url, json=sent, timeout=60)
