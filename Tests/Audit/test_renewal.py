"""What OSV and GitHub say becomes our list; nothing is asked over a network here."""

import datetime
import unittest

import context  # noqa: F401

import renewal
from component import Component

PARTS = [
    Component("swift", "swift-nio", "2.101.2", "", "SwiftURL", "github.com/apple/swift-nio"),
    Component("python", "requests", "2.34.2", "", "PyPI", "requests"),
    Component("debian", "libxml2", "2.9.14", "", "Debian", "libxml2"),
    Component("own", "CSandbox", "", ""),
]
TODAY = datetime.date(2026, 11, 26)


def record(name, ecosystem, package, events, **more):
    affected = {"package": {"ecosystem": ecosystem, "name": package}, "ranges": [{"type": "SEMVER", "events": events}]}
    return {"id": name, "summary": f"about {package}", "aliases": [], "affected": [affected], **more}


class Server:
    """Answers as api.osv.dev and api.github.com do; the first query has a second page."""

    def __init__(self, records, github=()):
        self.records, self.github, self.asked = {each["id"]: each for each in records}, github, []

    def __call__(self, url, body=None):
        self.asked.append((url, body))
        if url.endswith("/querybatch"):
            return {"results": [self.result(query) for query in body["queries"]]}
        if "/vulns/" in url:
            return self.records[url.rsplit("/", 1)[-1]]
        return list(self.github)

    def result(self, query):
        matching = [
            {"id": name} for name, each in self.records.items()
            if any(one["package"] == query["package"] for one in each["affected"])
        ]
        if "page_token" in query:
            return {"vulns": matching[1:]}
        return {"vulns": matching[:1], **({"next_page_token": "next"} if len(matching) > 1 else {})}


def renewed(records, github=(), known=()):
    server = Server(records, github)
    return renewal.renewed(PARTS, {"advisories": list(known)}, TODAY, server), server


class Renewal(unittest.TestCase):
    def test_all_pages_and_both_spellings_of_a_swift_package_are_asked_for(self):
        new, _ = renewed([
            record("GHSA-1", "SwiftURL", "github.com/apple/swift-nio", [{"introduced": "0"}, {"fixed": "2.42.0"}]),
            record("GHSA-2", "SwiftURL", "github.com/apple/swift-nio", [{"introduced": "0"}, {"fixed": "2.100.0"}]),
            record("GHSA-3", "SwiftURL", "swift-nio", [{"introduced": "1.0.0"}, {"last_affected": "2.1.0"}]),
        ])
        self.assertEqual([each["id"] for each in new["advisories"]], ["GHSA-1", "GHSA-2", "GHSA-3"])
        self.assertEqual(new["advisories"][2]["ranges"], [{"introduced": "1.0.0", "last_affected": "2.1.0"}])
        self.assertEqual(new["date"], "2026-11-26")

    def test_several_ranges_of_one_record_are_kept_and_withdrawn_records_are_not(self):
        events = [{"introduced": "0"}, {"fixed": "2.29.1"}, {"introduced": "2.39.0"}, {"fixed": "2.39.1"}]
        new, _ = renewed([
            record("GHSA-1", "PyPI", "requests", events),
            record("GHSA-2", "PyPI", "requests", events, withdrawn="2026-01-01T00:00:00Z"),
        ])
        self.assertEqual([each["id"] for each in new["advisories"]], ["GHSA-1"])
        self.assertEqual(len(new["advisories"][0]["ranges"]), 2)

    def test_of_debian_only_this_release_and_what_an_update_fixes(self):
        fixed = record("DEBIAN-CVE-1", "Debian:12", "libxml2", [{"introduced": "0"}, {"fixed": "2.9.14+dfsg-1.3~deb12u5"}])
        unfixed = record("DEBIAN-CVE-2", "Debian:12", "libxml2", [{"introduced": "0"}])
        fixed["affected"].append(
            {"package": {"ecosystem": "Debian:13", "name": "libxml2"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "9"}]}]})
        new, _ = renewed([fixed, unfixed])
        self.assertEqual([(each["id"], each["ranges"]) for each in new["advisories"]], [
            ("DEBIAN-CVE-1", [{"introduced": "0", "fixed": "2.9.14+dfsg-1.3~deb12u5"}])])

    def test_what_a_repository_publishes_itself_is_added(self):
        github = [
            {"ghsa_id": "GHSA-9", "cve_id": "CVE-9", "state": "published", "summary": "a double free",
             "vulnerabilities": [{"vulnerable_version_range": ">= 3.2.0, <= 4.5.0"}]},
            {"ghsa_id": "GHSA-8", "state": "draft", "vulnerabilities": [{"vulnerable_version_range": "< 1.0.0"}]},
        ]
        new, server = renewed([], github)
        self.assertEqual([(each["id"], each["aliases"], each["ranges"]) for each in new["advisories"]], [
            ("GHSA-9", ["CVE-9"], [{"introduced": "3.2.0", "last_affected": "4.5.0"}])])
        self.assertIn("https://api.github.com/repos/apple/swift-nio/security-advisories?per_page=100", [url for url, _ in server.asked])

    def test_entries_made_by_hand_stay_until_a_source_has_them(self):
        by_hand = {
            "id": "GHSA-7", "aliases": ["CVE-7"], "ecosystem": "PyPI", "package": "requests", "summary": "", "by_hand": True,
            "ranges": [{"introduced": "0", "fixed": "1.0"}]}
        new, _ = renewed([], known=[by_hand])
        self.assertEqual(new["advisories"], [by_hand])
        found = record("CVE-7", "PyPI", "requests", [{"introduced": "0"}, {"fixed": "1.0"}])
        new, _ = renewed([found], known=[by_hand])
        self.assertEqual([each["id"] for each in new["advisories"]], ["CVE-7"])

    def test_only_names_are_sent(self):
        _, server = renewed([])
        sent = [query for _, body in server.asked if body for query in body["queries"]]
        self.assertEqual({key for query in sent for key in query}, {"package"})


if __name__ == "__main__":
    unittest.main()
