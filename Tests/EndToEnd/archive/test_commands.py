"""`guardian keys` and `guardian archive` on files, without an edge or a node."""

import hashlib
import json
import os
import pty
import re
import signal
import stat
import subprocess
import termios

import pytest

from archive.sealer import Owner, interrupt, seal
from kit.places import GUARDIAN, ROOT
from kit.waiting import until

pytestmark = pytest.mark.parallel

VECTORS = ROOT / "Tests" / "GuardianArchiveTests" / "Vectors" / "sealed-clip"
KNOWN = json.loads((VECTORS / "vectors.json").read_text())
CODE = re.compile(r"(?:[0-9A-Z]{4}-){13}[0-9A-Z]{4}")


def guardian(*arguments, cwd=None):
    return subprocess.run([GUARDIAN, *map(str, arguments)], capture_output=True, timeout=120, text=True, cwd=cwd, stdin=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def codes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("codes")
    for name in ("owner", "other"):
        (folder / name).write_text(KNOWN[f"{name}Code"])
    return folder


@pytest.mark.parametrize("case", KNOWN["cases"], ids=lambda case: case["file"])
def test_a_vector_opens_or_is_refused_as_specified(tmp_path, codes, case):
    output = tmp_path / "clip"
    done = guardian("archive", "open", VECTORS / case["file"], "--code-file", codes / case["owner"], "--output", output)
    if case["expect"] == "refused":
        assert done.returncode == 1
        assert not os.listdir(tmp_path)
        assert len(done.stderr.strip().splitlines()) == 1
        return
    assert done.returncode == 0, done.stderr
    assert hashlib.sha256(output.read_bytes()).hexdigest() == case["sha256"]
    assert ("interrupted" in done.stdout) == (case["expect"] == "interrupted")


def test_a_clip_cut_inside_a_segment_opens_with_partial(tmp_path):
    owner, plaintext = Owner(), os.urandom(20_000)
    sealed = seal(plaintext, [(owner, "X-Wing")])
    (tmp_path / "cut.grdn").write_bytes(interrupt(sealed, 2) + sealed.bytes[sealed.body + 2 * 4096 :][:100])
    (tmp_path / "code").write_text(owner.code)
    arguments = ["archive", "open", tmp_path / "cut.grdn", "--code-file", tmp_path / "code", "--output", tmp_path / "clip"]
    assert guardian(*arguments).returncode == 1
    assert not (tmp_path / "clip").exists()
    done = guardian(*arguments, "--partial")
    assert done.returncode == 0
    assert "interrupted" in done.stdout
    assert (tmp_path / "clip").read_bytes() == plaintext[: 4040 + 4080]


def test_new_keys_are_shown_once_and_open_what_is_sealed_to_them(tmp_path):
    made = guardian("keys", "new", "--output", tmp_path / "owner.keys", "--page", tmp_path / "page.html")
    assert made.returncode == 0
    code = made.stdout.strip()
    assert CODE.fullmatch(code)
    keys = (tmp_path / "owner.keys").read_text()
    assert code not in keys and "guardian-recipient:X-Wing:" in keys and "X25519:" not in keys
    assert stat.S_IMODE((tmp_path / "page.html").stat().st_mode) == 0o600
    assert all(f"<li>{group}</li>" in (tmp_path / "page.html").read_text() for group in code.split("-"))
    (tmp_path / "code").write_text(code.lower().replace("-", " "))
    shown = guardian("keys", "show", "--code-file", tmp_path / "code")
    assert shown.stdout.strip() in keys
    assert guardian("keys", "show", "--key-file", tmp_path / "owner.keys").stdout == shown.stdout
    again = guardian("keys", "new", "--output", tmp_path / "owner.keys")
    assert again.returncode == 1 and not again.stdout
    without = guardian("archive", "open", VECTORS / "s4096-n1.grdn", "--key-file", tmp_path / "owner.keys", "--output", tmp_path / "clip")
    assert without.returncode == 1 and "recovery code" in without.stderr


def test_a_locked_secret_opens_only_with_its_passphrase(tmp_path, codes):
    (tmp_path / "right").write_text("correct horse\n")
    (tmp_path / "wrong").write_text("battery staple\n")
    keys = tmp_path / "owner.keys"
    locked = guardian("keys", "lock", "--code-file", codes / "owner", "--output", keys, "--passphrase-file", tmp_path / "right")
    assert locked.returncode == 0, locked.stderr
    arguments = ["archive", "open", VECTORS / "s4096-n4041.grdn", "--output", tmp_path / "clip", "--key-file", keys, "--passphrase-file"]
    wrong = guardian(*arguments, tmp_path / "wrong")
    assert wrong.returncode == 1 and "passphrase is wrong" in wrong.stderr and not (tmp_path / "clip").exists()
    assert guardian(*arguments, tmp_path / "right").returncode == 0
    assert (tmp_path / "clip").stat().st_size == 4041
    shown = guardian("keys", "show", "--key-file", keys, "--passphrase-file", tmp_path / "right", "--code")
    assert shown.stdout.strip() == KNOWN["ownerCode"]


def test_new_keys_under_a_passphrase_open_clips(tmp_path):
    (tmp_path / "passphrase").write_text("correct horse")
    keys = tmp_path / "owner.keys"
    made = guardian("keys", "new", "--output", keys, "--passphrase-file", tmp_path / "passphrase")
    shown = guardian("keys", "show", "--key-file", keys, "--passphrase-file", tmp_path / "passphrase", "--code")
    assert made.stdout == shown.stdout


def test_a_resealed_clip_opens_for_the_new_recipient_and_not_for_the_dropped_one(tmp_path):
    owner, lawyer = Owner(), Owner()
    plaintext = os.urandom(9_000)
    sealed = seal(plaintext, [(owner, "X-Wing")])
    (tmp_path / "clip.grdn").write_bytes(sealed.bytes)
    for name, each in (("owner", owner), ("lawyer", lawyer)):
        (tmp_path / name).write_text(each.code)
    recipient = guardian("keys", "show", "--code-file", tmp_path / "lawyer").stdout.strip()
    mine = guardian("keys", "show", "--code-file", tmp_path / "owner").stdout.split(":")[2]

    def opens(file, who):
        done = guardian("archive", "open", tmp_path / file, "--code-file", tmp_path / who, "--output", tmp_path / "out")
        return done.returncode == 0 and (tmp_path / "out").read_bytes() == plaintext

    both = guardian("archive", "reseal", tmp_path / "clip.grdn", "--code-file", tmp_path / "owner", "--add", recipient, "--output", tmp_path / "both.grdn")
    assert both.returncode == 0, both.stderr
    assert opens("both.grdn", "owner") and opens("both.grdn", "lawyer") and not opens("clip.grdn", "lawyer")
    one = guardian("archive", "reseal", tmp_path / "both.grdn", "--code-file", tmp_path / "lawyer", "--drop", mine, "--output", tmp_path / "both.grdn")
    assert one.returncode == 0, one.stderr
    assert opens("both.grdn", "lawyer") and not opens("both.grdn", "owner")
    no_recipient = guardian("archive", "reseal", tmp_path / "clip.grdn", "--code-file", tmp_path / "owner", "--drop", mine, "--output", tmp_path / "none.grdn")
    assert no_recipient.returncode == 1 and not (tmp_path / "none.grdn").exists()


def test_verify_says_what_is_proven_and_what_is_refuted(tmp_path, codes):
    file = VECTORS / "s4096-n8120.grdn"
    fine = guardian("archive", "verify", file, "--code-file", codes / "owner")
    assert fine.returncode == 0 and "proven: It opens to its last segment" in fine.stdout
    damaged = bytearray(file.read_bytes())
    damaged[-1] ^= 1
    (tmp_path / "damaged.grdn").write_bytes(damaged)
    refuted = guardian("archive", "verify", tmp_path / "damaged.grdn", "--code-file", codes / "owner")
    assert refuted.returncode == 1 and "refuted:" in refuted.stdout


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda ending: ending.name)
def test_a_signal_at_the_passphrase_prompt_restores_the_terminal(tmp_path, codes, ending):
    terminal, child = pty.openpty()
    has_echo = lambda: bool(termios.tcgetattr(child)[3] & termios.ECHO)  # noqa: E731
    asking = subprocess.Popen(
        [GUARDIAN, "keys", "lock", "--code-file", codes / "owner", "--output", tmp_path / "owner.keys"], stdin=child, stdout=child, stderr=child,
    )
    try:
        assert has_echo()
        until(lambda: not has_echo(), 60, "the command prompts for the passphrase")
        asking.send_signal(ending)
        assert asking.wait(60) == -ending
        assert has_echo()
    finally:
        asking.kill()
        asking.wait()
        os.close(terminal)
        os.close(child)


