"""What deploy/monitoring and its pages contain, and the programs that check it."""

import functools
import json
import pathlib
import re
import subprocess

import yaml

from kit.places import ROOT, TOOLS

MONITORING = ROOT / "deploy" / "monitoring"
RULES = sorted((MONITORING / "prometheus" / "guardian" / "rules").glob("*.yml"))
DASHBOARDS = sorted((MONITORING / "grafana" / "dashboards").glob("*.json"))
RUNBOOKS = ROOT / "docs" / "runbooks"
SEVERITIES = ("critical", "warning")
# What Prometheus adds to a histogram's name.
OF_HISTOGRAMS = ("_bucket", "_count", "_sum")


def program(name):
    """Returns the path of one of Prometheus' and Alertmanager's programs."""
    path = TOOLS / "prometheus" / name
    assert path.exists(), f"{name} is missing: run scripts/bootstrap test"
    return path


def alertmanager():
    """Returns the command that runs Alertmanager, without its options. Debian's reads templates from /usr/share, where a machine has
    them only if the package is installed: it gets a /usr/share of its own, in a namespace of its own."""
    own = TOOLS / "prometheus" / "share"
    if not own.exists():
        return [program("prometheus-alertmanager")]
    return ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", 'mount --bind "$0" /usr/share && exec "$@"', own, program("prometheus-alertmanager")]


def run(name, *arguments):
    """Runs such a program, and returns its output. Fails if it does."""
    ended = subprocess.run([program(name), *map(str, arguments)], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, f"{name}: {ended.stdout[-6000:]}{ended.stderr[-2000:]}"
    return ended.stdout


@functools.cache
def alerts():
    """Returns all alert rules: {name: rule}."""
    rules = [rule for file in RULES for group in yaml.safe_load(file.read_text())["groups"] for rule in group["rules"]]
    names = [rule["alert"] for rule in rules]
    assert len(names) == len(set(names)), "two rules have one name"
    return dict(zip(names, rules))


def boards():
    """Returns all dashboards as Grafana reads them."""
    return [json.loads(file.read_text()) for file in DASHBOARDS]


def panels(board):
    return [panel for panel in board["panels"] if panel["type"] != "row"]


def questions(interval):
    """Returns all queries of all dashboards, with a value for each variable: [(where, expression)]."""
    return [
        (f"{board['title']}: {panel['title']}, {target['refId']}", filled(target["expr"], interval))
        for board in boards() for panel in panels(board) for target in panel["targets"]
    ]


def quiet_questions(interval):
    """Returns the queries that find nothing while all is well, as their description says."""
    described = yaml.safe_load((MONITORING / "grafana" / "dashboards.yaml").read_text())["dashboards"]
    return {
        filled(query["expr"], interval) for board in described for row in board["rows"] for panel in row["panels"]
        for query in panel.get("queries", panel.get("columns")) if query.get("empty")
    }


def filled(expression, interval):
    return expression.replace("$__rate_interval", interval).replace("$instance", ".+").replace("$camera", ".+")


def metrics(expression):
    """Returns the names of Guardian's metrics in an expression, without what Prometheus adds to them."""
    return {re.sub(f"({'|'.join(OF_HISTOGRAMS)})$", "", name) for name in re.findall(r"\bguardian_[a-z_]+", expression)}


def documented():
    """Returns the metrics of docs/reference/metrics.md: {name: kind}."""
    found = {}
    for line in (ROOT / "docs" / "reference" / "metrics.md").read_text().splitlines():
        if line.startswith("| `guardian_"):
            names, kind = (cell.strip() for cell in line.split("|")[1:3])
            found |= {name: kind for name in re.findall(r"`(guardian_[a-z_]+)`", names)}
    return found


def sections(page: pathlib.Path):
    """Returns the sections of a page of runbooks: {heading: text}."""
    _, *parts = re.split(r"^## (.+)$", page.read_text(), flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2]))
