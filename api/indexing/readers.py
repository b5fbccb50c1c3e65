"""Read-only connections to the index, off the event loop."""

from itertools import cycle
from pathlib import Path
from typing import TypeVar

import aiosqlite

from projections.database import BUSY_TIMEOUT_S, STATEMENT_CACHE_SIZE
from projections.plans import Plan, run

CONNECTION_COUNT = 2
"""Connections: measured, a third gains nothing on two cores."""

Answer = TypeVar("Answer")


class Readers:
    """A few connections to the index of one epoch, used in turn."""

    def __init__(self, connections: list[aiosqlite.Connection], epoch: int) -> None:
        self.epoch = epoch
        self._connections = connections
        self._turn = cycle(connections)

    @classmethod
    async def open(cls, address: str, epoch: int) -> "Readers":
        """Connections to the index at this address."""
        return cls([await _connect(address) for _ in range(CONNECTION_COUNT)], epoch)

    async def ask(self, plan: Plan[Answer]) -> Answer:
        """Run a plan."""
        return await run(plan, next(self._turn))

    async def close(self) -> None:
        """Close the connections."""
        for connection in self._connections:
            await connection.close()


def read_only_uri(path: Path) -> str:
    """How SQLite is told to open a file for reading only."""
    return f"{path.absolute().as_uri()}?mode=ro"


async def _connect(address: str) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(
        address,
        uri=True,
        timeout=BUSY_TIMEOUT_S,
        isolation_level=None,
        cached_statements=STATEMENT_CACHE_SIZE,
    )
    await connection.execute_fetchall("PRAGMA query_only = 1")
    return connection
