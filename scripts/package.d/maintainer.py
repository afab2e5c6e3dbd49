"""Who answers for the package: the fields Maintainer and the end of the changelog's entry."""

import os
import re

from places import stop

# A domain that nobody can have (RFC 2606, 2), until whoever publishes the package names themselves.
PLACEHOLDER = "Guardian maintainers <maintainers@guardian.invalid>"
# One person or list with a name, at a full domain (Debian Policy 5.6.2; lintian's bogus-mail-host).
FORM = re.compile(r"[^\s<>@,\"][^<>@,\"\n]* <[^\s<>@,]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+>")


def chosen():
    """Returns what the environment's MAINTAINER says, or the placeholder."""
    given = os.environ.get("MAINTAINER", "").strip()
    if given and not FORM.fullmatch(given):
        stop(f"MAINTAINER is “{given}”: write a name and an address, such as MAINTAINER='Ada Byron <ada@example.org>'")
    return given or PLACEHOLDER
