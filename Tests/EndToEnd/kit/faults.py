"""Random but reproducible times at which the fault tests kill processes."""

import os
import time


# True: run the fault tests at full length (`make torture`). False: the short selection of `make test`.
TORTURE = bool(os.environ.get("GUARDIAN_TORTURE"))


def seed():
    """Returns the seed of a test's random times: GUARDIAN_FAULT_SEED if set, else the time in `make torture` and 1 in `make test`."""
    chosen = int(os.environ.get("GUARDIAN_FAULT_SEED") or (time.time() if TORTURE else 1))
    print(f"\nGUARDIAN_FAULT_SEED={chosen}")
    return chosen


def plan(random, processes, kills, seconds, apart):
    """Returns (seconds from the start, process) in order: `kills` of each process, at random times at least `apart` seconds apart."""
    victims = [process for process in processes for _ in range(kills)]
    random.shuffle(victims)
    spare = seconds - 5 - apart * len(victims)
    assert spare > 0, "there is not enough time for so many kills"
    offsets = sorted(random.uniform(0, spare) for _ in victims)
    return [(3 + offset + apart * index, process) for index, (offset, process) in enumerate(zip(offsets, victims))]
