"""A database of the catalogue that lasts as long as the program."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from rollout.catalogue.catalogue import CATALOGUE_TABLES


class MemoryDatabase:
    """One SQLite database in memory, used by one thread at a time.

    For logs so small that reading one again costs less than keeping a database file in order would.
    """

    def __init__(self) -> None:
        self._using = Lock()
        self._connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        with self.transaction(commit=True) as cursor:
            for statement in CATALOGUE_TABLES:
                cursor.execute(statement)

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[sqlite3.Cursor]:
        """A transaction; the next one waits for its end."""
        with self._using:
            cursor = self._connection.cursor()
            try:
                cursor.execute("BEGIN")
                yield cursor
                if commit:
                    self._connection.commit()
            finally:
                self._connection.rollback()  # ends what an error or a reader left open
                cursor.close()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
