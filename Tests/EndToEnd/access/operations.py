"""The operations of a server, from the OpenAPI document that it serves."""

import dataclasses

import yaml

# libyaml's loader, where PyYAML has it: the other one takes seconds.
SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
METHODS = ("get", "head", "post", "put", "delete", "patch", "options", "trace")


@dataclasses.dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    # The operation whose row is its own too: that of GET for HEAD.
    row: str


def document(api):
    return SafeLoader(api.get("/api/v1/openapi.yaml").content).get_single_data()


def operations(api):
    return operations_of(document(api))


def operations_of(document):
    paths = document["paths"]
    return [
        Operation(of[method]["operationId"], method.upper(), path, of["get" if method == "head" else method]["operationId"])
        for path, of in paths.items() for method in METHODS if method in of
    ]
