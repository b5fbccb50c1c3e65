"""The catalogue: which files are known, and which runs of their lines (segments) have positions.

Its tables lie in the database of the read models, so that positions, tracking and rows are committed
together; every method works inside the caller's transaction, which is begun IMMEDIATE when it writes.

Two numbers are never used twice, whatever is forgotten: a file's id (a file that was replaced is a new
file) and a position (tracking positions only grow). Positions come from a table, never from memory:
several programs give them out of one database.

A row of `rollout_file` that says what `stat` says is up to date: its `size` is how much of the file was
looked at, so the facts of a file that was not read to its end never agree. Its `seam` is a checksum of the
first and the last bytes before `end` (`OpenLog.seam`): a new file may well get the inode of a removed one.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from domain.log import FileState, LogFile, LogSlice, Segment
from rollout.catalogue import joining, segments
from rollout.catalogue.marks import Mark, Marks, marks_of, nearest

CATALOGUE_TABLES: tuple[str, ...] = (
    # A device, an inode and a time may each be beyond SQLite's 64 bits: as texts they cannot fail.
    """CREATE TABLE IF NOT EXISTS rollout_file (
        file_id INTEGER PRIMARY KEY AUTOINCREMENT,
        thread_id TEXT NOT NULL,
        path TEXT NOT NULL,
        device TEXT NOT NULL,
        inode TEXT NOT NULL,
        size INTEGER NOT NULL,
        mtime_ns TEXT NOT NULL,
        ctime_ns TEXT NOT NULL,
        "end" INTEGER NOT NULL DEFAULT 0,
        line_count INTEGER NOT NULL DEFAULT 0,
        seam INTEGER
    )""",
    # Files come newest first: in falling order each goes to the end, and pages are full, not half empty.
    "CREATE UNIQUE INDEX IF NOT EXISTS rollout_file_path ON rollout_file (path DESC)",
    "CREATE INDEX IF NOT EXISTS rollout_file_thread_id ON rollout_file (thread_id DESC)",
    *segments.SEGMENT_TABLES,
)

_FILES = """
    SELECT file_id, thread_id, path, "end", line_count, device, inode, size, mtime_ns, ctime_ns
    FROM rollout_file
