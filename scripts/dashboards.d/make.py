"""Turns dashboards.yaml into the JSON that Grafana reads."""

import json
import pathlib
import string
import sys

import yaml

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "monitoring" / "grafana"
SOURCE = {"type": "prometheus", "uid": "${datasource}"}
# Of 24 columns, and in rows of about 30 pixels.
SIZES = {"lines": (8, 7), "numbers": (3, 4), "table": (24, 6)}
TYPES = {"lines": "timeseries", "numbers": "stat", "table": "table"}


def dashboards(text):
    """Returns the dashboards that the YAML text describes: {file name: JSON text}."""
    return {f"{each['uid']}.json": json.dumps(dashboard(each), indent=1, ensure_ascii=False) + "\n" for each in yaml.safe_load(text)["dashboards"]}


def dashboard(described):
    panels, top = [], 0
    for row in described["rows"]:
        panels.append({"id": len(panels) + 1, "type": "row", "title": row["title"], "collapsed": False, "panels": [], "gridPos": {"x": 0, "y": top, "w": 24, "h": 1}})
        top, left, height = top + 1, 0, 0
        for each in row["panels"]:
            made = panel(each, len(panels) + 1)
            width, tall = made["gridPos"]["w"], made["gridPos"]["h"]
            if left + width > 24:
                top, left, height = top + height, 0, 0
            made["gridPos"] |= {"x": left, "y": top}
            left, height = left + width, max(height, tall)
            panels.append(made)
        top += height
    return {
        "uid": described["uid"], "title": described["title"], "description": described["about"], "tags": ["guardian"], "schemaVersion": 38,
        "editable": False, "graphTooltip": 1, "refresh": "30s", "time": {"from": "now-6h", "to": "now"}, "timezone": "browser",
        "templating": {"list": [
            {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus", "hide": 0},
            *(chooser(name, query) for name, query in described.get("choose", {}).items()),
        ]},
        "links": [{"type": "dashboards", "tags": ["guardian"], "title": "Guardian", "asDropdown": True, "includeVars": True, "keepTime": True}],
        "panels": panels,
    }


def chooser(name, query):
    return {
        "name": name, "label": name, "type": "query", "datasource": SOURCE, "definition": query, "query": {"query": query, "refId": name},
        "refresh": 2, "sort": 1, "multi": name == "camera", "includeAll": name == "camera", "hide": 0,
    }


def panel(described, number):
    kind = described.get("kind", "lines")
    width, height = SIZES[kind]
    made = {
        "id": number, "type": TYPES[kind], "title": described["title"], "datasource": SOURCE,
        "gridPos": {"w": described.get("width", width), "h": height}, "fieldConfig": {"defaults": {}, "overrides": []},
    }
    if kind == "table":
        return made | table(described["columns"])
    made["fieldConfig"]["defaults"] = field(described) | ({"min": 0, "custom": {"fillOpacity": 10}} if kind == "lines" else {})
    made["targets"] = [target(query["expr"], index) | {"legendFormat": query["legend"]} for index, query in enumerate(described["queries"])]
    if kind == "numbers":
        made["options"] = {"reduceOptions": {"calcs": ["lastNotNull"]}, "graphMode": "none", "colorMode": "value"}
    return made


def table(columns):
    return {
        "targets": [target(column["expr"], index) | {"instant": True, "format": "table"} for index, column in enumerate(columns)],
        # Grafana names a query's column after its letter, but does not when there is one query alone.
        "transformations": [
            {"id": "merge", "options": {}},
            {"id": "organize", "options": {
                "excludeByName": {"Time": True},
                "renameByName": {name: column["name"] for index, column in enumerate(columns)
                                 for name in ([f"Value #{letter(index)}"] if len(columns) > 1 else ["Value", "Value #A"])},
            }},
        ],
        "fieldConfig": {"defaults": {}, "overrides": [
            {"matcher": {"id": "byName", "options": column["name"]}, "properties": [{"id": name, "value": value} for name, value in field(column).items()]}
            for column in columns
        ]},
    }


def target(expression, index):
    return {"refId": letter(index), "datasource": SOURCE, "expr": expression}


def letter(index):
    return string.ascii_uppercase[index]


def field(described):
    """Returns how values are shown: their unit, or words for 0, 1…"""
    made = {"unit": described.get("unit", "short")}
    if "values" in described:
        words = described["values"].split(", ")
        made["mappings"] = [{"type": "value", "options": {str(value): {"text": word, "index": value} for value, word in enumerate(words)}}]
    return made


def main():
    made = dashboards((FOLDER / "dashboards.yaml").read_text())
    for old in (FOLDER / "dashboards").glob("*.json"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (FOLDER / "dashboards" / name).write_text(text)
        print(f"dashboards: {name}", file=sys.stderr)


if __name__ == "__main__":
    main()
