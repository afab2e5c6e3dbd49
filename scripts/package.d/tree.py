"""The files of the package, laid out in a folder as they are on a machine."""

import gzip
import hashlib
import shutil
import subprocess

import libraries
import licences
from places import BINARIES, ROOT, SOURCES, TOOLS, needed

SERVICES = ("edge", "ai", "node")
# Configuration that may hold passwords: for root, and for the service's group once that exists.
PRIVATE = ("etc/guardian/edge.yaml", "etc/guardian/node.yaml")
# Lists the recorder among the network's services (avahi.service(5)).
LISTING = "etc/avahi/services/guardian.service"
CONFIGURATION = (*(f"etc/guardian/{service}.yaml" for service in SERVICES), LISTING)


def build(tree, version, date, maintainer):
    """`date`: the time in the changelog, as RFC 5322 has it."""
    home = tree / "usr" / "lib" / "guardian"
    program = home / "guardian"
    copy(needed(BINARIES / "guardian", "run make build"), program)
    runtime = libraries.swift_runtime(program)
    for library in runtime:
        copy(library, home / library.name)
    for resources in sorted(BINARIES.glob("*.resources")):
        copy_folder(resources, home / resources.name)
    copy_folder(needed(TOOLS / "openvino" / "libs", licences.BOOTSTRAP), home / "openvino")
    copy_folder(needed(TOOLS / "model" / "model.xml", licences.BOOTSTRAP).parent, home / "model")
    # OpenVINO's libraries come stripped.
    for file in (program, *(home / library.name for library in runtime)):
        libraries.strip(file)
    libraries.search_beside(program)
    link = tree / "usr" / "bin" / "guardian"
    link.parent.mkdir(parents=True)
    link.symlink_to("../lib/guardian/guardian")
    for service in SERVICES:
        copy(SOURCES / "configuration" / f"{service}.yaml", tree / "etc" / "guardian" / f"{service}.yaml")
        copy(SOURCES / "units" / f"guardian-{service}.service", tree / "lib" / "systemd" / "system" / f"guardian-{service}.service")
    copy(SOURCES / "sysusers.conf", tree / "usr" / "lib" / "sysusers.d" / "guardian.conf")
    copy(SOURCES / "tmpfiles.conf", tree / "usr" / "lib" / "tmpfiles.d" / "guardian.conf")
    copy(SOURCES / "lintian-overrides", tree / "usr" / "share" / "lintian" / "overrides" / "guardian")
    copy(SOURCES / "avahi.service", tree / LISTING)
    write_documents(tree / "usr" / "share", runtime, version, date, maintainer)
    set_modes(tree, program)


def write_documents(share, runtime, version, date, maintainer):
    documents = share / "doc" / "guardian"
    # Of .../usr/lib/swift/linux, the toolchain's .../usr/share/swift.
    licence = runtime[0].parents[3] / "share" / "swift" / "LICENSE.txt" if runtime else ROOT / "LICENSE"
    licences.write(documents, licence)
    for name in ("configuration.md", "logs.md", "metrics.md"):
        copy(ROOT / "docs" / "reference" / name, documents / name)
    copy(ROOT / "docs" / "guide" / "install.md", documents / "install.md")
    changes = f"guardian ({version}) stable; urgency=medium\n\n  * Version {version}: see README.md of the sources, Changes that scripts notice.\n\n -- {maintainer}  {date}\n"
    compress(documents / "changelog.gz", changes)
    compress(share / "man" / "man1" / "guardian.1.gz", (SOURCES / "guardian.1").read_text().replace("@VERSION@", version))


def compress(file, text):
    """Without name and time, so that the same text makes the same bytes."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def copy(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def copy_folder(source, target):
    for file in sorted(path for path in source.rglob("*") if path.is_file()):
        copy(file, target / file.relative_to(source))


def set_modes(tree, program):
    """Modes that do not depend on the umask or on the modes of the checkout."""
    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o640 if str(path.relative_to(tree)) in PRIVATE else 0o644)
    program.chmod(0o755)


def kilobytes(tree):
    """Returns the size that the field Installed-Size has, in KiB."""
    return int(subprocess.run(["du", "--summarize", "--apparent-size", "--block-size=1024", tree], capture_output=True, text=True, check=True).stdout.split()[0])


def checksums(tree):
    lines = []
    for file in sorted(path for path in tree.rglob("*") if path.is_file() and not path.is_symlink()):
        relative = file.relative_to(tree)
        if relative.parts[0] not in ("DEBIAN", "etc"):
            with file.open("rb") as opened:
                lines.append(f"{hashlib.file_digest(opened, 'md5').hexdigest()}  {relative}\n")
    return "".join(lines)
