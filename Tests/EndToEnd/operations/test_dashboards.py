"""The dashboards are what their description says, and each panel has what a person needs to read it."""

import importlib.util
import re

import pytest
import yaml

from kit.places import ROOT
from operations.monitoring import DASHBOARDS, MONITORING, boards, panels, questions, run

pytestmark = pytest.mark.parallel


def test_the_dashboards_are_made_from_their_description():
    spec = importlib.util.spec_from_file_location("make", ROOT / "scripts" / "dashboards.d" / "make.py")
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    made = make.dashboards((MONITORING / "grafana" / "dashboards.yaml").read_text())
    assert made == {file.name: file.read_text() for file in DASHBOARDS}, "run scripts/dashboards"


def test_every_query_is_promql(tmp_path):
    file = tmp_path / "questions.yml"
    rules = [{"record": f"question:{index}", "expr": expression} for index, (_, expression) in enumerate(questions("1m"))]
    file.write_text(yaml.safe_dump({"groups": [{"name": "questions", "rules": rules}]}, width=10_000))
    assert f"{len(rules)} rules found" in run("promtool", "check", "rules", "--lint=none", file)


@pytest.mark.parametrize("board", boards(), ids=lambda board: board["uid"])
def test_a_dashboard_can_be_read(board):
    variables = {variable["name"]: variable for variable in board["templating"]["list"]}
    assert variables["datasource"]["type"] == "datasource"
    assert len({panel["title"] for panel in panels(board)}) == len(panels(board)), "two panels have one title"
    for panel in panels(board):
        where = f"{board['title']}: {panel['title']}"
        assert panel["title"] and panel["targets"], where
        assert panel["datasource"]["uid"] == "${datasource}" and all(target["datasource"]["uid"] == "${datasource}" for target in panel["targets"]), where
        units = [panel["fieldConfig"]["defaults"].get("unit"), *(
            made["value"] for override in panel["fieldConfig"]["overrides"] for made in override["properties"] if made["id"] == "unit")]
        assert any(units), f"{where}: no unit"
        for target in panel["targets"]:
            used = set(re.findall(r"\$(\w+)", target["expr"])) - {"__rate_interval"}
            assert used <= set(variables), f"{where}: {used}"
            # A fixed time would show nothing where the scrape interval is longer.
            assert not re.search(r"\[\d", target["expr"]), f"{where}: use $__rate_interval"
            assert not re.search(r"\bi?rate\(\w+_(bytes|ratio|seconds)\b", target["expr"]), f"{where}: a rate of a gauge"
            assert panel["type"] == "table" or target["legendFormat"], f"{where}: no legend"
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24 and len(panel["targets"]) <= 10, where


@pytest.mark.parametrize("board", boards(), ids=lambda board: board["uid"])
def test_no_panel_covers_another(board):
    taken = set()
    for panel in board["panels"]:
        place = panel["gridPos"]
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        assert not cells & taken, panel["title"]
        taken |= cells


def test_units_fit_what_the_metrics_count():
    """A metric in bytes or seconds is not shown as a plain number."""
    for board in boards():
        for panel in panels(board):
            unit = panel["fieldConfig"]["defaults"].get("unit")
            for target in panel["targets"] if panel["type"] != "table" else ():
                if re.fullmatch(r"guardian_\w+_(age_seconds|bytes)\{[^}]*\}", target["expr"]):
                    assert unit in ("s", "bytes"), f"{board['title']}: {panel['title']}"


def test_grafana_finds_them_where_compose_puts_them():
    provider = yaml.safe_load((MONITORING / "grafana" / "provisioning" / "dashboards" / "guardian.yaml").read_text())["providers"][0]
    grafana = yaml.safe_load((MONITORING / "compose.yaml").read_text())["services"]["grafana"]
    assert f"./grafana/dashboards:{provider['options']['path']}:ro" in grafana["volumes"]
