"""Rows of what a log goes on from: which logs, where they lay, and how much of each counts."""

import sqlite3
from uuid import UUID

from domain.log import Base, Bases, FileState, OpenLog, RolloutPlace

COLUMNS = "start, rollout_id, path, state, seam, size, floor, end_ordinal, is_whole"

PUT = f"INSERT INTO base (file_id, {COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - our own names

DEPENDENTS = """
    SELECT DISTINCT file.path FROM base JOIN rollout_file AS file ON file.file_id = base.file_id
    WHERE base.rollout_id = ?
"""

DEPENDENTS_ELSEWHERE = f"{DEPENDENTS} AND base.path IS NOT ?"

HELD = """
    SELECT DISTINCT file.path, base.size, base.seam, base.is_whole
    FROM base JOIN rollout_file AS file ON file.file_id = base.file_id
    WHERE base.rollout_id = ?
"""


def load_bases(cursor: sqlite3.Cursor, file_id: int) -> Bases:
    """What this file goes on from, as it was when it was folded."""
    rows = cursor.execute(f"SELECT {COLUMNS} FROM base WHERE file_id = ? ORDER BY start", (file_id,))  # noqa: S608
    return tuple(
        Base(
            UUID(bytes=row["rollout_id"]),
            row["path"],
            FileState.of_text(row["state"]) if row["state"] else None,
            row["seam"],
            row["start"],
            row["size"],
            row["floor"],
            row["end_ordinal"],
            bool(row["is_whole"]),
        )
        for row in rows.fetchall()
    )


def save_bases(cursor: sqlite3.Cursor, file_id: int, bases: Bases) -> None:
    """Store what this file goes on from."""
    cursor.execute("DELETE FROM base WHERE file_id = ?", (file_id,))
    cursor.executemany(PUT, [(file_id, *_values(base)) for base in bases])


def keep_bases(cursor: sqlite3.Cursor, file_id: int, bases: Bases) -> None:
    """Store what a file goes on from that is not folded yet."""
    if bases and cursor.execute("SELECT 1 FROM history WHERE file_id = ?", (file_id,)).fetchone() is None:
        save_bases(cursor, file_id, bases)


def doubt_row(cursor: sqlite3.Cursor, file_id: int) -> None:
    """Have the list row of a file made anew: it was made from other bases."""
    cursor.execute("UPDATE thread SET state = 0, head_end = 0 WHERE file_id = ?", (file_id,))


def dependents_of(cursor: sqlite3.Cursor, rollout_id: UUID) -> list[str]:
    """The paths of the files that go on from this log."""
    return [row[0] for row in cursor.execute(DEPENDENTS, (rollout_id.bytes,)).fetchall()]


def is_any(cursor: sqlite3.Cursor) -> bool:
    """Whether any log goes on from another."""
    return bool(cursor.execute("SELECT EXISTS (SELECT 1 FROM base)").fetchone()[0])


def unaware_of(cursor: sqlite3.Cursor, place: RolloutPlace) -> list[str]:
    """The paths of the files that go on from this log and do not know that it lies here."""
    rows = cursor.execute(DEPENDENTS_ELSEWHERE, (place.rollout_id.bytes, place.path)).fetchall()
    return [row[0] for row in rows]


def misled_by(cursor: sqlite3.Cursor, rollout_id: UUID, source: OpenLog) -> list[str]:
    """The paths of the files that went on from something else than what this log holds now.

    One that asked for more than there was is among them: there may be more by now.
    """
    held = cursor.execute(HELD, (rollout_id.bytes,)).fetchall()
    return [row["path"] for row in held if not row["is_whole"] or source.seam(row["size"]) != row["seam"]]


def _values(base: Base) -> tuple[object, ...]:
    state = None if base.state is None else base.state.text()
    return (
        base.start,
        base.rollout_id.bytes,
        base.path,
        state,
        base.seam,
        base.size,
        base.floor,
        base.end_ordinal,
        base.is_whole,
    )
