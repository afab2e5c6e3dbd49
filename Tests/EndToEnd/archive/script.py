"""The Python opener of the docs, as somebody would run it."""

import subprocess
import sys

from kit.places import ROOT

SCRIPT = ROOT / "docs" / "reference" / "open-sealed-clip.py"


def run(clip, code, output, *device_key):
    """(verdict, plaintext): what it says, and what it wrote (`None` when nothing may be there)."""
    code_file = output.with_suffix(".code")
    code_file.write_text(code + "\n")
    output.unlink(missing_ok=True)
    done = subprocess.run([sys.executable, SCRIPT, clip, code_file, output, *device_key], capture_output=True, text=True, timeout=120)
    verdict = (done.stdout or done.stderr).strip()
    assert done.returncode == (1 if verdict.startswith("refused: ") else 0), done
    assert not output.with_name(output.name + ".part").exists()
    return verdict, output.read_bytes() if output.exists() else None
