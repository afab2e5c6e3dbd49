"""The tables of a node's archive, read from its database while it runs."""

import contextlib
import sqlite3

from kit.rest import database


def parts(state):
    """Returns the rows of the parts table, oldest first."""
    with contextlib.closing(sqlite3.connect(f"file:{database(state, 'node')}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute("SELECT * FROM parts ORDER BY id")]


def usage(state):
    """Returns (bytes, objects) as counted for the quota."""
    with contextlib.closing(sqlite3.connect(f"file:{database(state, 'node')}?mode=ro", uri=True)) as connection:
        return connection.execute("SELECT coalesce(sum(bytes), 0), coalesce(sum(objects), 0) FROM archive_usage").fetchone()
