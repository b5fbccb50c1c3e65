"""Queries as plans: generators that yield statements and are sent their rows.

A plan knows nothing of connections, so the same one runs on a reader's connection for a request
and inside the writer's transaction where an unfinished last line has to be seen.
"""

import sqlite3
from collections.abc import Generator, Sequence
from typing import Any, NamedTuple, TypeVar

Rows = Sequence[Sequence[Any]]
Answer = TypeVar("Answer")


class Statement(NamedTuple):
    """One SQL statement with its parameters."""

    sql: str
    parameters: tuple[Any, ...]


Plan = Generator[Statement, Rows, Answer]


def run_here(plan: Plan[Answer], cursor: sqlite3.Cursor) -> Answer:
    """Run a plan in the transaction of this cursor."""
    try:
        statement = next(plan)
        while True:
            statement = plan.send(cursor.execute(*statement).fetchall())
    except StopIteration as end:
        answer: Answer = end.value
        return answer
