"""A plan gives the same answer wherever its statements are run."""

import sqlite3
from collections.abc import Iterator

import pytest

from projections.plans import Plan, Statement, run_here


def nothing() -> Plan[str]:
    """A plan that asks nothing."""
    return "done"
    yield Statement("", ())


def sums(limit: int) -> Plan[list[int]]:
    """A plan whose statements depend on the rows before them."""
    found = []
    value = 1
    while value < limit:
        rows = yield Statement("SELECT ? + ?", (value, value))
        value = rows[0][0]
        found.append(value)
    return found


def failing() -> Plan[None]:
    """A plan that raises after its first statement."""
    yield Statement("SELECT 1", ())
    raise LookupError("gone")


def wrong() -> Plan[None]:
    """A plan whose statement fails."""
    yield Statement("SELECT nonsense", ())


@pytest.fixture
def cursor() -> Iterator[sqlite3.Cursor]:
    connection = sqlite3.connect(":memory:")
    yield connection.cursor()
    connection.close()


def test_a_plan_is_run_on_a_cursor(cursor: sqlite3.Cursor) -> None:
    assert run_here(nothing(), cursor) == "done"
    assert run_here(sums(30), cursor) == [2, 4, 8, 16, 32]


def test_what_a_plan_raises_comes_out(cursor: sqlite3.Cursor) -> None:
    with pytest.raises(LookupError, match="gone"):
        run_here(failing(), cursor)
    with pytest.raises(sqlite3.OperationalError, match="nonsense"):
        run_here(wrong(), cursor)
