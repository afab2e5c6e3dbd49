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


def operations(api):
    paths = yaml.safe_load(api.get("/api/v1/openapi.yaml").content)["paths"]
    return [
        Operation(of[method]["operationId"], method.upper(), path, of["get" if method == "head" else method]["operationId"])
        for path, of in paths.items() for method in METHODS if method in of
    ]
