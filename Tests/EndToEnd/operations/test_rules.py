"""Each alert fires on its symptom, says so in a sentence, and stays quiet otherwise (promtool)."""

import json

import pytest
import yaml

from operations.monitoring import MONITORING, RULES, SEVERITIES, alerts, run
from operations.symptoms import HEALTHY, MINUTES, SYMPTOMS, WELL

pytestmark = pytest.mark.parallel
PAGES = "https://pages.example/runbooks"
FIRING = 'count by (alertname) (ALERTS{alertstate="firing"})'


def test_prometheus_accepts_configuration_and_rules(tmp_path):
    folder = tmp_path / "prometheus"
    configuration = yaml.safe_load((MONITORING / "prometheus" / "prometheus.yml").read_text())
    # Tokens and authorities are the owner's; promtool wants to see files.
    for job in configuration["scrape_configs"]:
        for name in (job["authorization"]["credentials_file"], job["tls_config"]["ca_file"]):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).touch()
    (folder / "guardian" / "rules").mkdir()
    for file in RULES:
        (folder / "guardian" / "rules" / file.name).write_text(file.read_text())
    (folder / "prometheus.yml").write_text((MONITORING / "prometheus" / "prometheus.yml").read_text())
    said = run("promtool", "check", "config", folder / "prometheus.yml")
    assert f"{len(RULES)} rule files found" in said


def test_every_rule_has_what_a_person_needs():
    for name, rule in alerts().items():
        assert name.startswith("Guardian"), name
        assert rule["labels"]["severity"] in SEVERITIES, name
        assert set(rule["annotations"]) == {"summary", "runbook_url"}, name
        assert rule["annotations"]["summary"].endswith((".", "?")), f"{name}: no sentence"
        # An increase within an hour is not a state that could last.
        assert "for" in rule or rule["expr"].startswith("increase("), f"{name}: no `for`"


def test_every_alert_has_a_symptom_among_the_tests():
    assert {symptom.alert for symptom in SYMPTOMS} == set(alerts())


@pytest.mark.parametrize("symptom", SYMPTOMS, ids=lambda symptom: symptom.alert)
def test_an_alert_fires_on_its_symptom_and_no_other_does(symptom, tmp_path):
    rule = alerts()[symptom.alert]
    link = rule["annotations"]["runbook_url"].replace("{{ $externalLabels.runbooks }}", PAGES)
    expected = {"exp_labels": symptom.labels | rule["labels"], "exp_annotations": {"summary": symptom.says, "runbook_url": link}}
    firing = [{"labels": f'{{alertname="{symptom.alert}"}}', "value": 1}]
    # A day in steps of ten minutes: 1,440 of one would take seconds.
    step = "10m" if symptom.fires >= 1000 else "1m"
    check(tmp_path, step=step, tested={
        **group(symptom.replaced, symptom.fires), "interval": step,
        "alert_rule_test": [{"eval_time": f"{symptom.fires}m", "alertname": symptom.alert, "exp_alerts": [expected]}],
        "promql_expr_test": [
            {"expr": FIRING, "eval_time": f"{symptom.waits}m", "exp_samples": []},
            {"expr": FIRING, "eval_time": f"{symptom.fires}m", "exp_samples": firing},
        ],
    })


@pytest.mark.parametrize("what", WELL)
def test_no_alert_fires_while(what, tmp_path):
    replaced, minute = WELL[what] if isinstance(WELL[what], tuple) else (WELL[what], 90)
    check(tmp_path, step="2m", tested={
        **group(replaced, minute), "promql_expr_test": [{"expr": FIRING, "eval_time": f"{minute}m", "exp_samples": []}],
    })


def test_a_rule_that_does_not_fire_is_noticed(tmp_path):
    """That promtool compares at all: an alert that is expected of a healthy installation."""
    with pytest.raises(AssertionError, match="GuardianDiskFull"):
        check(tmp_path, {
            **group({}, 5), "promql_expr_test": [{"expr": FIRING, "eval_time": "5m", "exp_samples": [{"labels": '{alertname="GuardianDiskFull"}', "value": 1}]}],
        })


def group(replaced, minutes):
    """`minutes`: how long it is, so that nothing is read that no rule looks at."""
    length = f"x{minutes + 1}"
    return {
        "interval": "1m", "external_labels": {"runbooks": PAGES},
        "input_series": [{"series": name, "values": values.replace(f"x{MINUTES}", length)} for name, values in (HEALTHY | replaced).items() if values is not None],
    }


def check(folder, tested, step="1m"):
    file = folder / "rules.test.yml"
    # JSON is YAML, and quicker to write.
    file.write_text(json.dumps({"rule_files": [str(rules) for rules in RULES], "evaluation_interval": step, "tests": [tested]}))
    run("promtool", "test", "rules", file)
