"""The operations of a server, from the OpenAPI document that it serves."""

import dataclasses

import yaml

METHODS = ("get", "head", "post", "put", "delete", "patch", "options", "trace")


@dataclasses.dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    # The operation whose row is its own too: that of GET for HEAD.
    row: str


def document(api):
    # libyaml's loader, where PyYAML has it: the other one takes seconds.
    return yaml.load(api.get("/api/v1/openapi.yaml").content, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def operations(api):
    return operations_of(document(api))


def operations_of(document):
    paths = document["paths"]
    return [
        Operation(of[method]["operationId"], method.upper(), path, of["get" if method == "head" else method]["operationId"])
        for path, of in paths.items() for method in METHODS if method in of
    ]
