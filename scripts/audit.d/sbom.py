"""Writes the list of parts (SBOM) as CycloneDX 1.6 JSON, and validates it against the schema."""

import datetime
import json
import os
import uuid

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from repository import BUILD
from result import Result

FILE = BUILD / "sbom.json"


def check(parts):
    document = json.dumps(bom(parts), indent=1, sort_keys=True) + "\n"
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(document)
    problem = JsonStrictValidator(SchemaVersion.V1_6).validate_str(document)
    has_debian = any(part.kind == "debian" for part in parts)
    return Result(
        f"{len(parts)} parts, in .build/sbom.json",
        warnings=[] if has_debian else ["this system has no dpkg: its libraries are not in .build/sbom.json"],
        problems=[f".build/sbom.json does not follow the schema of CycloneDX 1.6: {problem}"] if problem else [],
    )


def bom(parts):
    """Returns the document. SOURCE_DATE_EPOCH, in seconds since 1970, makes it the same for the same parts."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    now = datetime.datetime.fromtimestamp(int(epoch), datetime.UTC) if epoch else datetime.datetime.now(datetime.UTC)
    components = [entry(part) for part in parts]
    content = json.dumps(components, sort_keys=True)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, content)}",
        "version": 1,
        "metadata": {
            "timestamp": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {
                "type": "application", "bom-ref": "guardian", "name": "guardian",
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            },
            "tools": {"components": [{"type": "application", "name": "scripts/audit"}]},
        },
        "components": components,
        "dependencies": [
            {"ref": "guardian", "dependsOn": sorted(reference(part) for part in parts if part.direct and part.shipped)}
        ],
    }


def entry(part):
    properties = [("guardian:kind", part.kind), ("guardian:direct", str(part.direct).lower())]
    properties += [(f"guardian:{name}", value) for name, value in part.notes]
    found = {
        "type": "library",
        "bom-ref": reference(part),
        "name": part.name,
        "scope": "required" if part.shipped else "excluded",
        "properties": [{"name": name, "value": value} for name, value in properties],
    }
    if part.version:
        found["version"] = part.version
    if part.purl:
        found["purl"] = part.purl
    if part.hashes:
        found["hashes"] = [{"alg": name, "content": value} for name, value in part.hashes]
    return found


def reference(part):
    return f"{part.kind}/{part.name}@{part.version}"
