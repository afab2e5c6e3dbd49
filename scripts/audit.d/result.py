"""What a check found."""

import dataclasses


@dataclasses.dataclass
class Result:
    """`problems` fail the audit, `warnings` do not; `summary` says in half a sentence what was looked at."""

    summary: str
    problems: list = dataclasses.field(default_factory=list)
    warnings: list = dataclasses.field(default_factory=list)
