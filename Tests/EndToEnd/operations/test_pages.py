"""Rules, dashboards, runbooks, metrics and log messages name only what the others have."""

import re

import pytest
import yaml

from kit.places import ROOT
from operations.monitoring import MONITORING, RULES, RUNBOOKS, alerts, documented, metrics, questions, sections

pytestmark = pytest.mark.parallel
PARTS = ["Symptom", "It means", "Check", "Do", "False alarm"]


def expressions():
    return [*((name, rule["expr"]) for name, rule in alerts().items()), *questions("1m")]


def runbooks():
    """Returns all sections: {link as in the rules: text}."""
    return {
        f"{{{{ $externalLabels.runbooks }}}}/{page.name}#{heading.lower()}": text
        for page in sorted(RUNBOOKS.glob("*.md")) if page.name != "README.md" for heading, text in sections(page).items()
    }


def test_every_metric_that_is_asked_for_is_documented():
    for where, expression in expressions():
        unknown = metrics(expression) - set(documented())
        assert not unknown, f"{where}: docs/reference/metrics.md lacks {unknown}"


def test_every_documented_metric_is_watched_or_shown():
    asked = set().union(*(metrics(expression) for _, expression in expressions()))
    assert set(documented()) - asked == set(), "put them on a dashboard"


def test_functions_fit_the_kind_of_metric():
    """`rate` of a gauge is nonsense. `increase` of one is meant where the recorder counts in a gauge."""
    for where, expression in expressions():
        for name in re.findall(r"\brate\((guardian_\w+)", expression):
            base = next(iter(metrics(name)))
            assert documented()[base] == "counter" or name.endswith("_bucket") and documented()[base] == "histogram", f"{where}: {name}"


def test_every_runbook_link_leads_to_a_section_and_every_section_is_linked():
    links = {name: rule["annotations"]["runbook_url"] for name, rule in alerts().items()}
    assert set(links.values()) == set(runbooks())
    for name, link in links.items():
        assert link.rpartition("#")[2] == name.lower(), f"{name}: its section has another name"


def test_every_runbook_says_what_it_means_and_what_to_do():
    for link, text in runbooks().items():
        assert re.findall(r"^\*\*([^.*]+)\.\*\* \S", text, re.MULTILINE) == PARTS, link


def test_the_list_of_runbooks_is_complete():
    listed = set(re.findall(r"\]\(([a-z]+\.md)\)", (RUNBOOKS / "README.md").read_text()))
    assert listed == {page.name for page in RUNBOOKS.glob("*.md")} - {"README.md"}


@pytest.mark.parametrize("page", [*sorted(RUNBOOKS.glob("*.md")), ROOT / "docs" / "guide" / "monitoring.md"], ids=lambda page: page.name)
def test_links_of_the_pages_lead_somewhere(page):
    for target, _, section in (link.partition("#") for link in re.findall(r"\]\(([^)]+)\)", page.read_text())):
        at = (page.parent / target).resolve() if target else page
        assert at.exists(), target
        if section:
            assert section in {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in re.findall(r"^#+ (.+)$", at.read_text(), re.MULTILINE)}, section


def test_log_messages_of_the_runbooks_exist():
    """What stands before or after the word "log" in backquotes is a message that the programs write, or the name of a value."""
    known = set(re.findall(r"^\| `([^`]+)` \|", (ROOT / "docs" / "reference" / "logs.md").read_text(), re.MULTILINE))
    named = set()
    for text in runbooks().values():
        for told in re.findall(r"\blog\b[^:.;]*: ((?:`[^`]+`(?:, )?)+)", text.replace("\n", " ")):
            named |= set(re.findall(r"`([^`]+)`", told))
    assert len(named) > 10 and named <= known, named - known


def test_logs_become_few_streams_in_loki():
    """Labels are what has few values, and no value of a line: each combination is a stream of its own."""
    (job,) = yaml.safe_load((MONITORING / "logs" / "promtail.yaml").read_text())["scrape_configs"]
    labels = {*job["journal"]["labels"], *(rule["target_label"] for rule in job["relabel_configs"] if "target_label" in rule)}
    read = {}
    for stage in job["pipeline_stages"]:
        read |= stage.get("json", {}).get("expressions", {})
        labels |= set(stage.get("labels", {}))
    assert labels == {"job", "host", "level", "process"}
    assert set(read) == {"time", "level", "process"}
    unit = re.compile(job["relabel_configs"][0]["regex"])
    units = {file.name for file in (ROOT / "deploy" / "debian" / "units").glob("*.service")}
    assert units and all(unit.fullmatch(name) for name in units) and not unit.fullmatch("ssh.service")


def test_loki_deletes_old_logs_and_listens_on_this_machine_only():
    loki = yaml.safe_load((MONITORING / "logs" / "loki.yaml").read_text())
    assert loki["compactor"]["retention_enabled"] and loki["limits_config"]["retention_period"] == "30d"
    assert loki["server"]["http_listen_address"] == loki["server"]["grpc_listen_address"] == "127.0.0.1"


def test_the_services_of_compose_are_pinned_and_listen_on_this_machine_only():
    services = yaml.safe_load((MONITORING / "compose.yaml").read_text())["services"]
    assert set(services) == {"prometheus", "alertmanager", "grafana", "loki"}
    for name, service in services.items():
        assert re.search(r":v?\d+\.\d+\.\d+$", service["image"]), f"{name}: its version is not pinned"
        for source in (volume.split(":")[0] for volume in service["volumes"] if volume.startswith("./")):
            assert (MONITORING / source).exists(), source
    for name in ("prometheus", "alertmanager"):
        assert any(word.startswith("--web.listen-address=127.0.0.1:") for word in services[name]["command"])
    assert services["grafana"]["environment"]["GF_SERVER_HTTP_ADDR"] == "127.0.0.1"


def test_every_file_of_rules_is_read():
    (pattern,) = yaml.safe_load((MONITORING / "prometheus" / "prometheus.yml").read_text())["rule_files"]
    assert sorted((MONITORING / "prometheus").glob(pattern)) == RULES
