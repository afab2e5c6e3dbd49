"""Runs the checks of scripts/audit one after another, and prints what each found and how long it took."""

import sys
import time

import advisories
import c_warnings
import components
import licences
import sbom
import secret_scan
import static_rules

CHECKS = {
    "parts": lambda: sbom.check(components.everything()),
    "advisories": lambda: advisories.check(components.everything()),
    "licences": lambda: licences.check(components.everything()),
    "secrets": secret_scan.check,
    "rules": static_rules.check,
    "c": c_warnings.check,
}


def main(wanted):
    unknown = [name for name in wanted if name not in CHECKS]
    if unknown:
        sys.exit(f"audit: there is no check {unknown[0]!r}: use {', '.join(CHECKS)}")
    failed = False
    for name in wanted or CHECKS:
        began = time.monotonic()
        result = CHECKS[name]()
        for warning in result.warnings:
            print(f"audit: warning: {warning}", file=sys.stderr)
        for problem in result.problems:
            print(f"audit: {problem}", file=sys.stderr)
        print(f"audit: {name}: {result.summary} ({time.monotonic() - began:.1f} s)", flush=True)
        failed |= bool(result.problems)
    if not failed:
        print("audit: clean")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
