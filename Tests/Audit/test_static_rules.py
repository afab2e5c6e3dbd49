"""Every static rule finds what it is for, and nothing beside it."""

import pathlib
import re
import shutil
import tempfile
import unittest

import context

import static_rules

SAMPLES = pathlib.Path(__file__).parent / "rules"
# Where the rules look for each kind of file.
PLACES = {".swift": "Sources/Sample", ".js": "Sources/GuardianHTTP/WebUI/ui", ".py": "scripts", ".c": "Sources/CSample"}
MARK = re.compile(r"(?://|#) (ruleid|ok): ([\w-]+)")


class StaticRules(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.expected, cls.silent, names = set(), set(), []
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            for sample in sorted(SAMPLES.iterdir()):
                name = f"{PLACES[sample.suffix]}/{sample.name}"
                names.append(name)
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(sample, folder / name)
                for number, line in enumerate(sample.read_text().splitlines(), 1):
                    for kind, rule in MARK.findall(line):
                        (cls.expected if kind == "ruleid" else cls.silent).add((name, number + 1, rule))
            found = static_rules.findings(folder, names)
            cls.found = {(each["path"], each["start"]["line"], each["check_id"].rsplit(".", 1)[-1]) for each in found}

    def test_what_is_marked_is_found_and_nothing_else(self):
        self.assertEqual(sorted(self.found - self.expected), [], "found beside what is marked")
        self.assertEqual(sorted(self.expected - self.found), [], "marked, and not found")

    def test_every_rule_is_shown_to_fire_and_to_be_silent(self):
        rules = set()
        for file in (context.ROOT / "security/rules").glob("*.yaml"):
            rules |= set(re.findall(r"^  - id: ([\w-]+)$", file.read_text(), re.MULTILINE))
        self.assertGreater(len(rules), 15)
        self.assertEqual(rules - {rule for _, _, rule in self.expected}, set(), "no sample fires")
        self.assertEqual(rules - {rule for _, _, rule in self.silent}, set(), "no sample is silent")


class Excuses(unittest.TestCase):
    def test_an_excuse_needs_a_rule_and_a_reason(self):
        word = "nosem" + "grep"
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "a.swift"
            for line, count in [
                (f"// {word}: swift-forced -- the table above has an entry for each", 0),
                (f"// {word}: swift-forced", 1),
                (f"// {word}", 1),
                (f"// {word} -- the table above has an entry for each", 1),
                ("// nothing to excuse", 0),
            ]:
                file.write_text(line + "\n")
                self.assertEqual(len(static_rules.unexplained(pathlib.Path(folder), ["a.swift"])), count, line)


if __name__ == "__main__":
    unittest.main()
