"""Joining catalogues: files and positions of one that is attached to the same connection become ours.

The other one, a shard, was made by the same program for files of its own. Its ids and positions mean
nothing here: files get ids of this database, and its positions are shifted behind the newest one.
"""

import sqlite3
from collections.abc import Sequence

from rollout.catalogue import segments

Pair = tuple[int, int]
"""The id of a file in the shard, and its id here."""

_ADD = """
    INSERT INTO main.rollout_file (thread_id, path, device, inode, size, mtime_ns, ctime_ns)
    SELECT thread_id, path, device, inode, 0, mtime_ns, ctime_ns FROM {shard}.rollout_file AS theirs
    WHERE NOT EXISTS (SELECT 1 FROM main.rollout_file AS ours WHERE ours.path = theirs.path)
    ORDER BY file_id
"""

_COPY = """
    INSERT INTO main.segment (first_position, line_count, file_id, first_line, start, "end", marks)
    SELECT first_position + ?, line_count, ?, first_line, start, "end", marks
    FROM {shard}.segment WHERE file_id = ?
"""

_FACTS = 'device, inode, size, mtime_ns, ctime_ns, "end", line_count, seam'

_SEEN = f"""
    UPDATE main.rollout_file SET ({_FACTS}) = (SELECT {_FACTS} FROM {{shard}}.rollout_file WHERE file_id = ?)
    WHERE file_id = ?
"""  # noqa: S608 - our own names


def join_files(cursor: sqlite3.Cursor, shard: str) -> None:
    """Add the shard's files whose paths are not known here; none of them has been looked at."""
    cursor.execute(_ADD.format(shard=shard))


def join_lines(cursor: sqlite3.Cursor, shard: str, pairs: Sequence[Pair]) -> None:
    """Give positions to the shard's lines of these files, none of whose lines has one here."""
    count: int = cursor.execute(f"SELECT coalesce(max(next) - 1, 0) FROM {shard}.position").fetchone()[0]  # noqa: S608
    first = segments.next_position(cursor)
    cursor.executemany(_COPY.format(shard=shard), [(first - 1, ours, theirs) for theirs, ours in pairs])
    cursor.executemany(_SEEN.format(shard=shard), pairs)
    segments.move_on(cursor, first + count)
