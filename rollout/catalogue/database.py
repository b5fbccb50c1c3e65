"""The database of the catalogue: what is asked of it, and a small one for whoever brings none."""

import os
import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from threading import Lock
from typing import Protocol

from rollout.catalogue.catalogue import CATALOGUE_TABLES

BUSY_TIMEOUT_SECONDS = 10.0
"""How long to wait for another program's transaction; ours take milliseconds."""

STATEMENT_CACHE_SIZE = 256
"""Prepared statements kept by a connection: all of ours."""


class Database(Protocol):
    """Whoever opens transactions on the database of the catalogue."""

    def transaction(self, *, commit: bool) -> AbstractContextManager[sqlite3.Cursor]:
        """A transaction: one to write is begun IMMEDIATE and committed unless an error passes."""


class CatalogueDatabase:
    """One SQLite file; each thread that works at the same time has a connection of its own."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._writing = Lock()
        self._idle: deque[sqlite3.Connection] = deque()
        self._is_closed = False
        _create(path)
        with self.transaction(commit=True) as cursor:
            for statement in CATALOGUE_TABLES:
                cursor.execute(statement)

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[sqlite3.Cursor]:
        """A transaction; the writers of this process queue up before they meet those of others."""
        with self._writing if commit else nullcontext():
            connection = self._take()
            cursor = connection.cursor()
            try:
                cursor.execute("BEGIN IMMEDIATE" if commit else "BEGIN")
                yield cursor
                if commit:
                    connection.commit()
            finally:
                connection.rollback()  # ends what an error or a reader left open
                cursor.close()
                self._give_back(connection)

    def close(self) -> None:
        """Close the connections, those in use as they come back."""
        self._is_closed = True
        while self._idle:
            self._idle.pop().close()

    def _take(self) -> sqlite3.Connection:
        try:
            return self._idle.pop()
        except IndexError:
            return _connect(self._path)

    def _give_back(self, connection: sqlite3.Connection) -> None:
        if self._is_closed:
            connection.close()
        else:
            self._idle.append(connection)


def _connect(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path,
        timeout=BUSY_TIMEOUT_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=STATEMENT_CACHE_SIZE,
    )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def _create(path: str) -> None:
    """A file that only its owner reads, as SQLite would not make it; what it puts beside it takes its mode.

    Only a file that was not there is opened: closing one in use would end SQLite's locks on it.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
