"""Runs Semgrep with the rules of security/rules: only ours, from files, without a network.

A place where a rule must not apply says so in its line or the one above: `nosemgrep: RULE -- REASON`. Without a reason the
comment is itself a finding.
"""

import json
import os
import re
import subprocess
import sys

from repository import BUILD, ROOT, SECURITY, tracked_files
from result import Result

FOLDERS = ("Sources/", "scripts/", "Benchmarks/", "Tests/EndToEnd/", "docs/")
GENERATED = re.compile(r"\.pb\.swift$|\.grpc\.swift$|/Generated/")
SUFFIXES = (".swift", ".js", ".html", ".py", ".c", ".h")
EXCUSE = re.compile(r"\bnosemgrep\b(?P<rules>:[ \w,.-]*?)?(?P<reason> -- \S.{9,})?$")
SEMGREP = os.path.join(os.path.dirname(sys.executable), "semgrep")
SECONDS = 120


def check(folder=ROOT):
    files = [
        name for name in tracked_files(folder)
        if name.startswith(FOLDERS) and name.endswith(SUFFIXES) and not GENERATED.search(name)
    ]
    problems = [sentence(each) for each in findings(folder, files)] + unexplained(folder, files)
    return Result(f"{len(files)} files", problems or ([] if files else ["there are no files to check"]))


def findings(folder, files):
    """Returns Semgrep's findings, as it describes them in JSON."""
    output = BUILD / "semgrep.json"
    output.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "SEMGREP_SEND_METRICS": "off", "SEMGREP_ENABLE_VERSION_CHECK": "0"}
    done = subprocess.run(
        [SEMGREP, "scan", "--quiet", "--metrics=off", "--disable-version-check", "--no-git-ignore", "--jobs=2", "--timeout=20",
         "--config", str(SECURITY / "rules"), "--json", f"--output={output}", *files],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=SECONDS,
    )
    if done.returncode not in (0, 1):
        raise SystemExit(f"audit: Semgrep failed ({done.returncode}): {done.stderr.strip()[-500:]}")
    return json.loads(output.read_text())["results"]


def sentence(finding):
    rule = finding["check_id"].rsplit(".", 1)[-1]
    return f"{finding['path']}:{finding['start']['line']}: {finding['extra']['message'].strip()} ({rule})"


def unexplained(folder, files):
    """Returns a problem for each place that is excused without the name of a rule or without a reason."""
    problems = []
    for name in files:
        if name.startswith("scripts/audit.d/"):
            continue
        for number, line in enumerate((folder / name).read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            match = EXCUSE.search(line.rstrip())
            if "nosemgrep" in line and not (match and match["rules"] and match["reason"]):
                problems.append(f"{name}:{number}: say which rule and why: nosemgrep: RULE -- REASON")
    return problems
