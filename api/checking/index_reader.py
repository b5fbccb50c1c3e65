"""An index opened to be looked at: nothing is written to it, whatever its state."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from api.indexing.readers import read_only_uri
from domain.limits import CHECK_TRIES
from projections.database import BUSY_TIMEOUT_S, searchable
from projections.schema import STEPS
from projections.seal import read_seal


class Unsound(Exception):
    """An index that cannot be relied on, and why."""


class OtherVersion(Exception):
    """An index of another version of this program: the next server takes it over, or sets it aside."""

    def __init__(self, version: int) -> None:
        super().__init__(f"it has version {version}, this program makes {len(STEPS)}")


@contextmanager
def looked_at(path: Path) -> Iterator[sqlite3.Cursor]:
    """A transaction that sees the index as it is now; Unsound when it cannot be read."""
    try:
        with closing(
            sqlite3.connect(read_only_uri(path), uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None)
        ) as connection:
            connection.row_factory = sqlite3.Row
            connection.create_function("searchable", 1, searchable, deterministic=True)
            connection.execute("PRAGMA query_only = 1")
            connection.execute("BEGIN")
            yield connection.cursor()
    except sqlite3.Error as error:
        raise Unsound(str(error)) from error


def check_as_left(cursor: sqlite3.Cursor, path: Path) -> int:
    """Its version; Unsound unless its pages are as they were left, OtherVersion when it is another."""
    if not _is_as_left(path):
        raise Unsound("its pages are not as they were left")
    version: int = cursor.execute("PRAGMA user_version").fetchone()[0]
    if version != len(STEPS):
        raise OtherVersion(version)
    return version


def check_whole(cursor: sqlite3.Cursor, path: Path) -> None:
    """The same, and Unsound when a table or an index of SQLite is broken inside."""
    check_as_left(cursor, path)
    if cursor.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
        raise Unsound("its structure is broken")


def _is_as_left(path: Path) -> bool:
    """Whether the seal holds; asked again where a server may have been about to write both."""
    for _ in range(CHECK_TRIES):
        seal = read_seal(path)
        if seal is None or seal.is_kept(path):
            return True
        if read_seal(path) == seal:
            return False
    return False
