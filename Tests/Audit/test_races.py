"""Reports of the thread sanitizer are explained when both accesses are within a Mutex, and only then."""

import sys
import unittest

import context

sys.path.insert(0, str(context.ROOT / "scripts/sanitize.d"))
import races  # noqa: E402

REPORT = """noise before
==================
WARNING: ThreadSanitizer: Swift access race (pid=1)
  Modifying access of Swift variable at 0x1 by thread T4:
    #0 $s4signyyF /src/A.swift:34:42 (tests+0x1)
    #1 $s4signyyFTA /src/A.swift:{first}:21 (tests+0x2)
    #2 _dispatch_apply queue.c (libdispatch.so+0x3)

  Previous modifying access of Swift variable at 0x1 by thread T41:
    #0 $s4signyyF /src/A.swift:34:42 (tests+0x1)
    #1 $s4signyyFTA /src/A.swift:{second}:21 (tests+0x2)
    #9 $s4openyyF /src/A.swift:33:1 (tests+0x9)

  Location is stack of thread T41.
==================
noise after
"""


def source(file, line):
    return {("/src/A.swift", 33): "results.withLock { results in", ("/src/A.swift", 34): "results[batch] = result"}.get((file, line), "")


def explained(first, second):
    found = races.reports(REPORT.format(first=first, second=second))
    assert len(found) == 1
    return races.is_explained(found[0], source)


class Races(unittest.TestCase):
    def test_both_accesses_within_a_mutex_are_explained(self):
        self.assertTrue(explained(33, 33))

    def test_one_access_outside_is_not(self):
        # Further out, the second one is within a Mutex, which does not guard what it calls for others.
        self.assertFalse(explained(33, 35))
        self.assertFalse(explained(35, 33))

    def test_a_report_without_stacks_is_not(self):
        self.assertFalse(races.is_explained("WARNING: ThreadSanitizer: heap-use-after-free", source))

    def test_what_is_no_report_is_left_out(self):
        self.assertEqual(races.reports("==================\nnothing\n=================="), [])


if __name__ == "__main__":
    unittest.main()
