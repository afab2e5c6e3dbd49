"""The state folder of a finished demo: starts its processes alone, reads its databases and its clips on disk."""

import contextlib
import hashlib
import json
import pathlib
import sqlite3
import subprocess

from kit.api import API
from kit.places import GUARDIAN, ROOT
from kit.processes import Process
from kit.waiting import until


def configured_port(file, section="web"):
    """Returns the port under `web:` of a configuration file."""
    import yaml

    return yaml.safe_load(pathlib.Path(file).read_text())[section]["port"]


@contextlib.contextmanager
def process_alone(state, kind, environment=None):
    """Starts only the edge or the node of a finished demo. Yields its API."""
    state = pathlib.Path(state)
    process = Process([GUARDIAN, kind, "--config", state / f"{kind}.yaml"], state.parent, f"{state.name}-{kind}-alone", environment)
    api = API(configured_port(state / f"{kind}.yaml"), state)
    try:

        def answers():
            assert process.running(), process.printed()[-2000:]
            return api.get("/healthz").status_code == 200

        until(answers, 60, f"the {kind} answers")
        yield api
    finally:
        process.stop()


def database(state, kind):
    """Returns the SQLite file of the edge's journal, or of the node's only tenant."""
    found = sorted(path for path in (pathlib.Path(state) / kind).rglob("*.sqlite") if path.stat().st_size)
    for path in found:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'entries'").fetchone():
                return path
    raise AssertionError(f"{state}/{kind} contains no journal: {found}")


def entries(state, kind):
    """Returns the journal's entries as {(chain, sequence): payload}; fails if one is stored twice."""
    with contextlib.closing(sqlite3.connect(f"file:{database(state, kind)}?mode=ro", uri=True)) as connection:
        rows = connection.execute(
            "SELECT hex(chains.chain), sequence, payload FROM entries JOIN chains ON chains.id = entries.chain"
        ).fetchall()
    found = {(chain, sequence): payload for chain, sequence, payload in rows}
    assert len(found) == len(rows), "an entry is stored twice"
    return found


def waiting(state):
    """Returns the number of entries in the edge's outbox."""
    with contextlib.closing(sqlite3.connect(f"file:{database(state, 'edge')}?mode=ro", uri=True)) as connection:
        return connection.execute("SELECT count(*) FROM outbox").fetchone()[0]


def proof(state):
    """Returns the options of a command that asks a server of this state folder by its address."""
    return ["--token-file", f"{state}/owner.token", "--authority", f"{state}/web-authority.pem"]


def doctor(state, kind, *arguments):
    """Runs `guardian doctor --verify`. Returns (exit code, findings)."""
    ran = subprocess.run(
        [GUARDIAN, "doctor", "--config", f"{state}/{kind}.yaml", "--verify", "--json", *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=120,
    )
    try:
        return ran.returncode, json.loads(ran.stdout)["items"]
    except (ValueError, KeyError):
        raise AssertionError(f"doctor printed no JSON (exit {ran.returncode}): {ran.stdout[-500:]} {ran.stderr[-1500:]}") from None


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def clip_files(state):
    """Returns the edge's clips: {clip id: path}."""
    return {path.stem: path for path in (pathlib.Path(state) / "edge").rglob("*.mp4")}
