"""Looks for secrets in all files of the repository: keys, tokens, and long random values that are assigned to a secret's name.

Fixtures that only look like secrets are named in security/fixtures.json: file, rule, the digests of the values, and a reason. A
value is never printed, only the first 48 bits of its SHA-256, from which a long random value cannot be guessed.
"""

import collections
import hashlib
import json
import math
import re

from repository import ROOT, SECURITY, tracked_files
from result import Result

FIXTURES = SECURITY / "fixtures.json"
LARGEST = 8 << 20

RULES = {
    # With the beginning of the key itself, in whatever quotes; the marker alone is in code that reads keys.
    "private-key": re.compile(
        r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:\\[nr]|[\s\"'+,\\]|[A-Z][\w-]+: [^\n]*\n){1,40}[0-9A-Za-z+/=]{16,}"),
    "aws-key": re.compile(r"\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b"),
    "github-token": re.compile(r"\b(?:gh[pousr]_[0-9A-Za-z]{36,255}|github_pat_[0-9A-Za-z_]{60,255})\b"),
    "gitlab-token": re.compile(r"\bglpat-[0-9A-Za-z_-]{20,}"),
    "slack-token": re.compile(r"\bxox[abeoprs]-[0-9A-Za-z-]{10,}|hooks\.slack\.com/services/T[0-9A-Z]+/B[0-9A-Z]+/[0-9A-Za-z]+"),
    "google-key": re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b"),
    "stripe-key": re.compile(r"\b[rs]k_live_[0-9A-Za-z]{20,}\b"),
    "guardian-token": re.compile(r"\bgdn_[0-9A-Za-z]{49}\b"),
    "signed-token": re.compile(r"\beyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{20,}"),
}
# `password = "…"`, `"apiKey": "…"`, `SECRET=…`: the name and the value.
ASSIGNMENT = re.compile(
    r"""(?ix) [\w-]{0,40} (?:passw(?:or)?d|passphrase|secret|api[_-]?key|access[_-]?key|private[_-]?key|token|credential) \w{0,20}
        ["']? \s* (?: :=? | = | \()+ \s* (?:[\w.]{1,40}\()? ["']? ([0-9A-Za-z+/=_-]{20,200}) (?![0-9A-Za-z+/=_.(-])"""
)
# Bits per character: words and identifiers stay below, Base64 of random bytes is above from about 24 characters on.
RANDOM = 4.0
CALM = re.compile(r"^(?:[A-Za-z]+|[0-9]+|[a-z_-]+|[A-Z_]+|(?:[A-Za-z][a-z]+[_-]?)+)$")


def check(folder=ROOT, fixtures=None):
    fixtures = json.loads(FIXTURES.read_text()) if fixtures is None else fixtures
    files, problems, used = tracked_files(folder), [], set()
    known = {(each["file"], each["rule"], digest): index for index, each in enumerate(fixtures) for digest in each["digests"]}
    for name in files:
        for line, rule, digest in found_in(folder / name):
            if (name, rule, digest) in known:
                used.add((name, rule, digest))
            else:
                problems.append(
                    f"{name}:{line}: this looks like a secret ({rule}, digest {digest}): if it is one, revoke it, since git "
                    "keeps it; if it is a fixture, name it in security/fixtures.json")
    problems += [
        f"security/fixtures.json: entry {index + 1} needs a reason" for index, each in enumerate(fixtures)
        if len(each.get("reason", "")) < 10
    ]
    problems += [
        f"security/fixtures.json: {name} has no {rule} with digest {digest} any more: remove it"
        for name, rule, digest in sorted(known.keys() - used)
    ]
    return Result(f"{len(files)} files, {len(fixtures)} known fixtures", problems)


def found_in(file):
    """Yields (line, rule, digest) for what looks like a secret. Files over 8 MiB and those with zero bytes are left out."""
    content = file.read_bytes()[:LARGEST + 1]
    if len(content) > LARGEST or b"\0" in content[:8192]:
        return
    text = content.decode("utf-8", "replace")
    for rule, pattern in RULES.items():
        for match in pattern.finditer(text):
            yield text.count("\n", 0, match.start()) + 1, rule, digest_of(match[0])
    for number, line in enumerate(text.split("\n"), 1):
        for match in ASSIGNMENT.finditer(line):
            if is_random(match[1]):
                yield number, "random-value", digest_of(match[1])


def digest_of(text):
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def is_random(text):
    """Returns whether a value looks random: letters and digits, more entropy per character than words have."""
    if CALM.match(text) or not re.search(r"[0-9]", text) or not re.search(r"[A-Za-z]", text):
        return False
    limit = 3.2 if re.fullmatch(r"[0-9a-f]{32,}|[0-9A-F]{32,}", text) else RANDOM
    return entropy(text) >= limit


def entropy(text):
    """Returns the Shannon entropy in bits per character."""
    return -sum(count / len(text) * math.log2(count / len(text)) for count in collections.Counter(text).values())
