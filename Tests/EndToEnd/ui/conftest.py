"""The web UI in Chromium, against the shared demo, or against the edge that GUARDIAN_URL names."""

import os

import pytest

from kit.places import GUARDIAN

URL = os.environ.get("GUARDIAN_URL", "").rstrip("/")


@pytest.fixture(scope="session", autouse=True)
def built():
    if not URL and not GUARDIAN.exists():
        pytest.exit(f"{GUARDIAN} is missing: run make build", returncode=1)


if URL:

    @pytest.fixture(scope="package")
    def base():
        """Returns the address of the edge."""
        return URL

else:

    @pytest.fixture(scope="package")
    def base(demo):
        """Returns the address of the edge."""
        return demo.base
