"""The UI's files: their compressed size, no code or data from other origins, security headers."""

import gzip
import json
import re

from kit.api import API
from kit.places import ROOT

FILES = ROOT / "Sources" / "GuardianHTTP" / "WebUI"


def fetch(base, path, **headers):
    answer = API.known[base].get(path, headers=headers)
    return answer.status_code, answer.headers, answer.content


def compressed_size(files):
    files = [file for file in files if file.is_file()]
    assert files
    return sum(len(gzip.compress(file.read_bytes())) for file in files)


def test_the_files_of_the_pages_keep_to_their_compressed_sizes():
    archive = set((FILES / "ui" / "archive").rglob("*"))
    # Pages that are opened rarely. What the shell uses of them is counted with the shell.
    accounts = {file for room in ("audit", "forms", "login", "operator", "people", "setup", "trust") for file in (FILES / "ui" / room).rglob("*")} - {FILES / "ui" / "people" / "roles.js"}
    cameras = {file for room in ("cameras", "welcome") for file in (FILES / "ui" / room).rglob("*")}
    report, settings = (set((FILES / "ui" / room).rglob("*")) for room in ("report", "settings"))
    assert compressed_size(set(FILES.rglob("*")) - archive - accounts - cameras - report - settings - {FILES / "open.html"}) < 95_000
    assert compressed_size(accounts) < 46_000
    assert compressed_size(cameras) < 30_000
    assert compressed_size(report) < 10_000
    assert compressed_size(settings) < 14_000
    # The offline folder is used only in open.html.
    assert compressed_size(archive - set((FILES / "ui" / "archive" / "offline").rglob("*"))) < 60_000


def test_no_file_names_another_origin_or_makes_html_from_text():
    # open.html is generated from the other files and opened from disk, not from this origin.
    files = set(FILES.rglob("*.*")) - {FILES / "open.html"}
    assert files
    for file in files:
        text = file.read_text().replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://", text), file
        if file.suffix == ".js":
            assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text), file
        if file.suffix in (".js", ".html"):
            assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|setAttribute\(\"style", text), file


def test_a_page_loads_only_what_it_needs(visit):
    visitor = visit("/system")
    page = visitor.page
    page.wait_for_selector(".system-card")
    names = page.evaluate("performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname)")
    assert any(name.startswith("/ui/system/") for name in names)
    assert not [name for name in names if name.startswith(("/ui/live/", "/ui/events/", "/ui/event/", "/ui/forms/", "/ui/login/", "/ui/audit/", "/ui/trust/", "/ui/cameras/", "/ui/welcome/", "/ui/report/", "/ui/settings/"))]


def test_scripts_and_styles_come_from_the_own_origin_only(base):
    for path in ("/", "/events", "/system", "/events/01890a5d-ac96-774b-bcce-b302099a8057"):
        status, headers, body = fetch(base, path)
        assert status == 200 and b"<guardian-app>" in body
        policy = dict(directive.strip().split(" ", 1) for directive in headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_foreign_host_or_origin_is_refused(base):
    for headers in ({"Host": "guardian.example"}, {"Origin": "https://evil.example"}):
        for path in ("/", "/api/v1/status", "/api/v1/events"):
            status, answered, body = fetch(base, path, **headers)
            assert status in (400, 403, 421), (headers, path, status)
            if "problem+json" in answered.get("Content-Type", ""):
                assert json.loads(body)["detail"]
