"""Waits for conditions instead of fixed times."""

import time

# Seconds of a turn of `until_promptly` that count. On an idle machine a turn takes a tenth of a second.
TURN = 0.5


def until(condition, seconds, what):
    """Returns the first true value of `condition`, which is evaluated every 50 ms. Fails if there is none within `seconds`.

    `what` names the condition, such as "the node answers"."""
    return _until(condition, seconds, what, turn=seconds, most=seconds)


def until_promptly(condition, seconds, what):
    """As `until`, of what the product promises within so many seconds. A machine that is too busy for the test is too busy for the product, too: of a
    turn that takes longer than TURN, no more than TURN counts. Fails after six times as long in any case."""
    return _until(condition, seconds, what, turn=TURN, most=6 * seconds)


def _until(condition, seconds, what, turn, most):
    began = now = time.monotonic()
    counted, reason = 0, ""
    while counted < seconds and now - began < most:
        try:
            found = condition()
            if found:
                return found
        except (OSError, ValueError, KeyError, AssertionError) as error:
            reason = f" ({error})"
        time.sleep(0.05)
        before, now = now, time.monotonic()
        counted += min(now - before, turn)
    raise AssertionError(f"did not happen within {seconds} s: {what}{reason}")
