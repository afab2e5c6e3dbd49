"""Fixtures of the package's tests: the package, and a root in which it is installed."""

import os

import pytest

from package.making import make, make_later
from package.root import ScratchRoot


@pytest.fixture(scope="session")
def package(tmp_path_factory):
    return make(tmp_path_factory.mktemp("package"))


@pytest.fixture(scope="session")
def later_package(package, tmp_path_factory):
    return make_later(package, tmp_path_factory.mktemp("later"))


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """This machine's own file system with what is written to it kept apart, without network and systemd."""
    if os.geteuid() != 0:
        pytest.skip("only root can install packages")
    scratch = ScratchRoot(tmp_path_factory.mktemp("root"))
    try:
        yield scratch
    finally:
        scratch.stop()
