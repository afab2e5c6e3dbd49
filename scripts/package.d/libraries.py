"""The shared libraries: which of them the package contains, and which packages of Debian have the others."""

import pathlib
import re
import subprocess
import tempfile

from places import stop


def swift_runtime(executable):
    """Returns the toolchain's libraries that an executable needs, each with those that it needs itself."""
    listed = subprocess.run(["ldd", executable], capture_output=True, text=True, check=True).stdout
    if "not found" in listed:
        stop(f"{executable} needs libraries that are not there:\n{listed}")
    paths = [pathlib.Path(path) for path in re.findall(r"=> (/\S+)", listed)]
    core = next((path for path in paths if path.name == "libswiftCore.so"), None)
    return [path for path in paths if core and path.parent == core.parent]


def strip(file):
    subprocess.run(["strip", "--strip-unneeded", file], check=True)


def search_beside(file):
    """Makes a program look for its libraries in its own folder only, not in that of this machine's toolchain."""
    subprocess.run(["chrpath", "--replace", "$ORIGIN", file], check=True, stdout=subprocess.DEVNULL)


def is_elf(file):
    with file.open("rb") as opened:
        return opened.read(4) == b"\x7fELF"


def debian_dependencies(tree):
    """Returns what dpkg-shlibdeps finds that the programs and libraries of a tree need, as the field Depends has it."""
    files = sorted(path for path in tree.rglob("*") if path.is_file() and not path.is_symlink() and is_elf(path))
    folders = sorted({file.parent for file in files})
    with tempfile.TemporaryDirectory() as folder:
        debian = pathlib.Path(folder) / "debian"
        debian.mkdir()
        (debian / "control").write_text("Source: guardian\n\nPackage: guardian\nArchitecture: any\n")
        ran = subprocess.run(
            ["dpkg-shlibdeps", "-O", "--ignore-missing-info", *(f"-l{each}" for each in folders), *(f"-e{file}" for file in files)],
            cwd=folder, capture_output=True, text=True,
        )
    if ran.returncode or "shlibs:Depends=" not in ran.stdout:
        stop(f"dpkg-shlibdeps failed:\n{ran.stderr}")
    return ran.stdout.partition("shlibs:Depends=")[2].splitlines()[0]
