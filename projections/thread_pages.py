"""Pages of the thread list, and what is stored of one thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from domain.cursors import SortDirection, ThreadCursor
from domain.errors import StaleIndex
from domain.history.rows import LinePlace
from domain.times import NANOSECONDS
from projections.plans import Plan, Statement

ROW = (
    "file.path, thread.started_s, thread.name_id, thread.updated_ms, "
    "thread.preview, thread.thread_id, thread.meta"
)
PLACES = ("first_meta", "meta", "git_meta")

FROM = "FROM thread JOIN rollout_file AS file USING (file_id)"


@dataclass(frozen=True, slots=True)
class ListRow:
    """A thread as the list knows it; `facts` are those of its first session_meta line."""

    path: str
    started_s: int
    name_id: str
    updated_ms: int
    preview: str
    thread_id: str | None
    facts: dict[str, Any]

    @classmethod
    def of(cls, row: Sequence[Any]) -> "ListRow":
        """The row of a statement that selects ROW."""
        path, started_s, name_id, updated_ms, preview, thread_id, meta = row
        facts = orjson.loads(meta) if meta else {}
        return cls(path, started_s, name_id, updated_ms, preview or "", thread_id, facts)


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """A page of the list."""

    rows: Sequence[ListRow]
    has_more: bool


@dataclass(frozen=True, slots=True)
class ThreadRecord:
    """What is stored of one thread: its list row, and where its session_meta lines are."""

    row: ListRow
    first_meta: LinePlace | None
    meta: LinePlace | None
    git_meta: LinePlace | None


def thread_page(
    cursor: ThreadCursor | None, limit: int, direction: SortDirection, *, archived: bool
) -> Plan[ThreadPage]:
    """Threads by the time and id in their names, strictly behind the cursor."""
    order, behind = ("ASC", ">") if direction is SortDirection.ASCENDING else ("DESC", "<")
    parameters: list[Any] = [archived]
    where = ""
    if cursor is not None:
        where = f"AND (started_s, name_id) {behind} (?, ?)"
        parameters += cursor.key(direction, NANOSECONDS)
    sql = (
        f"SELECT {ROW} {FROM} WHERE is_archived = ? AND is_listed = 1 {where} "
        f"ORDER BY started_s {order}, name_id {order} LIMIT ?"
    )
    rows = yield Statement(sql, (*parameters, limit + 1))
    return ThreadPage([ListRow.of(row) for row in rows[:limit]], has_more=len(rows) > limit)


def thread_record(file_id: int) -> Plan[ThreadRecord]:
    """What is stored of the thread in this file; StaleIndex when there are no rows."""
    places = ", ".join(f"{name}_{part}" for name in PLACES for part in LinePlace._fields)
    sql = f"SELECT {places}, {ROW} {FROM} JOIN history USING (file_id) WHERE file_id = ?"
    rows = yield Statement(sql, (file_id,))
    if not rows:
        raise StaleIndex
    width = len(LinePlace._fields)
    parts = [rows[0][at : at + width] for at in range(0, len(PLACES) * width, width)]
    first, last, git = (None if part[0] is None else LinePlace(*part) for part in parts)
    return ThreadRecord(ListRow.of(rows[0][len(PLACES) * width :]), first, last, git)


def path_of_inner_id(thread_id: str) -> Plan[str | None]:
    """The file whose session_meta tells this id, whatever its name says."""
    sql = f"SELECT file.path {FROM} WHERE thread.thread_id = ? ORDER BY is_archived, file.path DESC LIMIT 1"
    rows = yield Statement(sql, (thread_id,))
    return rows[0][0] if rows else None
