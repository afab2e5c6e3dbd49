"""The browser of the tests."""

import shutil

# The shell is Chromium without a window of its own, which half of its time goes into.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def executable():
    """Returns the path of the browser, or `None`."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)
