"""A reader runs a whole plan on the thread of its connection, and hands out what the plan gives or raises."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from api.indexing.readers import Readers, read_only_uri
from projections.plans import Plan, Statement


def rows_of(table: str) -> Plan[list[int]]:
    """A plan of two statements, the second of which depends on the first."""
    counted = yield Statement(f"SELECT count(*) FROM {table}", ())
    rows = yield Statement(f"SELECT value FROM {table} LIMIT ?", (counted[0][0],))
    return [row[0] for row in rows]


def failing() -> Plan[None]:
    """A plan that raises after its first statement."""
    yield Statement("SELECT 1", ())
    raise LookupError("gone")


def writing() -> Plan[None]:
    """A plan that tries to write."""
    yield Statement("INSERT INTO known VALUES (4)", ())


@pytest.fixture(name="readers")
async def _readers(tmp_path: Path) -> AsyncIterator[Readers]:
    path = tmp_path / "any.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript("CREATE TABLE known (value); INSERT INTO known VALUES (1), (2), (3);")
    connection.close()
    readers = await Readers.open(read_only_uri(path), 1)
    yield readers
    await readers.close()


async def test_a_plan_is_run_on_a_connection_of_another_thread(readers: Readers) -> None:
    assert await readers.ask(rows_of("known")) == [1, 2, 3]


async def test_what_a_plan_raises_comes_out_and_the_next_is_answered(readers: Readers) -> None:
    with pytest.raises(LookupError, match="gone"):
        await readers.ask(failing())
    with pytest.raises(sqlite3.OperationalError, match="unknown"):
        await readers.ask(rows_of("unknown"))
    assert await readers.ask(rows_of("known")) == [1, 2, 3]


async def test_a_reader_writes_nothing(readers: Readers) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await readers.ask(writing())
