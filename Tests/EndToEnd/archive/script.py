"""Runs the Python opener of the documentation as a user would."""

import subprocess
import sys

from kit.places import ROOT

SCRIPT = ROOT / "docs" / "reference" / "open-sealed-clip.py"


def run(clip, code, output, *device_key):
    """Returns (verdict, plaintext): the printed line, and the output file's content (`None` if there is no file)."""
    code_file = output.with_suffix(".code")
    code_file.write_text(code + "\n")
    output.unlink(missing_ok=True)
    done = subprocess.run([sys.executable, SCRIPT, clip, code_file, output, *device_key], capture_output=True, text=True, timeout=120)
    verdict = (done.stdout or done.stderr).strip()
    assert done.returncode == (1 if verdict.startswith("refused: ") else 0), done
    assert not output.with_name(output.name + ".part").exists()
    return verdict, output.read_bytes() if output.exists() else None
