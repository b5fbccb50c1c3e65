"""What the tests of the read models look with: logs that count, and rows without what is accidental."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from domain.log import FileState, LogSlice, OpenLog
from projections.plans import Plan, Rows, Statement
from projections.store import UPSTREAM
from rollout.log import SEAM_WHOLE_SIZE, RolloutLog
from tests.home import ACCIDENTAL, READ_MODELS, IndexedHome

Row = tuple[Any, ...]


@dataclass
class CountingLog:
    """A log that notes what is opened and read; `lines_at_once` makes its slices smaller."""

    lines_at_once: int | None = None
    opened: list[str] = field(default_factory=list)
    ranges: list[tuple[int, int]] = field(default_factory=list)
    sliced: int = 0
    other: int = 0
    tails: int = 0
    before_open: Callable[[str], object] | None = None
    after_open: Callable[[str], object] | None = None

    def reset(self) -> None:
        """Begin to count anew."""
        self.opened, self.ranges, self.sliced, self.other, self.tails = [], [], 0, 0, 0

    @property
    def read(self) -> int:
        """Bytes read, however."""
        return self.sliced + self.other + sum(size for _, size in self.ranges)

    @contextmanager
    def open(self, path: str) -> Iterator[OpenLog]:
        """Open one file."""
        self.opened.append(path)
        if self.before_open is not None:
            self.before_open(path)
        with RolloutLog().open(path) as source:
            if self.after_open is not None:
                self.after_open(path)
            yield CountingReader(self, source)

    def state_of(self, path: str) -> FileState | None:
        """What `stat` says."""
        return RolloutLog().state_of(path)


class CountingReader:
    """An open file that notes what is read."""

    def __init__(self, log: CountingLog, source: OpenLog) -> None:
        self._log = log
        self._source = source

    @property
    def path(self) -> str:
        """Its path."""
        return self._source.path

    @property
    def state(self) -> FileState:
        """Its state."""
        return self._source.state

    @property
    def begin(self) -> int:
        """Where it begins."""
        return self._source.begin

    @property
    def size(self) -> int:
        """Its size."""
        return self._source.size

    @property
    def is_packed(self) -> bool:
        """Whether it is packed."""
        return self._source.is_packed

    def look(self) -> FileState:
        """Its state now."""
        return self._source.look()

    def slices(self, start: int, first_line: int) -> Iterator[LogSlice]:
        """Slices, counted."""
        for whole in self._source.slices(start, first_line):
            for piece in _cut(whole, self._log.lines_at_once or whole.line_count):
                self._log.sliced += piece.end - piece.start
                yield piece

    def tail(self, start: int) -> bytes:
        """The tail, counted."""
        self._log.tails += 1
        data = self._source.tail(start)
        self._log.other += len(data)
        return data

    def read(self, at: int, size: int) -> bytes:
        """A range, noted."""
        self._log.ranges.append((at, size))
        return self._source.read(at, size)

    def kept_between(self, start: int, end: int) -> int:
        """Kept lines, counted."""
        self._log.other += end - start
        return self._source.kept_between(start, end)

    def seam(self, end: int) -> int:
        """The seam, counted."""
        self._log.other += min(SEAM_WHOLE_SIZE, end)
        return self._source.seam(end)


def _cut(whole: LogSlice, count: int) -> Iterator[LogSlice]:
    """The slice in slices of this many lines."""
    if len(whole.data) < whole.end - whole.start:
        yield whole
        return
    at = whole.start
    for first in range(0, whole.line_count, count):
        data = b"".join(whole.lines[first : first + count])
        yield LogSlice(at, at + len(data), whole.first_line + first, data)
        at += len(data)


SEAMS_SIZE = 2 * SEAM_WHOLE_SIZE
"""What a catch-up may read beside the new bytes: the seam before them and the seam behind them."""


def rows_of(cursor: sqlite3.Cursor, file_id: int) -> dict[str, list[Row]]:
    """The rows of one file in the read models, without what is accidental."""
    return {table: _rows(cursor, table, file_id) for table in READ_MODELS}


def _rows(cursor: sqlite3.Cursor, table: str, file_id: int) -> list[Row]:
    found = cursor.execute(f"SELECT * FROM {table} WHERE file_id = ?", (file_id,)).fetchall()
    return [tuple(row[name] for name in row.keys() if name not in ACCIDENTAL) for row in found]  # noqa: SIM118


def rows(home: IndexedHome, file_id: int) -> dict[str, list[Row]]:
    """The rows of one file as they are committed."""
    with home.store.writing() as cursor:
        return rows_of(cursor, file_id)


def positions(home: IndexedHome) -> tuple[int, int]:
    """The catalogue's newest position, and the one that is tracked."""
    with home.store.writing() as cursor:
        head = home.store.catalogue.head_position(cursor)
    return head, home.store.max_tracking_id(UPSTREAM) or 0


def statements_of(plan: Plan[Any], cursor: sqlite3.Cursor) -> list[Statement]:
    """The statements of a plan as it runs."""
    found: list[Statement] = []
    rows: Rows | None = None
    try:
        while True:
            found.append(next(plan) if rows is None else plan.send(rows))
            rows = cursor.execute(*found[-1]).fetchall()
    except StopIteration:
        return found


def query_plan(cursor: sqlite3.Cursor, statement: Statement) -> list[str]:
    """What SQLite says that it does for a statement."""
    found = cursor.execute(f"EXPLAIN QUERY PLAN {statement.sql}", statement.parameters).fetchall()
    return [str(row["detail"]) for row in found]


def steps_of(plan_of: Callable[[], Plan[Any]], path: str) -> int:
    """How many steps SQLite's machine makes for a plan, statements prepared and pages read before."""
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    try:
        cursor = connection.cursor()
        statements_of(plan_of(), cursor)
        connection.set_progress_handler(step, 1)
        statements_of(plan_of(), cursor)
    finally:
        connection.close()
    return count
