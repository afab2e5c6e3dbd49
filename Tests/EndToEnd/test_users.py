"""`guardian user`: root of the machine decides who may log in, while the recorder runs."""

import contextlib
import json
import sqlite3
import subprocess
import time

import pytest
import requests

from kit.places import GUARDIAN
from kit.site import PASSWORD, Site


@pytest.fixture(scope="module")
def recorder(tmp_path_factory):
    running = Site(tmp_path_factory.mktemp("users"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def user(recorder):
    def run(command, *arguments):
        ran = subprocess.run(
            [GUARDIAN, "user", command, "--config", recorder.state.parent / "edge.yaml", *map(str, arguments)],
            capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
        )
        return ran.returncode, ran.stdout.strip(), ran.stderr.strip()

    return run


@pytest.fixture(scope="module")
def password(tmp_path_factory):
    file = tmp_path_factory.mktemp("password") / "password"
    file.write_text(PASSWORD + "\n")
    return file


def ask(recorder, method="GET", path="/api/v1/session", **options):
    return requests.request(method, recorder.base + path, verify=recorder.state / "web-authority" / "authority.pem", timeout=60, **options)


def log_in(recorder, name):
    answer = ask(recorder, "POST", json={"name": name, "password": PASSWORD})
    return {"Cookie": f"__Host-guardian={answer.cookies['__Host-guardian']}"} if answer.ok else answer.status_code


def test_the_setup_link_can_be_printed_again_and_root_can_do_without_it(recorder, user, password):
    code, link, note = user("setup-link")
    assert code == 0 and link.endswith(f"/setup#{recorder.secret}") and "SHA-256" in note
    assert ask(recorder, path="/api/v1/setup").json() == {"open": True}
    refused = user("add", "Eve", "--role", "viewer", "--password-file", password)
    assert refused[0] == 1 and "owner" in refused[2]
    assert user("add", "Anna", "--role", "owner", "--password-file", password)[0] == 0
    assert ask(recorder, path="/api/v1/setup").json() == {"open": False}
    assert not (recorder.state / "setup.secret").exists()
    assert user("setup-link")[0] == 1
    assert ask(recorder, headers=log_in(recorder, "Anna")).json()["role"] == "owner"


def test_a_viewer_sees_the_cameras_that_were_chosen(recorder, user, password):
    assert user("add", "Eve", "--role", "viewer", "--camera", "yard", "--password-file", password)[0] == 0
    assert user("add", "Otto", "--role", "viewer", "--camera", "nowhere", "--password-file", password)[0] == 1
    eve = log_in(recorder, "Eve")
    assert [each["id"] for each in ask(recorder, path="/api/v1/cameras", headers=eve).json()["items"]] == ["yard"]
    assert ask(recorder, path="/api/v1/cameras/front/snapshot.jpg", headers=eve).status_code == 404
    assert ask(recorder, path="/api/v1/status", headers=eve).status_code == 403
    rows = {row["name"]: row for row in map(json.loads, user("list", "--json")[1].splitlines())}
    assert rows["Eve"]["cameras"] == ["yard"] and rows["Eve"]["sessions"] == 1 and rows["Anna"]["cameras"] is None


def test_a_link_lets_somebody_in_once(recorder, user):
    assert user("add", "Fritz", "--no-password")[0] == 0
    code, link, _ = user("link", "Fritz")
    assert code == 0
    secret = link.split("/login#once=")[1]
    first = ask(recorder, "POST", "/api/v1/session/link", json={"secret": secret})
    assert first.status_code == 200 and first.json()["name"] == "Fritz" and first.json()["role"] == "member"
    assert ask(recorder, "POST", "/api/v1/session/link", json={"secret": secret}).status_code == 401
    assert log_in(recorder, "Fritz") == 401


def test_a_token_has_a_scope_and_no_more(recorder, user):
    code, token, _ = user("token", "Anna", "--scope", "read_events", "--days", 1, "--label", "home automation")
    assert code == 0 and token.startswith("gdn_")
    headers = {"Authorization": f"Bearer {token}"}
    assert ask(recorder, path="/api/v1/events", headers=headers).status_code == 200
    assert ask(recorder, path="/api/v1/users", headers=headers).status_code == 403
    assert ask(recorder, path="/api/v1/events", headers={"Authorization": f"Bearer {token[:-1]}A"}).status_code == 401


@pytest.mark.parametrize("stream", ["/api/v1/events/stream", "/api/v1/live?cameras=front,yard", "/api/v1/cameras/front/live.mp4"])
def test_a_revoked_person_is_out_within_two_seconds_also_of_streams(recorder, user, stream):
    assert user("revoke", "Anna", "--only-sessions")[0] == 0
    with ask(recorder, path=stream, headers=log_in(recorder, "Anna"), stream=True) as answer:
        assert answer.status_code == 200
        pieces = answer.iter_content(1024)
        next(pieces)
        assert user("revoke", "Anna", "--only-sessions")[0] == 0
        began = time.monotonic()
        for _ in pieces:
            assert time.monotonic() - began < 20, "the stream goes on"
        # The command itself has ended before; a loaded machine may add to the two seconds that are promised.
        assert time.monotonic() - began < 6


def test_a_disabled_person_and_a_new_password(recorder, user, password, tmp_path):
    eve = log_in(recorder, "Eve")
    assert user("revoke", "Eve")[0] == 0
    assert ask(recorder, headers=eve).status_code == 401 and log_in(recorder, "Eve") == 401
    assert user("revoke", "Eve", "--undo")[0] == 0
    (tmp_path / "new").write_text("another long password")
    assert user("password", "Eve", "--password-file", tmp_path / "new")[0] == 0
    assert log_in(recorder, "Eve") == 401
    assert user("password", "Eve", "--password-file", password)[0] == 0
    assert ask(recorder, headers=log_in(recorder, "Eve")).status_code == 200
    last = user("revoke", "Anna")
    assert last[0] == 1 and "only owner" in last[2]


def test_the_doctor_verifies_the_audit_log_also_what_root_did(recorder, user):
    def audited():
        ran = subprocess.run(
            [GUARDIAN, "doctor", "--config", recorder.state.parent / "edge.yaml", "--verify", "--json"],
            capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
        return [each["what"] for each in json.loads(ran.stdout)["items"] if each["where"].endswith("identity.sqlite")]

    assert user("add", "Greta", "--no-password")[0] == 0
    assert audited() == []
    with contextlib.closing(sqlite3.connect(recorder.state / "identity.sqlite", timeout=60)) as database:
        (newest,) = database.execute("SELECT max(sequence) FROM audit").fetchone()
        database.execute("UPDATE audit SET signature = NULL WHERE sequence = ?", (newest,))
        database.execute("UPDATE audit SET payload = CAST(payload || ' ' AS BLOB) WHERE sequence = 2")
        database.commit()
    assert audited() == [
        "Entry 2 of the audit log was changed.", "Entry 3 of the audit log does not follow the one before it.",
        f"Entry {newest} of the audit log is not signed by this recorder.",
    ]


def test_the_doctor_examines_the_packages_configuration_where_none_is_named():
    ran = subprocess.run([GUARDIAN, "doctor"], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    assert ran.returncode == 1 and "/etc/guardian/edge.yaml" in ran.stderr, ran.stderr


def test_no_secret_stands_in_the_log_but_the_setup_link(recorder):
    log = recorder.process.printed()
    assert log.count("/setup#") == 1 and PASSWORD not in log and "gdn_" not in log and "once=" not in log
