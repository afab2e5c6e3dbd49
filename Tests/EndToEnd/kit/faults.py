"""When what is killed: moments that nobody chose, but that can be had again."""

import os
import time


def seed():
    """Of this run's chance; GUARDIAN_FAULT_SEED gives an earlier one again."""
    chosen = int(os.environ.get("GUARDIAN_FAULT_SEED") or time.time())
    print(f"\nGUARDIAN_FAULT_SEED={chosen}")
    return chosen


def plan(chance, parts, kills, seconds, apart):
    """(seconds, part) in order: each part so many times, at random moments at least `apart` seconds from each other."""
    victims = [part for part in parts for _ in range(kills)]
    chance.shuffle(victims)
    spare = seconds - 5 - apart * len(victims)
    assert spare > 0, "there is no time for so many kills"
    marks = sorted(chance.uniform(0, spare) for _ in victims)
    return [(3 + mark + apart * index, part) for index, (mark, part) in enumerate(zip(marks, victims))]
