"""The journal of changes: what happened to which thread, in the order in which the index learned it.

Each entry is written in the transaction of the rows that it tells of, and only the holder of the write lock
gives out numbers: a reader who has seen a number will never meet a smaller one later. Deleting the index
deletes the journal; whoever followed it has to list anew, and is told so by the identity in its positions.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from domain.changes import Change, ChangeKind, Span, Touched, ranges_of, read_ranges, write_ranges
from domain.history.rows import HistoryDelta
from domain.limits import CHANGES_KEPT, CHANGES_PRUNED_AT_ONCE
from domain.log import LogFile
from projections.plans import Plan, Statement

BOOT_GAP = 1 << 20
"""Numbers left out when the machine has started anew: a power failure may have taken back told ones."""

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
"""Where Linux tells one run of the machine from another."""

COLUMNS = 'of_file, thread_id, kind, first_line, last_line, start, "end", turns, kept_turns'

PUT = f"INSERT INTO change ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - our own names

HEAD = "coalesce((SELECT max(position) FROM change), oldest - 1)"

KNOWN = """
    SELECT rollout_file.thread_id FROM rollout_file JOIN history USING (file_id)
    WHERE file_id = ? AND history.line_count > 0
"""

ELSEWHERE = """
    SELECT 1 FROM rollout_file AS gone JOIN rollout_file AS other USING (thread_id)
    JOIN history ON history.file_id = other.file_id
    WHERE gone.file_id = ? AND other.file_id <> gone.file_id AND history.line_count > 0
"""

MERGED = """
    SELECT rollout_file.thread_id, history.line_count, history."end", next_seq + is_open AS turn_count
    FROM rollout_file JOIN history USING (file_id) WHERE file_id = ? AND history.line_count > 0
"""

UNLISTED = """
    SELECT file.path FROM rollout_file AS file JOIN history USING (file_id)
    WHERE NOT EXISTS (SELECT 1 FROM thread WHERE thread.file_id = file.file_id)
"""


@dataclass(frozen=True, slots=True)
class Journal:
    """The journal of one index: its identity, the oldest number that may be kept, and the newest that is."""

    index_id: str
    oldest: int
    head: int


@dataclass(frozen=True, slots=True)
class ChangePage:
    """Changes behind a number, in order; all up to the number `seen` have been looked at."""

    journal: Journal
    changes: tuple[Change, ...]
    seen: int


# -- writing ----------------------------------------------------------------------------------


def note_lines(cursor: sqlite3.Cursor, file: LogFile, span: Span, delta: HistoryDelta) -> None:
    """Note lines of a file that were folded, and the turns that they touched."""
    kind = ChangeKind.FOUND if span.first_line == 1 else ChangeKind.APPENDED
    turns = write_ranges(ranges_of([turn.seq for turn in delta.turns if turn.seq >= 0]))
    _put(cursor, (file.file_id, file.thread_id.bytes, kind, *span, turns, delta.cut))


def note_event(cursor: sqlite3.Cursor, file_id: int, kind: ChangeKind) -> None:
    """Note what happened to a file of which lines were told; of others there is nothing to say.

    A thread is not removed while another file of it is known: that one was found, which said enough.
    """
    known = cursor.execute(KNOWN, (file_id,)).fetchone()
    is_elsewhere = kind is ChangeKind.REMOVED and cursor.execute(ELSEWHERE, (file_id,)).fetchone() is not None
    if known is not None and not is_elsewhere:
        _put(cursor, (file_id, UUID(known[0]).bytes, kind, 0, 0, 0, 0, "", None))


def note_merged(cursor: sqlite3.Cursor, file_ids: Iterable[int]) -> None:
    """Note files whose lines were all folded elsewhere: one entry a file."""
    for file_id in file_ids:
        found = cursor.execute(MERGED, (file_id,)).fetchone()
        if found is not None:
            thread_id, line_count, end, turn_count = found
            turns = write_ranges([(0, turn_count - 1)] if turn_count else [])
            told = (file_id, UUID(thread_id).bytes, ChangeKind.FOUND, 1, line_count, 0, end, turns, None)
            _put(cursor, told)


def _put(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> None:
    number = cursor.execute(PUT, values).lastrowid
    if number and number % CHANGES_PRUNED_AT_ONCE == 0:
        prune(cursor, number - CHANGES_KEPT)


def prune(cursor: sqlite3.Cursor, last: int) -> None:
    """Drop the entries up to this number."""
    if last > 0:
        cursor.execute("DELETE FROM change WHERE position <= ?", (last,))
        cursor.execute("UPDATE journal SET oldest = max(oldest, ?)", (last + 1,))


def note_boot(cursor: sqlite3.Cursor, boot_id: str | None = None) -> None:
    """Leave a gap in the numbers when the machine has started anew: positions that were lost are refused."""
    now = _boot_id() if boot_id is None else boot_id
    if cursor.execute("SELECT boot_id FROM journal").fetchone()[0] != now:
        cursor.execute("UPDATE journal SET boot_id = ?", (now,))
        cursor.execute("UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'change'", (BOOT_GAP,))


def _boot_id() -> str:
    try:
        return BOOT_ID.read_text().strip()
    except OSError:
        return ""


# -- reading ----------------------------------------------------------------------------------


def journal() -> Plan[Journal]:
    """What is kept of the journal."""
    rows = yield Statement(f"SELECT id, oldest, {HEAD} FROM journal", ())  # noqa: S608 - our own names
    return Journal(*rows[0])


def has_told(number: int) -> Plan[bool]:
    """Whether this number was ever given and what follows it is kept."""
    kept = yield from journal()
    if number == kept.oldest - 1:
        return True
    rows = yield Statement("SELECT 1 FROM change WHERE position = ?", (number,))
    return bool(rows)


def changes_after(number: int, thread_id: UUID | None, limit: int) -> Plan[ChangePage]:
    """The changes behind a number, of one thread or of all; at most so many."""
    kept = yield from journal()
    only = "" if thread_id is None else "AND thread_id = ? "
    parameters = [] if thread_id is None else [thread_id.bytes]
    rows = yield Statement(
        f"SELECT position, {COLUMNS} FROM change WHERE position > ? AND position <= ? "  # noqa: S608
        f"{only}ORDER BY position LIMIT ?",
        (number, kept.head, *parameters, limit),
    )
    changes = tuple(map(_change, rows))
    return ChangePage(kept, changes, changes[-1].number if len(changes) == limit else kept.head)


def unlisted_paths() -> Plan[list[str]]:
    """The paths of files that were folded and have no list row: most of them are gone."""
    rows = yield Statement(UNLISTED, ())
    return [row[0] for row in rows]


def _change(row: Sequence[Any]) -> Change:
    number, file_id, thread_id, kind, *lines, turns, kept_turns = row
    span = Span(*lines)
    touched = Touched(read_ranges(turns), kept_turns)
    has_lines = span.last_line > 0
    return Change(
        number, file_id, UUID(bytes=thread_id), ChangeKind(kind), span if has_lines else None, touched
    )
