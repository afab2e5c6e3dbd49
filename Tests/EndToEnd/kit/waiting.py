"""Waits for conditions instead of fixed times."""

import time


def until(condition, seconds, what):
    """Returns the first true value of `condition`, which is evaluated every 50 ms. Fails if there is none within `seconds`.

    `what` names the condition, such as "the node answers"."""
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
    raise AssertionError(f"did not happen within {seconds} s: {what}{reason}")
