"""What the documents name is there, and what is there is in the documents."""

import importlib.util
import re
import shlex

import pytest
import yaml

from documents.markdown import anchors, code, documents, links
from kit.places import GUARDIAN, ROOT

pytestmark = pytest.mark.parallel
OPENAPI = ROOT / "Sources" / "GuardianHTTP" / "OpenAPI"


@pytest.fixture(scope="module")
def pages():
    found = documents()
    assert len(found) > 40
    return found


@pytest.fixture(scope="module")
def reference():
    """The module that makes the reference of commands."""
    specification = importlib.util.spec_from_file_location("commands_reference", ROOT / "scripts" / "commands.d" / "make.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def commands(reference):
    """{words: names of the options} of every command."""
    return {
        words[1:]: {f"--{name['name']}" for argument in command.get("arguments", []) for name in argument.get("names", []) if name["kind"] == "long"}
        for words, command in reference.commands(reference.description(GUARDIAN))}


def test_every_link_and_picture_is_there(pages):
    broken = []
    for name, text in pages.items():
        for link in links(text):
            if re.match(r"[a-z]+:", link):
                continue
            path, _, anchor = link.partition("#")
            target = (ROOT / name).parent / path if path else ROOT / name
            if not target.exists():
                broken.append(f"{name}: {link}")
            elif anchor and target.suffix == ".md" and anchor not in anchors(target.read_text()):
                broken.append(f"{name}: {link} has no such heading")
    assert broken == []


def test_every_page_of_docs_is_found_from_the_readme(pages):
    seen, rest = set(), ["README.md"]
    while rest:
        name = rest.pop()
        if name in seen or name not in pages:
            continue
        seen.add(name)
        for link in links(pages[name]):
            target = ((ROOT / name).parent / link.partition("#")[0]).resolve()
            if target.is_relative_to(ROOT):
                rest.append(str(target.relative_to(ROOT)))
    assert sorted(name for name in pages if name.startswith("docs/") and name not in seen) == []


def test_every_picture_is_shown(pages):
    shown = {((ROOT / name).parent / link).resolve() for name, text in pages.items() for link in links(text)}
    pictures = set((ROOT / "docs" / "images").iterdir())
    assert pictures and not pictures - shown, "nobody sees these"


def test_every_picture_is_small():
    assert {file.name: file.stat().st_size for file in (ROOT / "docs" / "images").iterdir() if file.stat().st_size >= 150_000} == {}


def test_the_reference_of_commands_is_the_programs_own_help(reference):
    assert reference.PAGE.read_text() == reference.page(), "run scripts/commands"


def words_of(line):
    """The words of a command line of `guardian` up to what the shell makes of it; `None` if it is none."""
    line = re.split(r"[|;&<>#]| -> ", line.removeprefix("$ ").removeprefix("sudo "))[0]
    line = re.sub(r"^(?:\S*/)?guardian ", "guardian ", line.strip())
    # Drawings have several spaces.
    if not re.match(r"guardian (?! )", line) or "…" in line.split(" -")[0]:
        return None
    try:
        return shlex.split(line)[1:]
    except ValueError:
        return line.split()[1:]


def test_every_command_line_in_the_documents_is_one(pages, commands):
    wrong, seen = [], 0
    for name, text in pages.items():
        for line in code(text):
            words = words_of(line)
            if not words:
                continue
            seen += 1
            path = ()
            while len(path) < len(words) and (*path, words[len(path)]) in commands:
                path = (*path, words[len(path)])
            # `guardian edge --config` is `guardian edge run --config`.
            options = commands.get((*path, "run"), set()) | commands.get(path, set()) | {"--help", "--version"}
            given = {word.partition("=")[0] for word in words if re.match(r"--[a-z]", word)}
            if not path and not given <= {"--help", "--version"} or not given <= options:
                wrong.append(f"{name}: {line}")
            elif not path and words[0] not in ("help", "--version", "--help"):
                wrong.append(f"{name}: {line}")
    assert seen > 60
    assert wrong == []


def test_every_make_target_in_the_documents_is_one(pages):
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    used = {(name, target) for name, text in pages.items() for line in code(text) for target in re.findall(r"^(?:.*&& )?make ([a-z][a-z-]*)", line)}
    assert used and sorted((name, target) for name, target in used if target not in targets) == []


def routes():
    """The paths of both servers as the OpenAPI documents have them."""
    return {path for file in OPENAPI.glob("*.yaml") for path in re.findall(r"^  (/[^:\s]*):$", file.read_text(), re.MULTILINE)}


def test_every_route_is_in_the_reference_of_the_api(pages):
    text = pages["docs/reference/api.md"]
    # `…/{id}/password` and `/users/{id}` stand for what the beginning of their row says.
    missing = []
    for path in sorted(routes()):
        steps = [re.sub(r"\{[^}]*\}", "{}", step) for step in path.removeprefix("/api/v1").strip("/").split("/")]
        plain = re.sub(r"\{[^}]*\}", "{}", text)
        if not all(re.search(rf"/{re.escape(step)}(?![\w-])", plain) for step in steps):
            missing.append(path)
    assert missing == []


def test_every_route_that_a_document_names_is_one(pages):
    templates = [re.compile(re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(path)) + "$") for path in routes()]
    unknown = set()
    for name, text in pages.items():
        for path in re.findall(r"/api/v1(?:/[\w.{}:-]+)+", text):
            path = path.rstrip(".:")
            if not any(template.match(path) for template in templates):
                unknown.add(f"{name}: {path}")
    assert sorted(unknown) == []


def test_every_metric_of_the_source_is_in_the_reference(pages):
    source = "\n".join(file.read_text() for file in (ROOT / "Sources").rglob("*.swift"))
    # A name that ends with _ is the beginning of others.
    made = {name for name in re.findall(r'"(guardian_[a-z0-9_]+)"', source) if not name.endswith("_")}
    named = {re.split(r"[{]", name)[0] for name in re.findall(r"`(guardian_[a-z0-9_]+)", pages["docs/reference/metrics.md"])}
    assert len(made) > 50
    assert sorted(made - named) == [], "docs/reference/metrics.md lacks these"


def test_the_reference_of_telemetry_is_what_is_measured(pages):
    source = (ROOT / "Sources" / "GuardianTelemetry" / "Samples" / "TelemetryMetric.swift").read_text()
    measured = re.findall(r'^    case \w+ = "(\w+)"$', source, re.MULTILINE)
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (level|increase) \| (edge|camera) \|", pages["docs/reference/telemetry.md"], re.MULTILINE)
    schemas = yaml.safe_load((OPENAPI / "telemetry-schemas.yaml").read_text())["TelemetryLine"]["properties"]
    assert len(measured) > 20 and [name for name, *_ in rows] == measured == schemas["metric"]["enum"]
    assert {unit for _, unit, *_ in rows} <= set(schemas["unit"]["enum"])
    assert {name for name, *_, of in rows if of == "camera"} == {name for name in measured if name.startswith("camera_")}


def test_every_key_of_the_examples_is_read(pages):
    """The YAML in the guides is what the servers read: nothing is misspelt in it."""
    keys = set(re.findall(r"^(?:\| )?`([\w.]+)`", pages["docs/reference/configuration.md"], re.MULTILINE))
    top = {key.split(".")[0] for key in keys}
    assert {"state", "web", "cameras"} <= top
    for name, text in pages.items():
        if not name.startswith(("docs/guide/", "README")):
            continue
        for block in re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
            assert set(yaml.safe_load(block)) <= top, name
