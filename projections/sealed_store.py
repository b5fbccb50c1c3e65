"""An index whose database file is sealed whenever it changes."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from domain.limits import INDEX_CHECKPOINT_SIZE
from projections.database import BUSY_TIMEOUT_S, PRAGMAS, alone
from projections.memory_store import MemoryStore
from projections.ports import CatalogueTables
from projections.seal import Seal, break_seal, read_seal, seal_of, wal_pages, wal_size, write_seal
from projections.store import IndexStore

SEALED_PRAGMAS = (*PRAGMAS, "PRAGMA wal_autocheckpoint = 0")
"""Nobody but us brings the write-ahead log into the database."""

SCHEMA = "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name"


class DamagedIndex(sqlite3.DatabaseError):
    """An index that is not what this program left there."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.sqlite_errorcode = sqlite3.SQLITE_CORRUPT


class SealedStore(IndexStore):
    """The index of one home at a path that others may open too."""

    def __init__(self, path: Path, catalogue: CatalogueTables) -> None:
        """Open the index, or begin it; DamagedIndex when it is not as it was left."""
        with alone(path):
            self._seal = kept_seal(path)
        self._checkpoint_at = sys.maxsize  # the lock is held while the tables are made
        super().__init__(path, catalogue, SEALED_PRAGMAS)
        try:
            if self._seal is None:
                self._look()
            self.checkpoint()
        except BaseException:
            super().close()
            raise

    def is_untouched(self) -> bool:
        """Whether the file is in place and nobody wrote to it since it was sealed; may be asked anywhere."""
        try:
            return self._seal is not None and self._seal.is_fresh(self.path.stat())
        except OSError:
            return False

    def check(self) -> None:
        """Take note of what another server sealed; DamagedIndex when somebody else wrote to the file."""
        if self.is_untouched():
            return
        with alone(self.path):
            seal = read_seal(self.path)
            is_fresh = seal is not None and seal.is_fresh(self.path.stat())
            self._seal = seal if is_fresh else kept_seal(self.path)
        if self._seal is None or self._seal.pending:
            self.checkpoint()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Cursor]:
        """A transaction that writes; behind it what gathered in the write-ahead log is taken in."""
        with super().writing() as cursor:
            yield cursor
        if wal_size(self.path) >= self._checkpoint_at:
            self.checkpoint()

    def checkpoint(self) -> None:
        """Bring the write-ahead log into the database, as far as no reader is in the way, and seal it."""
        with alone(self.path):
            self._seal = read_seal(self.path)
            if self._seal is None:
                self._take_in()
                self._seal = seal_of(self.path)
            elif wal_size(self.path):
                opened = self._seal.opened(self.path, {*wal_pages(self.path), *self._seal.pending})
                write_seal(self.path, opened)
                self._take_in()
                self._seal = opened.closed(self.path)
            elif self._seal.pending:
                self._seal = self._seal.closed(self.path)
            write_seal(self.path, self._seal)
            self._checkpoint_at = wal_size(self.path) + INDEX_CHECKPOINT_SIZE

    def compact(self) -> int:
        """Bring the write-ahead log into the database; tells the size of the index in bytes."""
        self.checkpoint()
        return self.path.stat().st_size + wal_size(self.path)

    def close(self) -> None:
        """Close the connections; the last one to do so would change the file behind the seal."""
        with suppress(OSError, sqlite3.Error):
            if self.is_in_place() and wal_size(self.path):
                self.checkpoint()
        super().close()

    def _take_in(self) -> None:
        """Take in the write-ahead log without waiting for anybody."""
        with self.datastore.get_connection(commit=True) as connection:
            cursor = connection.cursor()
            cursor.execute("PRAGMA busy_timeout = 0")
            try:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                cursor.fetchall()
            finally:
                cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_S * 1000}")

    def _look(self) -> None:
        """DamagedIndex when an index that nobody sealed is not whole, or has not exactly our tables."""
        with self.datastore.transaction(commit=False) as inner:
            inner.execute("PRAGMA integrity_check(1)")
            found = inner.fetchone()[0]
            if found != "ok":
                raise DamagedIndex(str(found))
            inner.execute(SCHEMA)
            tables = [tuple(row) for row in inner.fetchall()]
        if tables != schema(self.catalogue):
            raise DamagedIndex("its tables are not those of this version")


def schema(catalogue: CatalogueTables) -> list[tuple[str, str, str | None]]:
    """What a new index has: type, name and statement of its tables, indexes and triggers."""
    store = MemoryStore(catalogue)
    try:
        with store.writing() as cursor:
            return [tuple(row) for row in cursor.execute(SCHEMA).fetchall()]
    finally:
        store.close()


def kept_seal(path: Path) -> Seal | None:
    """The seal of an index that is as it was left, None where none was; DamagedIndex when it is not.

    Reads the whole file. Called under the lock of `alone`.
    """
    seal = read_seal(path)
    if seal is None:
        break_seal(path)
        return None
    if not seal.is_kept(path):
        raise DamagedIndex("its pages are not as they were left")
    if not seal.pending and not seal.is_fresh(path.stat()):  # touched, and nothing else
        seal = seal.closed(path)
        write_seal(path, seal)
    return seal
