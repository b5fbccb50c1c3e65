"""The index as command threads see it: read-only, never waited for, never missed.

Each thread that looks at the same time has a connection of its own. An index may be deleted and made
again at any moment, so a connection serves only while its file is the one at the path, and as it was left
(`projections.seal`).
"""

import os
import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from api.indexing.readers import read_only_uri
from projections.database import STATEMENT_CACHE_SIZE
from projections.schema import STEPS
from projections.seal import read_seal
from rollout.catalogue.catalogue import Catalogue

BUSY_TIMEOUT_S = 0.05
"""How long to wait for a lock that no reader of a healthy index meets; then the log is read instead."""

SEAM = """
    SELECT history.seam FROM history JOIN rollout_file USING (file_id)
    WHERE file_id = ? AND history."end" = rollout_file."end"
"""


class OtherIndex(sqlite3.DatabaseError):
    """An index that another version of this program made; what it says is not relied on."""

    def __init__(self, version: int) -> None:
        super().__init__(f"the index has version {version}, this program makes {len(STEPS)}")


class TouchedIndex(sqlite3.DatabaseError):
    """An index that is not as its writer left it; what it says is not relied on."""

    def __init__(self) -> None:
        super().__init__("the index is not as it was left")


@dataclass(frozen=True, slots=True)
class _Connected:
    """A connection, and the device and inode of the file that it was opened on."""

    connection: sqlite3.Connection
    place: tuple[int, int]


class IndexView:
    """Read-only transactions on the index at a path, for use from any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: deque[_Connected] = deque()
        self._is_closed = False
        self._sound: tuple[int, int, int] | None = None

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[sqlite3.Cursor]:
        """A transaction that only reads; OSError or sqlite3.Error when there is no index to read."""
        assert not commit
        connected = self._take()
        try:
            cursor = connected.connection.cursor()
            cursor.execute("BEGIN")
            _check_version(cursor.execute("PRAGMA user_version").fetchone()[0])
            yield cursor
            connected.connection.rollback()
            cursor.close()
        except BaseException:
            connected.connection.close()
            raise
        self._give_back(connected)

    def close(self) -> None:
        """Close the connections, those in use as they come back."""
        self._is_closed = True
        while self._idle:
            self._idle.pop().connection.close()

    def _take(self) -> _Connected:
        place = self._place()
        while self._idle:
            try:
                connected = self._idle.pop()
            except IndexError:  # another thread was faster
                break
            if connected.place == place:
                return connected
            connected.connection.close()
        return _Connected(_connect(self._path), place)

    def _give_back(self, connected: _Connected) -> None:
        if self._is_closed:
            connected.connection.close()
        else:
            self._idle.append(connected)

    def _place(self) -> tuple[int, int]:
        found = os.stat(self._path)  # noqa: PTH116 - once a command
        if self._sound != (found.st_dev, found.st_ino, found.st_mtime_ns):
            self._check(found)
        return found.st_dev, found.st_ino

    def _check(self, found: os.stat_result) -> None:
        """TouchedIndex when somebody else changed the file; one without a seal is taken as it is."""
        seal = read_seal(self._path)
        if seal is None:
            return
        is_known = self._sound is not None and self._sound[:2] == (found.st_dev, found.st_ino)
        if not (is_known and (seal.pending or seal.is_fresh(found))) and not seal.is_kept(self._path):
            raise TouchedIndex
        if seal.is_fresh(found):
            self._sound = (found.st_dev, found.st_ino, found.st_mtime_ns)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        read_only_uri(path),
        uri=True,
        timeout=BUSY_TIMEOUT_S,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=STATEMENT_CACHE_SIZE,
    )
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA query_only = 1")
    except BaseException:
        connection.close()
        raise
    return connection


def _check_version(version: int) -> None:
    if version != len(STEPS):
        raise OtherIndex(version)


class IndexedCatalogue(Catalogue):
    """The catalogue of an index, whose files are known again by the seam of their history."""

    def seam(self, cursor: sqlite3.Cursor, file_id: int) -> int | None:
        """The checksum at the ends of the folded lines, which are the catalogued ones."""
        row = cursor.execute(SEAM, (file_id,)).fetchone()
        return row[0] if row else super().seam(cursor, file_id)
