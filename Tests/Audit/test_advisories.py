"""Affected versions fail, fixed ones do not, exceptions end, and an old list is only a warning."""

import datetime
import json
import pathlib
import tempfile
import unittest
from unittest import mock

import context  # noqa: F401

import advisories
import swift_packages
import versions
from component import Component

TODAY = datetime.date(2026, 11, 26)


def swift(version):
    return Component("swift", "swift-nio", version, "", "SwiftURL", "github.com/apple/swift-nio")


def advisory(**changes):
    return {
        "id": "GHSA-1", "aliases": [], "ecosystem": "SwiftURL", "package": "github.com/apple/swift-nio", "summary": "it ends",
        "ranges": [{"introduced": "2.0.0", "fixed": "2.100.0"}], **changes,
    }


def sentences(part, *listed, allowed=None):
    return [sentence for _, _, sentence in advisories.findings([part], listed, allowed or {})]


class Findings(unittest.TestCase):
    def test_a_version_in_the_range_is_found_and_others_are_not(self):
        for version, count in [("1.9.9", 0), ("2.0.0", 1), ("2.99.9", 1), ("2.100.0-beta.1", 1), ("2.100.0", 0), ("2.101.2", 0)]:
            self.assertEqual(len(sentences(swift(version), advisory())), count, version)

    def test_a_name_without_an_address_is_the_package_of_that_name(self):
        self.assertEqual(len(sentences(swift("2.1.0"), advisory(package="swift-nio"))), 1)
        self.assertEqual(len(sentences(swift("2.1.0"), advisory(package="nio"))), 0)
        self.assertEqual(len(sentences(swift("2.1.0"), advisory(package="GitHub.com/Apple/Swift-NIO"))), 1)

    def test_another_ecosystem_is_another_package(self):
        self.assertEqual(sentences(swift("2.1.0"), advisory(ecosystem="PyPI")), [])

    def test_a_range_without_a_fix_and_one_that_ends_with_an_affected_version(self):
        self.assertEqual(len(sentences(swift("9.0.0"), advisory(ranges=[{"introduced": "0"}]))), 1)
        last = advisory(ranges=[{"introduced": "0", "last_affected": "2.1.2"}])
        self.assertEqual([len(sentences(swift(each), last)) for each in ("2.1.2", "2.1.3")], [1, 0])

    def test_a_version_that_cannot_be_read_counts_as_affected(self):
        self.assertIn("cannot be compared", sentences(swift("main"), advisory())[0])

    def test_a_version_that_only_the_manifest_allows_is_found(self):
        found = sentences(swift("2.101.2"), advisory(), allowed={"github.com/apple/swift-nio": "2.99.0"})
        self.assertEqual(len(found), 1)
        self.assertIn("Package.swift allows 2.99.0", found[0])

    def test_debian_counts_the_version_of_the_source(self):
        part = Component(
            "debian", "libavformat59", "7:5.1.6-0+deb12u1", "", "Debian", "ffmpeg",
            notes=(("source", "ffmpeg 7:5.1.6-0+deb12u1"),))
        listed = advisory(ecosystem="Debian", package="ffmpeg", ranges=[{"introduced": "0", "fixed": "7:5.1.7-0+deb12u1"}])
        self.assertEqual(len(sentences(part, listed)), 1)


class Exceptions(unittest.TestCase):
    found = [(advisory(), "github.com/apple/swift-nio", "swift-nio 2.1.0 is affected")]

    def judged(self, *exceptions):
        return advisories.judged(self.found, list(exceptions), TODAY)

    def exception(self, **changes):
        return {
            "advisory": "GHSA-1", "package": "github.com/apple/swift-nio", "reason": "the decoder is not used", "until": "2026-12-31",
            **changes,
        }

    def test_without_an_exception_a_finding_is_a_problem(self):
        self.assertEqual([len(each) for each in self.judged()], [1, 0])

    def test_an_exception_makes_it_a_warning_until_its_last_day(self):
        self.assertEqual([len(each) for each in self.judged(self.exception())], [0, 1])
        self.assertEqual([len(each) for each in self.judged(self.exception(until="2026-11-26"))], [0, 1])
        problems, _ = self.judged(self.exception(until="2026-11-25"))
        self.assertIn("ended on 2026-11-25", problems[0])

    def test_an_exception_needs_reason_and_end_and_covers_its_own_package_only(self):
        for key in ("reason", "until"):
            self.assertTrue(any("lacks " + key in each for each in self.judged(self.exception(**{key: ""}))[0]))
        problems, warnings = self.judged(self.exception(package="github.com/apple/swift-log"))
        self.assertEqual(len(problems), 1)
        self.assertTrue(any("nothing needs" in each for each in warnings))


class Age(unittest.TestCase):
    def test_a_list_older_than_180_days_is_a_warning_and_no_problem(self):
        with tempfile.TemporaryDirectory() as folder:
            listed, none = pathlib.Path(folder) / "list.json", pathlib.Path(folder) / "none.json"
            none.write_text("[]")
            with mock.patch.multiple(advisories, LIST=listed, EXCEPTIONS=none):
                for days, count in [(180, 0), (181, 1)]:
                    date = TODAY - datetime.timedelta(days=days)
                    listed.write_text(json.dumps({"date": date.isoformat(), "advisories": []}))
                    result = advisories.check([], TODAY)
                    self.assertEqual((len(result.warnings), result.problems), (count, []), days)


class Versions(unittest.TestCase):
    def test_each_ecosystem_orders_as_it_does_itself(self):
        for ecosystem, older, newer in [
            ("SwiftURL", "1.9.0", "1.10.0"), ("SwiftURL", "1.0.0-alpha", "1.0.0-alpha.1"), ("SwiftURL", "1.0.0-9", "1.0.0-alpha"),
            ("SwiftURL", "5.9", "5.9.1"), ("SwiftURL", "0", "0.0.1"),
            ("PyPI", "1.0rc1", "1.0"), ("PyPI", "1.9", "1.10.post1"),
            ("Debian", "3.0.19-1~deb12u1", "3.0.19-1~deb12u2"), ("Debian", "1:1.2.13", "2:1.0"), ("Debian", "1.0~rc1", "1.0"),
        ]:
            self.assertTrue(versions.is_older(ecosystem, older, newer), (ecosystem, older, newer))
            self.assertFalse(versions.is_older(ecosystem, newer, older), (ecosystem, newer, older))
            self.assertFalse(versions.is_older(ecosystem, newer, newer))

    def test_what_is_no_version_is_refused(self):
        for ecosystem, text in [("SwiftURL", "main"), ("PyPI", "not a version"), ("Debian", "no: version")]:
            with self.assertRaises(ValueError, msg=ecosystem):
                versions.is_older(ecosystem, text, "1.0.0")


class Manifest(unittest.TestCase):
    def test_the_oldest_allowed_versions_are_read_from_the_manifest(self):
        text = '.package(url: "https://github.com/jpsim/Yams.git", from: "6.2.0"),\n.package(url: "https://example.org/a", from: "1.0.0")'
        self.assertEqual(swift_packages.oldest_allowed(text), {"github.com/jpsim/yams": "6.2.0", "example.org/a": "1.0.0"})

    def test_every_package_of_our_manifest_is_read(self):
        manifest = (context.ROOT / "Package.swift").read_text()
        self.assertEqual(len(swift_packages.oldest_allowed()), manifest.count(".package(url:"))


if __name__ == "__main__":
    unittest.main()
