"""Compares the parts with security/advisories.json, a list with its date; `make advisories` renews it.

A part inside an affected range fails the audit, unless security/exceptions.json says why it may stay and until when. An old
list is only a warning: a build that passed must not fail because nobody touched it.
"""

import datetime
import json

import swift_packages
import versions
from repository import SECURITY
from result import Result

LIST = SECURITY / "advisories.json"
EXCEPTIONS = SECURITY / "exceptions.json"
OLD = datetime.timedelta(days=180)


def check(parts, today=None):
    today = today or datetime.date.today()
    known = json.loads(LIST.read_text())
    exceptions = json.loads(EXCEPTIONS.read_text())
    found = findings(parts, known["advisories"], swift_packages.oldest_allowed())
    problems, warnings = judged(found, exceptions, today)
    age = today - datetime.date.fromisoformat(known["date"])
    if age > OLD:
        warnings.append(f"security/advisories.json is {age.days} days old: run make advisories where there is a network")
    return Result(f"{len(known['advisories'])} advisories of {known['date']}", problems, warnings)


def findings(parts, advisories, oldest_allowed):
    """Yields (advisory, package, sentence) for each part in an affected range, and for each affected version that
    Package.swift allows: Package.resolved is not committed, so another machine may get that one."""
    for advisory in advisories:
        for part in parts:
            if not part.ecosystem or not names(advisory, part):
                continue
            is_affected, why = affected(advisory, part.ecosystem, source_version(part))
            if is_affected:
                yield advisory, part.source, f"{part.name} {part.version} {why}"
            allowed = oldest_allowed.get(part.source.lower()) if part.kind == "swift" else None
            if allowed and allowed != part.version and affected(advisory, part.ecosystem, allowed)[0]:
                yield advisory, part.source, f"{part.name}: Package.swift allows {allowed}, which {why or 'is affected'}"


def names(advisory, part):
    """Returns whether an advisory is about a part. Some of OSV's name a Swift package without its address."""
    if advisory["ecosystem"] != part.ecosystem:
        return False
    name, source = advisory["package"].lower(), part.source.lower()
    return name == source or (part.ecosystem == "SwiftURL" and "/" not in name and name == source.rsplit("/", 1)[-1])


def source_version(part):
    """Returns the version that advisories count: Debian's are about source packages."""
    return dict(part.notes).get("source", "").partition(" ")[2] or part.version


def affected(advisory, ecosystem, version):
    """Returns whether a version is affected, and how that is said. A range that cannot be read counts as affected."""
    for span in advisory["ranges"]:
        try:
            if not versions.is_in(ecosystem, version, span):
                continue
        except ValueError as error:
            return True, f"cannot be compared with an affected range ({error})"
        return True, f"is affected; fixed in {span['fixed']}" if "fixed" in span else "is affected; there is no fix"
    return False, ""


def judged(found, exceptions, today):
    """Returns problems and warnings. An exception needs `advisory`, `package`, `reason` and `until` (the last day)."""
    problems, warnings, used = [], [], set()
    for index, exception in enumerate(exceptions):
        lacking = [key for key in ("advisory", "package", "reason", "until") if not str(exception.get(key, "")).strip()]
        if lacking:
            problems.append(f"security/exceptions.json: exception {index + 1} lacks {', '.join(lacking)}")
    for advisory, package, sentence in found:
        sentence = f"{sentence}: {advisory['id']} ({advisory['summary']})"
        excepted = [
            (index, exception) for index, exception in enumerate(exceptions)
            if exception.get("advisory") == advisory["id"] and exception.get("package") == package
        ]
        used |= {index for index, _ in excepted}
        valid = [each for _, each in excepted if each.get("reason") and each.get("until", "") >= today.isoformat()]
        if valid:
            warnings.append(f"{sentence}: accepted until {valid[0]['until']}: {valid[0]['reason']}")
        elif excepted:
            problems.append(f"{sentence}: its exception ended on {excepted[0][1].get('until')}")
        else:
            problems.append(f"{sentence}: raise its version, or give a reason and an end in security/exceptions.json")
    unused = [exception for index, exception in enumerate(exceptions) if index not in used]
    warnings += [f"security/exceptions.json: nothing needs the exception for {each.get('advisory')}" for each in unused]
    return problems, warnings
