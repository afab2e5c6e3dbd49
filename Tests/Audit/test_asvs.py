"""docs/design/asvs.md has every requirement of levels 1 and 2 once, and names only tests that exist."""

import re
import unittest

import context

PAGE = context.ROOT / "docs/design/asvs.md"
# Section → how many requirements of levels 1 and 2 it has. In ASVS 5.0.0 they come first in every section.
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5,
    "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4,
    "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
    "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3,
    "11.4": 4, "11.5": 1, "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4,
    "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4, "17.3": 2,
}
STATES = {"shown", "built", "differs", "open", "partly", "none"}
ROW = re.compile(r"^\| (V\d[^|]*?) \| ([^|]*?) ?\| ([^|]+?) \| ([^|]*?) ?\|$", re.MULTILINE)


class Asvs(unittest.TestCase):
    rows = ROW.findall(PAGE.read_text())

    def test_every_requirement_stands_there_once(self):
        wanted = sorted(f"V{section}.{number}" for section, count in SECTIONS.items() for number in range(1, count + 1))
        named = sorted(name for ids, _, _, _ in self.rows for name in ids.split(", "))
        self.assertEqual(named, wanted)

    def test_states_are_known_and_what_is_shown_or_differs_says_how(self):
        for ids, _, state, evidence in self.rows:
            self.assertIn(state, STATES, ids)
            if state in ("shown", "partly"):
                self.assertRegex(evidence, r"Tests/|make audit|scripts/lint", ids)
            if state in ("built", "differs"):
                self.assertTrue(evidence.strip(), ids)

    def test_every_named_file_and_rule_exists(self):
        text = PAGE.read_text()
        files = set(re.findall(r"`((?:Tests|scripts)/[\w./-]+)`", text))
        self.assertGreater(len(files), 30)
        self.assertEqual([name for name in sorted(files) if not (context.ROOT / name).exists()], [])
        links = re.findall(r"\]\(([^)#:]+)\)", text)
        self.assertEqual([link for link in links if not (PAGE.parent / link).exists()], [])
        rules = "".join(file.read_text() for file in (context.ROOT / "security/rules").glob("*.yaml"))
        for rule in re.findall(r"`((?:swift|web|python|c)-[a-z-]+)`", text):
            self.assertIn(f"- id: {rule}\n", rules)


if __name__ == "__main__":
    unittest.main()
