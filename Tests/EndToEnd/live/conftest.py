"""Live pictures of as many cameras as a house may have."""

import pytest

from ui.conftest import built, watched  # noqa: F401


@pytest.fixture(scope="package")
def base(tmp_path_factory):
    """Where the edge is."""
    with watched(tmp_path_factory.mktemp("live"), 9) as base:
        yield base
