"""Pages of the thread list, and what is stored of one thread."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from domain.cursors import ThreadCursor
from domain.errors import StaleIndex
from domain.history.rows import LinePlace
from domain.limits import LISTED_TEXT_MAX
from domain.times import NANOSECONDS
from projections.list_query import UNIT_NS, ListQuery, SortKey
from projections.pages import refuse_unknown
from projections.plans import Plan, Statement

ROW = (
    "file.path, thread.day, thread.started_s, thread.name_id, thread.updated_ms, "
    "thread.begins_with_picture, thread.first_text, "
    "thread.preview, thread.thread_id, thread.meta, thread.git_at, thread.git, thread.size, "
    "max(thread.searched_end, "
    'coalesce((SELECT "end" FROM history WHERE history.file_id = thread.file_id), 0))'
)
PLACES = ("first_meta", "meta", "git_meta")

FROM = "FROM thread JOIN rollout_file AS file USING (file_id)"

IS_READABLE = (
    "history.first_meta_at IS NOT NULL OR EXISTS "
    "(SELECT 1 FROM turn WHERE turn.file_id = history.file_id AND seq >= 0 AND is_explicit)"
)

LISTED_ROW = re.sub(
    r"thread\.(preview|first_text)",
    rf"substr(CAST(thread.\1 AS BLOB), 1, {4 * (LISTED_TEXT_MAX + 1)})",
    ROW,
)
"""The same as a list needs it: of long texts the beginning. As bytes, since SQLite ends a text at a NUL."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """A thread as the list knows it; `facts` are those of its first session_meta line, git facts of the last.

    The log had `size` bytes on the disk when the row was made; it is folded, or searched, up to `known_end`.
    `title` is the first text of a thread that begins with a picture. `day` is the number of its folder's day.
    """

    path: str
    day: int
    started_s: int
    name_id: UUID
    updated_ms: int
    preview: str
    thread_id: str | None
    facts: dict[str, Any]
    title: str | None
    size: int
    known_end: int

    @property
    def may_be_outdated(self) -> bool:
        """Whether the log goes on behind what is known of it: it may restate the facts of its head there."""
        return self.size > self.known_end

    @classmethod
    def of(cls, row: Sequence[Any]) -> "ListRow":
        """The row of a statement that selects ROW or LISTED_ROW."""
        *place, preview, thread_id, meta, git_at, git, size, known_end = row
        path, day, started_s, name_id, updated_ms, begins_with_picture, first_text = place
        facts = orjson.loads(meta) if meta else {}
        if git_at is not None:
            facts["git"] = _told_over(facts.get("git"), orjson.loads(git))
        title = _text_of(first_text) if begins_with_picture else None
        own_id = UUID(bytes=name_id)
        shown = _text_of(preview) or ""
        return cls(path, day, started_s, own_id, updated_ms, shown, thread_id, facts, title, size, known_end)

    def cursor(self, sort_key: SortKey, *, includes_anchor: bool) -> ThreadCursor:
        """The place of this thread in a list of this order."""
        if sort_key is SortKey.UPDATED:
            return ThreadCursor(self.updated_ms * UNIT_NS["updated_ms"], self.name_id, includes_anchor)
        return ThreadCursor(self.started_s * NANOSECONDS, self.name_id, includes_anchor, self.day)


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """A page of the list."""

    rows: Sequence[ListRow]
    next: ListRow | None

    @property
    def has_more(self) -> bool:
        """Whether more threads follow."""
        return self.next is not None


@dataclass(frozen=True, slots=True)
class ThreadRecord:
    """What is stored of one thread: its list row, and where its session_meta lines are.

    `is_readable` tells whether the log says what thread it is, or at least holds a turn that a writer opened:
    then it lost its head. A file of which neither is true is no log (cases legacy-bare-meta, meta-torn).
    """

    row: ListRow
    first_meta: LinePlace | None
    meta: LinePlace | None
    git_meta: LinePlace | None
    is_readable: bool


def thread_page(query: ListQuery) -> Plan[ThreadPage]:
    """The threads that a query asks for."""
    rows = yield query.statement(LISTED_ROW)
    found = [ListRow.of(row) for row in rows]
    return ThreadPage(found[: query.limit], found[query.limit] if len(found) > query.limit else None)


def _told_over(first: dict[str, Any] | None, last: dict[str, Any] | None) -> dict[str, Any]:
    """Git facts as lists show them: the last ones, and of the first what these leave out (case list-rows)."""
    return {**(first or {}), **{name: value for name, value in (last or {}).items() if value is not None}}


def _text_of(value: str | bytes | None) -> str | None:
    """A text that may have come as bytes, cut anywhere."""
    return value.decode("utf-8", "ignore") if isinstance(value, bytes) else value


def is_complete(*, archived: bool) -> Plan[bool]:
    """Whether every file of one folder has had its row once."""
    rows = yield Statement("SELECT 1 FROM listing WHERE is_archived = ?", (archived,))
    return bool(rows)


def working_directories() -> Plan[list[tuple[int, str]]]:
    """Every working directory that a thread tells, with its key."""
    rows = yield Statement("SELECT key, path FROM cwd", ())
    return [(key, path) for key, path in rows]


def title_at(path: str) -> Plan[str | None]:
    """What a thread without a name is called, if the file at this path begins with a picture."""
    sql = f"SELECT first_text {FROM} WHERE file.path = ? AND begins_with_picture"
    rows = yield Statement(sql, (path,))
    return rows[0][0] if rows else None


def children_of(thread_id: str) -> Plan[list[str]]:
    """The threads that this thread spawned, in the order in which they were found."""
    rows = yield Statement(
        "SELECT thread_id FROM thread WHERE parent_id = ? AND is_archived = 0 ORDER BY file_id", (thread_id,)
    )
    return [row[0] for row in rows]


def thread_record(file_id: int) -> Plan[ThreadRecord]:
    """What is stored of the thread in this file; StaleIndex when there are no rows."""
    places = ", ".join(f"{name}_{part}" for name in PLACES for part in LinePlace._fields)
    what = f"{places}, {ROW}, {IS_READABLE}, dialect"
    sql = f"SELECT {what} {FROM} JOIN history USING (file_id) WHERE file_id = ?"
    rows = yield Statement(sql, (file_id,))
    if not rows:
        raise StaleIndex
    *row, is_readable, dialect = rows[0]
    refuse_unknown(dialect)
    width = len(LinePlace._fields)
    parts = [row[at : at + width] for at in range(0, len(PLACES) * width, width)]
    first, last, git = (None if part[0] is None else LinePlace(*part) for part in parts)
    return ThreadRecord(ListRow.of(row[len(PLACES) * width :]), first, last, git, bool(is_readable))


def path_of_inner_id(thread_id: str) -> Plan[str | None]:
    """The file whose session_meta tells this id, whatever its name says."""
    sql = f"SELECT file.path {FROM} WHERE thread.thread_id = ? ORDER BY is_archived, file.path DESC LIMIT 1"
    rows = yield Statement(sql, (thread_id,))
    return rows[0][0] if rows else None
