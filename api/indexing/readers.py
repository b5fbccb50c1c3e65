"""Read-only connections to the index, off the event loop."""

import sqlite3
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import TypeVar

import aiosqlite

from projections.database import BUSY_TIMEOUT_S, STATEMENT_CACHE_SIZE
from projections.plans import Plan, run_here

CONNECTION_COUNT = 2
"""Connections: measured, a third gains nothing on two cores."""

ROWS_AT_ONCE = 64
"""The library's own measure for cursors that are walked; plans take all their rows at once."""

Answer = TypeVar("Answer")


class Reader(aiosqlite.Connection):
    """A connection that runs whole plans on its thread.

    A hand-over for each statement costs as much as the statement, and a turn of the loop besides, which is
    long where many ask.
    """

    async def ask(self, plan: Plan[Answer]) -> Answer:
        """Run a plan."""
        answer: Answer = await self._execute(self._run, plan)  # type: ignore[no-untyped-call]
        return answer

    def _run(self, plan: Plan[Answer]) -> Answer:
        return run_here(plan, self._conn.cursor())


class Readers:
    """A few connections to the index of one epoch, used in turn."""

    def __init__(self, connections: list[Reader], epoch: int) -> None:
        self.epoch = epoch
        self._connections = connections
        self._turn = cycle(connections)

    @classmethod
    async def open(cls, address: str, epoch: int) -> "Readers":
        """Connections to the index at this address."""
        return cls([await _connect(address) for _ in range(CONNECTION_COUNT)], epoch)

    async def ask(self, plan: Plan[Answer]) -> Answer:
        """Run a plan."""
        return await next(self._turn).ask(plan)

    async def close(self) -> None:
        """Close the connections."""
        for connection in self._connections:
            await connection.close()


def read_only_uri(path: Path) -> str:
    """How SQLite is told to open a file for reading only."""
    return f"{path.absolute().as_uri()}?mode=ro"


async def _connect(address: str) -> Reader:
    connector = partial(
        sqlite3.connect,
        address,
        uri=True,
        timeout=BUSY_TIMEOUT_S,
        isolation_level=None,
        cached_statements=STATEMENT_CACHE_SIZE,
    )
    connection = Reader(connector, ROWS_AT_ONCE)
    await connection
    await connection.execute_fetchall("PRAGMA query_only = 1")
    return connection
