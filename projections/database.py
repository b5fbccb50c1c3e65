"""The SQLite file of the index: how it is opened, and its transactions."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from eventsourcing.sqlite import (
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
    SQLiteTransaction,
)

from projections.schema import STEPS

BUSY_TIMEOUT_S = 10
"""How long to wait for another server's transaction; they last some 100 ms at most."""

STATEMENT_CACHE_SIZE = 256
"""Prepared statements kept: all of ours. The library's own connections keep one."""

LOCK_SUFFIX = "-lock"

PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",  # the log is the truth: a lost transaction is folded again
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -4096",  # KiB; the working set of a commit
)

SHARD_PRAGMAS = (
    "PRAGMA journal_mode = MEMORY",  # an unreadable file is rolled back; a crash takes the shard anyway
    "PRAGMA synchronous = OFF",
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -4096",
)
"""For an index that lives until it is merged into another: nobody else opens it, nothing has to last."""


class IndexTransaction(SQLiteTransaction):
    """A transaction; one that writes takes the write lock at once, so that it never fails half-way."""

    def __enter__(self) -> SQLiteCursor:
        cursor = self.connection.cursor()
        cursor.execute("BEGIN IMMEDIATE" if self.commit else "BEGIN")
        return cursor


class IndexConnection(SQLiteConnection):
    """A connection whose transactions are ours."""

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        """The cursor of a transaction; the library's errors stand for SQLite's."""
        with IndexTransaction(self, commit=commit) as cursor, cursor as inner:
            yield inner  # type: ignore[misc]  # the library types its cursor, and yields the inner one


class IndexPool(SQLiteConnectionPool):
    """Connections with our settings."""

    def __init__(self, path: Path, pragmas: Sequence[str]) -> None:
        super().__init__(db_name=str(path), pool_size=1)
        self._pragmas = pragmas

    def _create_connection(self) -> SQLiteConnection:
        return IndexConnection(sqlite_conn=connect(self.db_name, self._pragmas), max_age=self.max_age)


class IndexDatabase(SQLiteDatastore):
    """The datastore of the library over one index file."""

    def __init__(self, path: Path, pragmas: Sequence[str] = PRAGMAS) -> None:
        super().__init__(str(path), pool_size=1)
        self.pool = IndexPool(path, pragmas)


def connect(path: str, pragmas: Sequence[str] = PRAGMAS) -> sqlite3.Connection:
    """A connection in autocommit mode, with these settings, for use from any one thread at a time."""
    connection = sqlite3.connect(
        path,
        timeout=BUSY_TIMEOUT_S,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=STATEMENT_CACHE_SIZE,
    )
    connection.row_factory = sqlite3.Row
    connection.create_function("searchable", 1, searchable, deterministic=True)
    for pragma in pragmas:
        connection.execute(pragma)
    return connection


def searchable(text: str) -> str:
    """The text as the search index takes it: a NUL would end it there."""
    return text.replace("\0", "\ufffd")


class NewerIndex(Exception):
    """The index was made by a newer version of this program."""

    def __init__(self, version: int) -> None:
        super().__init__(f"its schema has version {version}, this program knows {len(STEPS)}")


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the lock under which an index is begun: of several programs one makes the file and its tables."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(
        path.with_name(path.name + LOCK_SUFFIX), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600
    )
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def prepare(path: Path) -> None:
    """Make the file of the index, for its owner alone, and refuse that of a newer program.

    Drops what a deleted index left beside it: a write-ahead log without its database would be replayed
    into the new one. Called under the lock of `alone`.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        size = 0
    if not size:
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_CLOEXEC, 0o600))
        return
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        check_version(connection.execute("PRAGMA user_version").fetchone()[0])


def check_version(version: int) -> None:
    """NewerIndex when a newer program made the tables."""
    if version > len(STEPS):
        raise NewerIndex(version)


def migrate(cursor: sqlite3.Cursor) -> None:
    """Take the steps that this index has not taken, inside a transaction; NewerIndex when it is ahead."""
    version: int = cursor.execute("PRAGMA user_version").fetchone()[0]
    check_version(version)
    for step in STEPS[version:]:
        for statement in step:
            cursor.execute(statement)
    if version < len(STEPS):
        cursor.execute(f"PRAGMA user_version = {len(STEPS)}")