def test_a_passphrase_is_asked_for_twice_and_never_shown(tmp_path, codes):
    terminal, child = pty.openpty()
    keys = tmp_path / "owner.keys"
    asking = subprocess.Popen([GUARDIAN, "keys", "lock", "--code-file", codes / "owner", "--output", keys], stdin=child, stdout=child, stderr=child)
    shown = b""
    try:
        for prompt in (b"A passphrase for the secret: ", b"The same again: "):
            while not shown.endswith(prompt):
                shown += os.read(terminal, 1024)
            os.write(terminal, b"correct horse\n")
        assert asking.wait(60) == 0
        assert termios.tcgetattr(child)[3] & termios.ECHO
    finally:
        asking.kill()
        asking.wait()
        os.close(child)
        os.close(terminal)
    assert b"horse" not in shown
    (tmp_path / "right").write_text("correct horse")
    opened = guardian("keys", "show", "--key-file", keys, "--passphrase-file", tmp_path / "right", "--code")
    assert opened.stdout.strip() == KNOWN["ownerCode"]


def test_a_token_is_sent_only_over_https(tmp_path, secure_site):
    site, authority = secure_site
    (tmp_path / "token").write_text("t0p-secret\n")
    site.answers["/api/v1/archive"] = (200, {"items": [], "nextCursor": None})
    proof = ["--token-file", tmp_path / "token", "--authority", authority]
    listed = guardian("archive", "list", "--node", site.base, *proof)
    assert listed.returncode == 0, listed.stderr
    assert {headers.get("authorization") for _, _, headers, _ in site.requests} == {"Bearer t0p-secret"}
    # A server on this machine is never asked unencrypted, whatever the address says.
    assert guardian("archive", "list", "--node", site.base.replace("https:", "http:"), *proof).returncode == 0
    assert guardian("archive", "list", "--node", site.base, "--authority", authority).returncode == 0
    assert "authorization" not in site.requests[-1][2]
    count = len(site.requests)
    unknown = guardian("archive", "list", "--node", site.base, "--token-file", tmp_path / "token")
    assert unknown.returncode == 1 and "--authority" in unknown.stderr and len(site.requests) == count
    refused = guardian("archive", "list", "--node", "http://node.example:8490", "--token-file", tmp_path / "token")
    assert refused.returncode == 1 and "https" in refused.stderr and "t0p" not in refused.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["archive", "open", "clip.grdn", "--output", "out"],
        ["archive", "open", "clip.grdn", "--code-file", "a", "--key-file", "b", "--output", "out"],
        ["archive", "open", "clip.grdn", "--code-file", "a"],
        ["archive", "reseal", "clip.grdn", "--code-file", "a", "--output", "out"],
        ["keys", "new"],
        ["keys", "lock", "--output", "out"],
    ],
    ids=" ".join,
)
def test_missing_or_conflicting_options_are_a_usage_error(tmp_path, arguments):
    done = guardian(*arguments, cwd=tmp_path)
    assert done.returncode == 64 and done.stderr and not os.listdir(tmp_path)


@pytest.mark.parametrize("command", [["archive", "open"], ["archive", "verify"], ["archive", "reseal"], ["keys", "new"], ["keys", "show"], ["keys", "lock"]], ids=" ".join)
def test_every_command_has_an_example(command):
    assert "Example: guardian " + " ".join(command) in guardian(*command, "--help").stdout
