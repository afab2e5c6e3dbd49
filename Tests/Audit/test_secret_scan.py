"""Planted secrets are found in a real git folder; words, numbers and named fixtures are not."""

import pathlib
import random
import string
import subprocess
import tempfile
import unittest

import context  # noqa: F401

import secret_scan

# Made here, so that this file has no text that looks like a secret.
LETTERS = string.ascii_letters + string.digits
CHANCE = random.Random(11)


def text(count, letters=LETTERS):
    return "".join(CHANCE.choice(letters) for _ in range(count))


PLANTED = {
    "private-key": "-----BEGIN " + "EC PRIVATE KEY-----\n" + text(64),
    "aws-key": "AKIA" + text(16, string.ascii_uppercase + string.digits),
    "github-token": "ghp_" + text(36),
    "gitlab-token": "glpat-" + text(20),
    "slack-token": "xoxb-" + text(24, string.digits),
    "google-key": "AIza" + text(35),
    "stripe-key": "sk_live_" + text(24),
    "guardian-token": "gdn_" + text(49),
    "signed-token": f"eyJ{text(20)}.eyJ{text(30)}.{text(40)}",
    "random-value": f'let databasePassword = "{text(32)}"',
}
HARMLESS = [
    'password = "correct horse battery staple"',
    'let tokenDescription = "thePasswordOfTheOwnerOfTheRecorder"',
    "token = request.headers.authorization",
    'passwordHashMemoryKibibytes: 65536',
    'api_key = "EXAMPLE-EXAMPLE-EXAMPLE-EXAMPLE"',
    "sha256=45cddc9490be69345cbdab64ca583be65987e864ca408038e648db99e10516cf",
    "https://github.com/apple/swift-nio.git",
]


class SecretScan(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = pathlib.Path(self.temporary.name)
        subprocess.run(["git", "init", "-q", str(self.folder)], check=True)

    def write(self, name, content, add=True):
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(content)
        if add:
            subprocess.run(["git", "-C", str(self.folder), "add", name], check=True)

    def problems(self, fixtures=()):
        return secret_scan.check(self.folder, list(fixtures)).problems

    def test_each_kind_of_planted_secret_is_found_at_its_line(self):
        for rule, secret in PLANTED.items():
            self.write(f"planted/{rule}.txt", f"first line\n{secret}\n")
        problems = self.problems()
        for rule in PLANTED:
            found = [each for each in problems if each.startswith(f"planted/{rule}.txt:2: ") and f"({rule}," in each]
            self.assertEqual(len(found), 1, rule)
        self.assertEqual(len(problems), len(PLANTED))

    def test_no_message_has_the_secret(self):
        self.write("a.txt", "\n".join(PLANTED.values()))
        printed = "\n".join(self.problems())
        for rule, secret in PLANTED.items():
            self.assertNotIn(secret[-16:], printed, rule)

    def test_a_file_that_git_would_add_is_looked_at_and_an_ignored_one_is_not(self):
        self.write(".gitignore", "ignored.txt\n")
        self.write("new.txt", PLANTED["github-token"], add=False)
        self.write("ignored.txt", PLANTED["github-token"], add=False)
        problems = self.problems()
        self.assertEqual(len(problems), 1)
        self.assertTrue(problems[0].startswith("new.txt:1: "))

    def test_a_private_key_is_found_in_every_form_and_its_marker_alone_is_not(self):
        begin, key = "-----BEGIN " + "PRIVATE KEY-----", text(64)
        for number, content in enumerate([
            f"{begin}\r\n{key}", f'"{begin}\\n{key}"', f'"{begin}\\n"\n    + "{key}"',
            f"{begin}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n{key}",
        ]):
            self.write(f"{number}.txt", content)
            self.assertEqual([each for each in self.problems() if each.startswith(f"{number}.txt:1: ")][:1], self.problems()[-1:], content)
        self.write("marker.txt", f'guard text.hasPrefix("{begin}") else {{ return nil }}')
        self.assertEqual([each for each in self.problems() if each.startswith("marker.txt")], [])

    def test_words_and_published_hashes_are_no_secrets(self):
        self.write("harmless.txt", "\n".join(HARMLESS))
        self.assertEqual(self.problems(), [])

    def test_a_fixture_covers_its_value_in_its_file_and_no_other_value(self):
        token = PLANTED["guardian-token"]
        self.write("fixture.txt", token + "\n")
        fixture = {
            "file": "fixture.txt", "rule": "guardian-token", "digests": [secret_scan.digest_of(token)],
            "reason": "a token of an account that only this test has",
        }
        self.assertEqual(self.problems([fixture]), [])
        self.write("fixture.txt", f"{token}\ngdn_{text(49)}\n")
        self.assertEqual(len(self.problems([fixture])), 1)

    def test_a_fixture_without_a_reason_or_without_its_value_is_a_problem(self):
        self.write("fixture.txt", PLANTED["guardian-token"])
        digest = secret_scan.digest_of(PLANTED["guardian-token"])
        lacking = {"file": "fixture.txt", "rule": "guardian-token", "digests": [digest], "reason": ""}
        self.assertIn("needs a reason", self.problems([lacking])[0])
        gone = {"file": "gone.txt", "rule": "aws-key", "digests": ["0123456789ab"], "reason": "a key of some example"}
        self.assertTrue(any("gone.txt has no aws-key" in each for each in self.problems([{**lacking, "reason": "an account of this test"}, gone])))


if __name__ == "__main__":
    unittest.main()
