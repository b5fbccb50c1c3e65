"""The table of segments, and that of the next position: which lines of which file have which positions."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from domain.limits import MARK_STRIDE, SEGMENT_MARKS_MAX
from domain.log import Segment
from rollout.catalogue.marks import Marks, pack, unpack

SEGMENT_TABLES: tuple[str, ...] = (
    """CREATE TABLE IF NOT EXISTS segment (
        first_position INTEGER PRIMARY KEY,
        line_count INTEGER NOT NULL,
        file_id INTEGER NOT NULL,
        first_line INTEGER NOT NULL,
        start INTEGER NOT NULL,
        "end" INTEGER NOT NULL,
        marks BLOB NOT NULL
    )""",
    "CREATE INDEX IF NOT EXISTS segment_file_id_first_line ON segment (file_id, first_line)",
    """CREATE TABLE IF NOT EXISTS position (
        row INTEGER PRIMARY KEY CHECK (row = 1),
        next INTEGER NOT NULL
    )""",
)

_COLUMNS = 'SELECT first_position, line_count, file_id, first_line, start, "end", marks FROM segment'
_NEWEST = f"{_COLUMNS} ORDER BY first_position DESC LIMIT 1"
_OF_LINE = f"{_COLUMNS} WHERE file_id = ? AND first_line <= ? ORDER BY first_line DESC LIMIT 1"
_FROM = f"{_COLUMNS} WHERE first_position >= ? ORDER BY first_position LIMIT ?"


def next_position(cursor: sqlite3.Cursor) -> int:
    """The position that the next line gets."""
    cursor.execute("SELECT next FROM position")
    row = cursor.fetchone()
    return row[0] if row else 1


def add(cursor: sqlite3.Cursor, found: Segment) -> None:
    """Stores new lines that begin at the next position, in the newest segment's row if they follow it."""
    newest = _first(cursor, _NEWEST) if found.first_line > 1 else None
    if newest is not None and _follows(newest, found):
        joined = replace(
            newest,
            line_count=newest.line_count + found.line_count,
            end=found.end,
            marks=(*newest.marks, *_seam_mark(newest, found), *found.marks),
        )
        cursor.execute("DELETE FROM segment WHERE first_position = ?", (newest.first_position,))
    else:
        joined = found
    cursor.execute("INSERT INTO segment VALUES (?, ?, ?, ?, ?, ?, ?)", _values(joined))
    move_on(cursor, found.first_position + found.line_count)


def move_on(cursor: sqlite3.Cursor, position: int) -> None:
    """Let this be the position that the next line gets: those before it are used."""
    cursor.execute(
        "INSERT INTO position VALUES (1, ?) ON CONFLICT (row) DO UPDATE SET next = excluded.next",
        (position,),
    )


def of_line(cursor: sqlite3.Cursor, file_id: int, line: int) -> Segment | None:
    """The last segment of the file that begins at or before the line."""
    return _first(cursor, _OF_LINE, file_id, line)


def from_position(cursor: sqlite3.Cursor, position: int, count: int) -> list[Segment]:
    """The segment that holds the position, if one does, and those behind it: `count` at most."""
    cursor.execute("SELECT max(first_position) FROM segment WHERE first_position <= ?", (position,))
    cursor.execute(_FROM, (cursor.fetchone()[0] or 0, count + 1))
    found = [_segment(row) for row in cursor.fetchall()]
    return [one for one in found if one.first_position + one.line_count > position][:count]


def _follows(newest: Segment, found: Segment) -> bool:
    """Whether the new lines go on where the newest segment ends: in the file, in the log, and in its row."""
    return (
        newest.file_id == found.file_id
        and newest.first_position + newest.line_count == found.first_position
        and newest.first_line + newest.line_count == found.first_line
        and len(newest.marks) < SEGMENT_MARKS_MAX
    )


def _seam_mark(newest: Segment, found: Segment) -> Marks:
    """A mark where the new lines begin, when without it the next one would be too far from the last."""
    last = newest.marks[-1][1] if newest.marks else newest.start
    following = found.marks[0][1] if found.marks else found.end
    return ((found.first_line, found.start),) if following - last > MARK_STRIDE else ()


def _first(cursor: sqlite3.Cursor, query: str, *values: int) -> Segment | None:
    cursor.execute(query, values)
    row = cursor.fetchone()
    return None if row is None else _segment(row)


def _segment(row: Sequence[Any]) -> Segment:
    return Segment(row[0], row[1], row[2], row[3], row[4], row[5], unpack(row[6]))


def _values(segment: Segment) -> tuple[object, ...]:
    return (
        segment.first_position,
        segment.line_count,
        segment.file_id,
        segment.first_line,
        segment.start,
        segment.end,
        pack(segment.marks),
    )
