"""Compiles our C without writing anything, with all warnings as errors. Package.swift builds it with the same flags; here it
is checked in a second, also with the headers that only Swift imports."""

import os
import shutil
import subprocess

from repository import ROOT
from result import Result

FLAGS = ["-fsyntax-only", "-std=gnu17", "-Wall", "-Wextra", "-Werror"]
MODULES = ["libavformat", "libavcodec", "libavutil", "libswscale", "libxml-2.0", "libsodium", "libcrypto", "libqrencode", "zlib"]


def check(folder=ROOT / "Sources"):
    headers = subprocess.run(["pkg-config", "--cflags", *MODULES], capture_output=True, text=True).stdout.split()
    problems, count = [], 0
    for target in sorted(folder.glob("C*")):
        for file in sorted([*target.rglob("*.c"), *target.glob("shim.h")]):
            count += 1
            problems += warnings_of(file, [f"-I{target / 'include'}", *headers])
    return Result(f"{count} files with -Wall -Wextra", problems or ([] if count else ["there is no C to compile"]))


def warnings_of(file, headers):
    # A header is compiled as what includes it, so that its own functions may be unused.
    source = [str(file)] if file.suffix == ".c" else ["-x", "c", "-include", str(file), os.devnull]
    done = subprocess.run([compiler(), *FLAGS, *headers, *source], capture_output=True, text=True)
    found = [line.removeprefix(f"{ROOT}/") for line in done.stderr.splitlines() if ": error:" in line or ": fatal error:" in line]
    return found if done.returncode == 0 or found else [f"{file} could not be compiled: {done.stderr.strip()[:300]}"]


def compiler():
    """Returns the clang of the Swift toolchain, which builds the product, else the system's compiler."""
    swift = shutil.which("swift")
    beside = os.path.join(os.path.dirname(os.path.realpath(swift)), "clang") if swift else ""
    return beside if os.path.exists(beside) else shutil.which("clang") or "cc"
