"""The SQLite file of the index: how it is opened, and its transactions."""

import fcntl
import os
import sqlite3
import time
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

from domain.limits import INDEX_LOCK_POLL_SECONDS, INDEX_LOCK_SECONDS
from projections.schema import STEPS
from projections.seal import SEAL_SUFFIX

APPLICATION_ID = 0x74687264
"""What SQLite keeps in the header of our files (`thrd`): a file of another program is not taken for ours."""

BUSY_TIMEOUT_S = 5
"""How long to wait for another server's transaction, some 100 ms at most; then its index is done without."""

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

    def __init__(self, address: str, pragmas: Sequence[str]) -> None:
        super().__init__(db_name=address, pool_size=1)
        self._pragmas = pragmas

    def _create_connection(self) -> SQLiteConnection:
        return IndexConnection(sqlite_conn=connect(self.db_name, self._pragmas), max_age=self.max_age)


class IndexDatabase(SQLiteDatastore):
    """The datastore of the library over one index file."""

    def __init__(self, address: Path | str, pragmas: Sequence[str] = PRAGMAS) -> None:
        super().__init__(str(address), pool_size=1)
        self.pool = IndexPool(str(address), pragmas)


def connect(path: str, pragmas: Sequence[str] = PRAGMAS) -> sqlite3.Connection:
    """A connection in autocommit mode, with these settings, for use from any one thread at a time.

    `path` is that of a file, or an address as SQLite takes it (`file:…`).
    """
    connection = sqlite3.connect(
        path,
        uri=path.startswith("file:"),
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


class ForeignIndex(Exception):
    """A database of another program where the index should be."""

    def __init__(self, application_id: int) -> None:
        super().__init__(f"it is the database of another program (application {application_id})")


class IndexHeld(TimeoutError):
    """Another program works at the index, and does not come to an end."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"another program holds {path.name}{LOCK_SUFFIX}")


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the lock under which an index is begun, sealed and set aside: of several programs one does it.

    TimeoutError when another one holds it for long: it hangs, and is not waited for.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(
        path.with_name(path.name + LOCK_SUFFIX), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600
    )
    try:
        _lock(descriptor, path)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, path: Path) -> None:
    end = time.monotonic() + INDEX_LOCK_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                raise IndexHeld(path) from None
            time.sleep(INDEX_LOCK_POLL_SECONDS)
        else:
            return


def prepare(path: Path) -> None:
    """Make the file of the index, for its owner alone, and refuse that of a newer or another program.

    Drops what a deleted index left beside it: a write-ahead log without its database would be replayed
    into the new one. Called under the lock of `alone`.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        size = 0
    if not size:
        for suffix in ("-wal", "-shm", SEAL_SUFFIX):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_CLOEXEC, 0o600))
        return
    address = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=BUSY_TIMEOUT_S)) as connection:
        check_version(connection.execute("PRAGMA user_version").fetchone()[0])
        _check_application(connection)


def _check_application(connection: sqlite3.Connection) -> None:
    """ForeignIndex when these are the tables of another program; older indexes of ours have no mark."""
    application_id: int = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema")}
    if application_id != APPLICATION_ID and (application_id or (tables and "history" not in tables)):
        raise ForeignIndex(application_id)


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
        cursor.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        cursor.execute(f"PRAGMA user_version = {len(STEPS)}")