"""


class Catalogue:
    """The tables and what is done with them; it holds nothing itself."""

    tables: Sequence[str] = CATALOGUE_TABLES

    def file_at(self, cursor: sqlite3.Cursor, path: str) -> LogFile | None:
        """The file known under this path."""
        return _one(_files(cursor, "WHERE path = ?", path))

    def file(self, cursor: sqlite3.Cursor, file_id: int) -> LogFile | None:
        """The file of this id; None when it was forgotten."""
        return _one(_files(cursor, "WHERE file_id = ?", file_id))

    def files_of(self, cursor: sqlite3.Cursor, thread_id: UUID) -> list[LogFile]:
        """The files whose names tell this thread, in the order of finding."""
        return _files(cursor, "WHERE thread_id = ? ORDER BY file_id", str(thread_id))

    def files(self, cursor: sqlite3.Cursor) -> list[LogFile]:
        """All files, in the order of finding."""
        return _files(cursor, "ORDER BY file_id")

    def add_file(self, cursor: sqlite3.Cursor, thread_id: UUID, path: str, state: FileState) -> LogFile:
        """A file met for the first time; none of it has been looked at."""
        state = replace(state, size=0)
        cursor.execute(
            "INSERT INTO rollout_file (thread_id, path, device, inode, size, mtime_ns, ctime_ns)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (str(thread_id), path, *_facts(state)),
        )
        file_id = cursor.lastrowid
        assert file_id is not None
        return LogFile(file_id, thread_id, path, 0, 0, state)

    def moved(self, cursor: sqlite3.Cursor, file_id: int, path: str, state: FileState) -> None:
        """The file has another path now, and is to be looked at again."""
        cursor.execute("UPDATE rollout_file SET path = ? WHERE file_id = ?", (path, file_id))
        self.seen(cursor, file_id, replace(state, size=0))

    def seen(self, cursor: sqlite3.Cursor, file_id: int, state: FileState, seam: int | None = None) -> None:
        """The file was looked at: every whole line that it had then is known."""
        cursor.execute(
            "UPDATE rollout_file SET device = ?, inode = ?, size = ?, mtime_ns = ?, ctime_ns = ?,"
            " seam = coalesce(?, seam) WHERE file_id = ?",
            (*_facts(state), seam, file_id),
        )

    def seam(self, cursor: sqlite3.Cursor, file_id: int) -> int | None:
        """The checksum at the ends of the known lines; None when nobody took it."""
        cursor.execute("SELECT seam FROM rollout_file WHERE file_id = ?", (file_id,))
        row = cursor.fetchone()
        return row[0] if row else None

    def extend(
        self,
        cursor: sqlite3.Cursor,
        file: LogFile,
        line_count: int,
        end: int,
        marks: Iterable[Mark],
        *,
        state: FileState | None = None,
        seam: int | None = None,
    ) -> Segment:
        """Positions for the lines found behind the known ones of `file`, up to the offset `end`.

        `file` is the row as it stands in this transaction. The segment given back is that of the new
        lines alone, also where its row went on with an older one. `state` is what `stat` said before they
        were read, when they are all the whole lines there are; without it the file is to be looked at again.
        """
        first = segments.next_position(cursor)
        found = Segment(first, line_count, file.file_id, file.line_count + 1, file.end, end, tuple(marks))
        segments.add(cursor, found)
        cursor.execute(
            'UPDATE rollout_file SET "end" = ?, size = ?, line_count = ?, seam = ? WHERE file_id = ?',
            (end, end, file.line_count + line_count, seam, file.file_id),
        )
        if state is not None:
            self.seen(cursor, file.file_id, state)
        return found

    def forget(self, cursor: sqlite3.Cursor, file_id: int) -> None:
        """Drop the file and its segments; their positions stay used."""
        cursor.execute("DELETE FROM segment WHERE file_id = ?", (file_id,))
        cursor.execute("DELETE FROM rollout_file WHERE file_id = ?", (file_id,))

    def join_files(self, cursor: sqlite3.Cursor, shard: str) -> None:
        """Add the files of an attached catalogue whose paths are not known here."""
        joining.join_files(cursor, shard)

    def join_lines(self, cursor: sqlite3.Cursor, shard: str, pairs: Sequence[tuple[int, int]]) -> None:
        """Give positions to the lines that an attached catalogue has of files: (its id, our id)."""
        joining.join_lines(cursor, shard, pairs)

    def head_position(self, cursor: sqlite3.Cursor) -> int:
        """The newest position ever given, 0 when there was none."""
        return segments.next_position(cursor) - 1

    def segments_from(self, cursor: sqlite3.Cursor, position: int, count: int) -> list[Segment]:
        """The segment that holds `position`, if one does, and those behind it: `count` at most."""
        return segments.from_position(cursor, position, count)

    def locate(self, cursor: sqlite3.Cursor, file_id: int, line: int) -> Mark:
        """The nearest known beginning of a line, at or before this one: its number and its offset."""
        segment = segments.of_line(cursor, file_id, line)
        if segment is None:
            return 1, 0
        return nearest(segment.marks, line) or (segment.first_line, segment.start)

    def positions(self, cursor: sqlite3.Cursor, file_id: int, first_line: int, line_count: int) -> list[int]:
        """The positions of these lines of a file; fewer when not all have one."""
        found: list[int] = []
        while line_count > 0 and (segment := segments.of_line(cursor, file_id, first_line)) is not None:
            skipped = first_line - segment.first_line
            here = min(segment.line_count - skipped, line_count)
            if here <= 0:
                break
            first = segment.first_position + skipped
            found += range(first, first + here)
            first_line += here
            line_count -= here
        return found

    @staticmethod
    def marks_of(piece: LogSlice, last: int | None = None) -> Marks:
        """The marks inside a slice, as `extend` takes them."""
        return marks_of(piece, last)


def _files(cursor: sqlite3.Cursor, condition: str, *values: object) -> list[LogFile]:
    cursor.execute(_FILES + condition, values)
    return [_file(*row) for row in cursor.fetchall()]


def _one(files: list[LogFile]) -> LogFile | None:
    return files[0] if files else None


def _file(file_id: int, thread_id: str, path: str, end: int, line_count: int, *facts: Any) -> LogFile:
    return LogFile(file_id, UUID(thread_id), path, end, line_count, FileState(*map(int, facts)))


def _facts(state: FileState) -> tuple[object, ...]:
    return str(state.device), str(state.inode), state.size, str(state.mtime_ns), str(state.ctime_ns)
