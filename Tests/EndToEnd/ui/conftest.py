"""The web UI in Chromium, against the shared demo."""

import pytest


@pytest.fixture(scope="package")
def base(demo):
    """Returns the address of the edge."""
    return demo.base
