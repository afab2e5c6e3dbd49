"""QR codes of links, read by other people's software."""

import shlex
import subprocess

import pytest
import requests

from kit import qr
from kit.places import GUARDIAN
from kit.site import Site


@pytest.fixture(scope="module")
def recorder(tmp_path_factory):
    running = Site(tmp_path_factory.mktemp("qr"))
    yield running
    running.stop()


def draw(recorder, text):
    answer = requests.post(
        f"{recorder.base}/api/v1/qr-codes", json={"text": text}, verify=recorder.state / "web-authority" / "authority.pem", timeout=60,
        headers={"Authorization": f"Bearer {(recorder.state / 'local.token').read_text().strip()}"})
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "image/svg+xml", answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.text


@pytest.mark.parametrize("text", ["x", "https://recorder.local:8480/login#once=AbC_-123", "Grüße, 世界 😀", "0123456789" * 51 + "ab", "😀" * 512])
def test_a_text_is_read_as_it_was_sent(recorder, text):
    assert qr.of_svg(draw(recorder, text)) == text


def test_the_text_is_in_no_log(recorder):
    draw(recorder, "my-secret-link-77")
    assert "my-secret-link-77" not in recorder.process.printed()


def test_the_setup_link_is_drawn_on_a_terminal_and_when_it_is_asked_for(recorder):
    command = [str(GUARDIAN), "user", "setup-link", "--config", str(recorder.state.parent / "edge.yaml")]
    plain = subprocess.run(command, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    assert plain.returncode == 0 and plain.stdout.endswith(f"/setup#{recorder.secret}\n") and len(plain.stdout.splitlines()) == 1
    link = plain.stdout.strip()
    asked = subprocess.run([*command, "--qr"], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    first, *code = asked.stdout.splitlines()
    assert first == link and qr.of_terminal(code) == link
    # script(1) runs a command on a terminal of its own.
    seen = subprocess.run(["script", "-qec", shlex.join(command), "/dev/null"], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    lines = seen.stdout.splitlines()
    assert seen.returncode == 0 and link in lines
    assert qr.of_terminal([line for line in lines if line.startswith("\x1b[30;107m")]) == link
