"""One part of Guardian."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Component:
    """A part: a Swift, Debian or Python package, a library that one of those contains, the toolchain, or C of our own.

    `purl` is the package's address (github.com/package-url/purl-spec), empty for our own code. `ecosystem` and
    `source` are what advisories call it; without an ecosystem none are compared. `shipped` is False for what
    only tests, checks and the making of the model use. `direct` is False for what only another part needs.
    """

    kind: str
    name: str
    version: str
    purl: str
    ecosystem: str = ""
    source: str = ""
    shipped: bool = True
    direct: bool = True
    hashes: tuple = ()
    notes: tuple = ()
