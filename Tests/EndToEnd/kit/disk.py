"""A small disk for a folder of a test: it fills, becomes read-only, goes away and comes back."""

import os
import pathlib
import shutil
import subprocess

# Without the right to mount, a disk that goes away is a renamed folder, and it neither fills nor becomes read-only.
MOUNTS = os.geteuid() == 0 and subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode == 0


class Disk:
    """A file system of some megabytes at `folder`, which must not exist yet."""

    def __init__(self, folder, megabytes):
        self.folder = pathlib.Path(folder)
        self.disk = self.folder.with_name(f"{self.folder.name}-disk")
        self.disk.mkdir(parents=True)
        if MOUNTS:
            self._run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", self.disk)
        self.attach()

    def attach(self):
        if MOUNTS:
            self.folder.mkdir(exist_ok=True)
            self._run("mount", "--bind", self.disk, self.folder)
        else:
            if self.folder.exists():
                self.folder.rmdir()
            self.disk.rename(self.folder)

    def detach(self):
        """Takes the disk away and leaves an empty folder, whoever uses it."""
        if MOUNTS:
            self._run("umount", "--lazy", self.folder)
        else:
            self.folder.rename(self.disk)
            self.folder.mkdir()

    def read_only(self, on):
        """Lays a read-only mount of the disk over it, or takes that away. Making the mount itself read-only fails while a file
        on it is open for writing; such a file stays writable here."""
        if on:
            self._run("mount", "--bind", self.disk, self.folder)
            self._run("mount", "-o", "remount,bind,ro", self.folder)
        else:
            self._run("umount", "--lazy", self.folder)

    def fill(self, leave):
        """Fills the disk with a file until only so many bytes are free."""
        free = os.statvfs(self.disk).f_bavail * os.statvfs(self.disk).f_frsize
        with (self.disk / "filling").open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, free - leave))

    def empty(self):
        (self.disk / "filling").unlink()

    def remove(self):
        if MOUNTS:
            for folder in (self.folder, self.folder, self.disk):
                subprocess.run(["umount", "--lazy", folder], capture_output=True)
        shutil.rmtree(self.disk, ignore_errors=True)

    @staticmethod
    def _run(*command):
        subprocess.run([str(word) for word in command], check=True)
