"""Renews security/advisories.json from OSV and from the advisories that Swift packages publish on GitHub.

Not all of the latter reach OSV. Entries with `by_hand` stay as long as neither source has them.
"""

import datetime
import json
import re
import sys
import urllib.error
import urllib.parse
import urllib.request

import components
from advisories import LIST

OSV = "https://api.osv.dev/v1"
GITHUB = "https://api.github.com/repos"
# OSV keeps Debian's advisories per release; only those with a fixed version say what an update would mend.
ECOSYSTEMS = {"SwiftURL": "SwiftURL", "PyPI": "PyPI", "Debian": "Debian:12"}
SECONDS, BYTES, PAGES, BATCH = 30, 32 << 20, 100, 500


def request(url, body=None):
    """Returns the JSON of an answer. Raises OSError or ValueError when there is none."""
    data = json.dumps(body).encode() if body is not None else None
    headers = {"Accept": "application/json", "User-Agent": "guardian-advisories"}
    with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=SECONDS) as answer:
        content = answer.read(BYTES + 1)
    if len(content) > BYTES:
        raise ValueError(f"{url} sent more than {BYTES} bytes")
    return json.loads(content)


def renewed(parts, known, today, ask=request):
    """Returns the new content of the file."""
    packages = sorted({(part.ecosystem, part.source) for part in parts if part.ecosystem})
    found = {}
    for entry in [*from_osv(packages, ask), *from_github(packages, ask)]:
        found.setdefault((entry["id"], entry["ecosystem"], entry["package"].lower()), entry)
    ids = {name for entry in found.values() for name in (entry["id"], *entry["aliases"])}
    for entry in known["advisories"]:
        if entry.get("by_hand") and not ids & {entry["id"], *entry["aliases"]}:
            found[(entry["id"], entry["ecosystem"], entry["package"].lower())] = entry
    ordered = [found[key] for key in sorted(found, key=lambda key: (key[1], key[2], key[0]))]
    return {"date": today.isoformat(), "source": "OSV and GitHub, by scripts/advisories", "advisories": ordered}


def from_osv(packages, ask):
    names = []
    for ecosystem, package in packages:
        names.append((ecosystem, package))
        if ecosystem == "SwiftURL":
            names.append((ecosystem, package.rsplit("/", 1)[-1]))
    ids = set()
    for start in range(0, len(names), BATCH):
        queries = [{"package": {"ecosystem": ECOSYSTEMS[ecosystem], "name": name}} for ecosystem, name in names[start:start + BATCH]]
        for _ in range(PAGES):
            results = ask(f"{OSV}/querybatch", {"queries": queries})["results"]
            ids |= {each["id"] for result in results for each in result.get("vulns", [])}
            queries = [
                {**query, "page_token": result["next_page_token"]}
                for query, result in zip(queries, results) if result.get("next_page_token")
            ]
            if not queries:
                break
    wanted = {(ecosystem, name.lower()) for ecosystem, name in names}
    for name in sorted(ids):
        yield from entries_of(ask(f"{OSV}/vulns/{urllib.parse.quote(name)}"), wanted)


def entries_of(record, wanted):
    """Yields one entry per affected package of a record of OSV (ossf.github.io/osv-schema) that we have."""
    if record.get("withdrawn"):
        return
    spans = {}
    for affected in record.get("affected", []):
        package = affected.get("package", {})
        ecosystem = package.get("ecosystem", "").split(":")[0]
        name = package.get("name", "")
        if (ecosystem, name.lower()) not in wanted or (ecosystem == "Debian" and package["ecosystem"] != ECOSYSTEMS["Debian"]):
            continue
        found = [span for each in affected.get("ranges", []) if each["type"] != "GIT" for span in spans_of(each["events"])]
        found += [{"introduced": version, "last_affected": version} for version in affected.get("versions", [])] if not found else []
        if ecosystem == "Debian":
            found = [span for span in found if "fixed" in span]
        spans.setdefault((ecosystem, name), []).extend(found)
    for (ecosystem, name), found in spans.items():
        if found:
            yield entry(record["id"], record.get("aliases", []), ecosystem, name, record.get("summary") or "", found)


def spans_of(events):
    """Returns the ranges of a list of events: each begins with `introduced` and may have an end."""
    spans = []
    for event in events:
        if "introduced" in event:
            spans.append({"introduced": event["introduced"]})
        elif spans and ("fixed" in event or "last_affected" in event):
            spans[-1].update({key: event[key] for key in ("fixed", "last_affected") if key in event})
    return spans


def from_github(packages, ask):
    for ecosystem, address in packages:
        host, _, path = address.partition("/")
        if ecosystem != "SwiftURL" or host != "github.com":
            continue
        for record in ask(f"{GITHUB}/{path}/security-advisories?per_page=100"):
            spans = [
                span for each in record.get("vulnerabilities") or []
                if (span := span_of(each.get("vulnerable_version_range") or ""))
            ]
            if record.get("state") == "published" and spans:
                aliases = [record["cve_id"]] if record.get("cve_id") else []
                yield entry(record["ghsa_id"], aliases, ecosystem, address, record.get("summary") or "", spans)


def span_of(text):
    """Returns the range of a condition such as `>= 3.2.0, <= 4.5.0`; None when it has none."""
    span = {}
    for operator, version in re.findall(r"(<=|>=|<|=)\s*v?([0-9][\w.+-]*)", text):
        if operator == "=":
            span = {"introduced": version, "last_affected": version}
        else:
            span[{"<": "fixed", "<=": "last_affected", ">=": "introduced"}[operator]] = version
    return {"introduced": "0", **span} if span else None


def entry(name, aliases, ecosystem, package, summary, spans):
    return {
        "id": name, "aliases": sorted(aliases), "ecosystem": ecosystem, "package": package,
        "summary": " ".join(summary.split())[:160] or "no summary", "ranges": spans,
    }


def main():
    known = json.loads(LIST.read_text())
    try:
        new = renewed(components.everything(), known, datetime.date.today())
    except (OSError, ValueError, KeyError) as error:
        sys.exit(f"advisories: the list was left as it is: {error} (this needs a network that reaches api.osv.dev and api.github.com)")
    LIST.write_text(json.dumps(new, indent=1, ensure_ascii=False) + "\n")
    print(f"advisories: {len(new['advisories'])}, were {len(known['advisories'])}")


if __name__ == "__main__":
    main()
