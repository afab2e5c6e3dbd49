"""All parts of Guardian, in the form that the checks share."""

import functools

import debian_packages
import own_code
import python_packages
import swift_packages
import toolchain


@functools.cache
def everything():
    """Returns every part, sorted by kind, name and version."""
    found = [*swift_packages.parts(), *debian_packages.parts(), *python_packages.parts(), *own_code.parts(), *toolchain.parts()]
    return tuple(sorted(found, key=lambda part: (part.kind, part.name, part.version)))
