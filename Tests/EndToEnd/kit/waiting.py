"""Waiting for conditions, never for time."""

import time


def until(condition, seconds, what):
    """The first true value of `condition`, asked often; fails with `what` when there is none in time."""
    limit = time.monotonic() + seconds
    reason = ""
    while time.monotonic() < limit:
        try:
            found = condition()
            if found:
                return found
        except (OSError, ValueError, KeyError, AssertionError) as error:
            reason = f" ({error})"
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds} s in vain: {what}{reason}")
