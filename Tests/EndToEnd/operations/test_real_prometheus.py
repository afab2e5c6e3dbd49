"""A real Prometheus, configured as deploy/monitoring says, watches a recorder and a node."""

import os
import signal
import subprocess
import time

import pytest
import requests
import yaml

from kit.installation import Installation
from kit.places import GUARDIAN, LOOPS
from kit.ports import free_ports
from kit.processes import Process
from kit.waiting import until
from operations.monitoring import MONITORING, RULES, alerts, documented, metrics, program, questions, quiet_questions

SECOND = "1s"
# For `$__rate_interval`.
WINDOW = "10s"
# What a test machine may lack, or be too busy for.
MACHINES = {"GuardianAINotSandboxed", "GuardianAISlow", "GuardianAIDropsPackets", "GuardianDiskLow"}


class Watch:
    """An installation with one camera and a quota, and Prometheus beside it: the committed configuration with other addresses, where
    everything happens each second and alerts wait for a second."""

    def __init__(self, folder):
        self.folder = folder
        self.installation = Installation(
            folder, {"yard": LOOPS / "busy-2s.ts"}, store=f"{{folder: {folder}/state/archive, quota: {{bytes: 4000000000, objects: 10000}}}}",
            recording=", maximum: 10", direct=True)
        self.prometheus = None
        # Prometheus asks them itself, as rules: that takes one request, where a test would send a hundred.
        self.asked = {str(index): question for index, question in enumerate(questions(WINDOW))}
        for kind in ("edge", "node"):
            file = self.installation.state / f"{kind}.yaml"
            file.write_text(file.read_text().replace("web: {", "web: {metrics: token, "))

    def start(self):
        self.installation.start()
        etc = self.folder / "prometheus"
        (etc / "guardian" / "rules").mkdir(parents=True)
        for file in RULES:
            rules = yaml.safe_load(file.read_text())
            for rule in (rule for group in rules["groups"] for rule in group["rules"]):
                rule |= {"for": SECOND} if "for" in rule else {}
            (etc / "guardian" / "rules" / file.name).write_text(yaml.safe_dump(rules))
        asking = [{"record": "asked", "expr": expression, "labels": {"question": name}} for name, (_, expression) in self.asked.items()]
        (etc / "guardian" / "rules" / "questions.yml").write_text(yaml.safe_dump({"groups": [{"name": "questions", "interval": "2s", "rules": asking}]}))
        configuration = yaml.safe_load((MONITORING / "prometheus" / "prometheus.yml").read_text())
        configuration["global"] |= {"scrape_interval": SECOND, "scrape_timeout": SECOND, "evaluation_interval": SECOND}
        del configuration["alerting"]
        for job in configuration["scrape_configs"]:
            (static,) = job["static_configs"]
            kind, port = {"guardian-edge": ("edge", self.installation.web), "guardian-node": ("node", self.installation.node_web)}[static["labels"]["job"]]
            static["targets"] = [f"127.0.0.1:{port}"]
            self.credentials(kind, etc / job["authorization"]["credentials_file"], etc / job["tls_config"]["ca_file"])
        (etc / "prometheus.yml").write_text(yaml.safe_dump(configuration))
        port = free_ports(1)[0]
        self.base = f"http://127.0.0.1:{port}"
        self.prometheus = Process(
            [program("prometheus"), f"--config.file={etc}/prometheus.yml", f"--storage.tsdb.path={self.folder}/metrics", f"--web.listen-address=127.0.0.1:{port}"],
            self.folder, "prometheus", {"GOMAXPROCS": "1"},
        )
        return self

    def credentials(self, kind, token, authority):
        """Makes them as docs/guide/monitoring.md says."""
        state = self.installation.state
        owner = getattr(self.installation, kind).json("/api/v1/users")["items"][0]["name"]
        made = subprocess.run(
            [GUARDIAN, "user", "token", owner, "--label", "Prometheus", "--scope", "read_metrics", "--config", state / f"{kind}.yaml"],
            capture_output=True, text=True, timeout=60)
        assert made.returncode == 0, made.stderr
        token.write_text(made.stdout)
        authority.write_bytes((state / "web-authority" / "authority.pem").read_bytes())

    def ask(self, path, **query):
        session = requests.Session()
        session.trust_env = False
        answer = session.get(f"{self.base}/api/v1/{path}", params=query, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def value(self, expression):
        """Returns what a query finds: a list of samples."""
        return self.ask("query", query=expression)["result"]

    def firing(self):
        return {alert["labels"]["alertname"] for alert in self.ask("alerts")["alerts"] if alert["state"] == "firing"}

    def stop(self):
        try:
            if self.prometheus:
                self.prometheus.stop()
        finally:
            self.installation.stop()


@pytest.fixture(scope="module")
def watch(tmp_path_factory):
    running = Watch(tmp_path_factory.mktemp("watch"))
    try:
        yield running.start()
    finally:
        running.stop()


def test_recorder_and_node_are_up(watch):
    until(lambda: {(each["metric"]["job"], each["metric"]["instance"]): each["value"][1] for each in watch.value("up")}
          == {("guardian-edge", "home"): "1", ("guardian-node", "central"): "1"}, 60, "Prometheus reads both")
    # A scrape that took longer than its second is an error until the next one.
    until(lambda: [target["lastError"] for target in watch.ask("targets")["activeTargets"]] == ["", ""], 60, "neither has an error")


def test_without_its_token_prometheus_is_not_let_in(watch):
    authority = watch.installation.state / "web-authority" / "authority.pem"
    for port in (watch.installation.web, watch.installation.node_web):
        assert requests.get(f"https://127.0.0.1:{port}/metrics", timeout=60, verify=authority).status_code == 401


def test_every_documented_metric_is_there_and_every_one_that_is_there_is_documented(watch):
    """With a camera, an archive with a quota, and clips in it, a recorder and a node report everything."""

    def reported():
        names = {name for name in watch.ask("label/__name__/values") if name.startswith("guardian_")}
        return set().union(*(metrics(name) for name in names)) if names else set()

    until(lambda: set(documented()) <= reported(), 60, "all documented metrics are reported")
    assert reported() == set(documented())


def test_every_query_of_the_dashboards_finds_something(watch):
    quiet = quiet_questions(WINDOW)
    needed = {name: where for name, (where, expression) in watch.asked.items() if expression not in quiet}

    def all_answered():
        missing = needed.keys() - {each["metric"]["question"] for each in watch.value('count by (question) ({question!=""})')}
        assert not missing, [needed[name] for name in missing]
        return True

    until(all_answered, 90, "all panels show something")


def test_no_rule_fails_and_nothing_is_wrong(watch):
    def rules():
        return [rule for group in watch.ask("rules")["groups"] for rule in group["rules"]]

    until(lambda: all(rule["health"] != "unknown" for rule in rules()), 60, "all rules were evaluated")
    assert {rule["name"] for rule in rules() if rule["type"] == "alerting"} == set(alerts())
    assert [(rule["query"], rule.get("lastError")) for rule in rules() if rule["health"] != "ok"] == []
    # Cameras and connections begin, which some rules see: seconds later all is well.
    until(lambda: watch.firing() <= MACHINES, 60, "no alert fires")


def test_an_ai_service_that_hangs_is_reported(watch):
    """It is stopped where it is; the recorder gives it ten seconds, and starts it again after thirty."""
    until(lambda: watch.value("guardian_ai_up == 1"), 60, "the AI service works")
    ai = int((watch.installation.state / "edge" / "run" / "ai" / "pid").read_text())
    until(lambda: "GuardianAIServiceDown" not in watch.firing(), 60, "no earlier alert fires")
    stopped = time.monotonic()
    os.kill(ai, signal.SIGSTOP)

    def has_fired():
        # The alert ends when the recorder has started the service again; Prometheus still knows of it.
        since = int(time.monotonic() - stopped) + 1
        return watch.value(f'count_over_time(ALERTS{{alertname="GuardianAIServiceDown",alertstate="firing"}}[{since}s])')

    try:
        until(has_fired, 90, "the alert fires")
    finally:
        # It may have been ended by the recorder meanwhile.
        try:
            os.kill(ai, signal.SIGCONT)
        except ProcessLookupError:
            pass
