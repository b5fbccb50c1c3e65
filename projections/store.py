"""The index: the catalogue, the read models and the tracking position, in one SQLite file.

A view of the library (`SQLiteTrackingRecorder`): rows and position are committed in one transaction, so
each line of the log counts exactly once. Whoever commits late finds a greater position and rolls back.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from eventsourcing.persistence import Tracking
from eventsourcing.sqlite import SQLiteCursor, SQLiteTrackingRecorder

from domain.changes import ChangeKind
from projections.changes import note_boot, note_event
from projections.database import PRAGMAS, IndexDatabase, alone, migrate, prepare
from projections.ports import CatalogueTables

UPSTREAM = "rollouts"
"""The application whose positions are tracked: the log."""

TABLES = ("history", "turn", "item_line", "base", "thread")
"""The read models' tables; each row belongs to one file."""


UNFOLDED = """
    SELECT segment.first_position, segment.first_line, coalesce(history.line_count, 0) AS folded
    FROM segment LEFT JOIN history USING (file_id)
    WHERE segment.first_position >= coalesce(
        (SELECT max(first_position) FROM segment WHERE first_position <= ?), 0)
    AND coalesce(history.line_count, 0) < segment.first_line + segment.line_count - 1
    ORDER BY segment.first_position LIMIT 1
"""
"""The first run of lines, from a position on, that is not folded to its end."""


CHOOSE = """
    WITH log AS (
        SELECT file_id, is_archived, started_s, rollout_id, row_number() OVER (
            PARTITION BY is_archived, rollout_id ORDER BY is_listable DESC, thread.size DESC, path DESC
        ) AS place
        FROM thread JOIN rollout_file USING (file_id)
        WHERE thread.thread_id = ?1 AND (is_listable OR is_archived OR day)),
    current AS (
        SELECT file_id, is_archived, rollout_id, row_number() OVER (
            PARTITION BY is_archived ORDER BY started_s DESC, rollout_id DESC) AS place
        FROM log WHERE place = 1)
    UPDATE thread SET is_listed = file_id IN (
        SELECT file_id FROM current WHERE place = 1 AND NOT (is_archived AND EXISTS (
            SELECT 1 FROM current AS live WHERE NOT live.is_archived
            AND live.rollout_id IS NOT current.rollout_id)))
    WHERE thread_id = ?1 AND is_listable
"""
"""Of several logs of one thread the current one is listed: the last by time and rollout id, of a live thread
a live one (dialects.md, section 6), also when that shows nothing and so hides the thread. Of several files of
one log that is the longest (design, D11). Lists look where a day is known, and among archived files."""


class IndexStore(SQLiteTrackingRecorder):
    """The index of one home, for the one thread that writes it."""

    is_private = False
    """Whether nobody else can see it, and it ends with this process."""

    def __init__(self, path: Path, catalogue: CatalogueTables, pragmas: Sequence[str] = PRAGMAS) -> None:
        """Open the index, or begin it; NewerIndex when a newer program made it."""
        self.path = path
        self.catalogue = catalogue
        with alone(path):
            prepare(path)
            super().__init__(IndexDatabase(path, pragmas))
            self.create_table()
        found = path.stat()
        self.place = (found.st_dev, found.st_ino)

    @property
    def address(self) -> str:
        """How SQLite is told to open it for reading."""
        return f"{self.path.absolute().as_uri()}?mode=ro"

    def construct_create_table_statements(self) -> list[str]:
        """The tracking table of the library, and the catalogue's."""
        return [*super().construct_create_table_statements(), *self.catalogue.tables]

    def create_table(self) -> None:
        """Make or migrate all tables."""
        super().create_table()
        with self.writing() as cursor:
            migrate(cursor)
            note_boot(cursor)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Cursor]:
        """A transaction that writes: committed at the end, rolled back on any error."""
        with self.datastore.transaction(commit=True) as cursor:
            yield cast("sqlite3.Cursor", cursor)

    @contextmanager
    def trying(self) -> Iterator[sqlite3.Cursor]:
        """A transaction that leaves nothing behind."""
        with self.datastore.transaction(commit=True) as cursor:
            writable = cast("sqlite3.Cursor", cursor)
            writable.execute("SAVEPOINT trying")
            try:
                yield writable
            finally:
                writable.execute("ROLLBACK TO trying")

    def track(self, cursor: sqlite3.Cursor, position: int) -> None:
        """Account for all up to this position; IntegrityError when somebody was there before."""
        self._insert_tracking(cast("SQLiteCursor", cursor), Tracking(UPSTREAM, position))

    def track_folded(self, cursor: sqlite3.Cursor) -> None:
        """Account for all lines before the first that nobody has folded yet."""
        known = self._max_tracking_id(UPSTREAM, cast("SQLiteCursor", cursor)) or 0
        position = self.catalogue.head_position(cursor)
        unfolded = cursor.execute(UNFOLDED, (known + 1,)).fetchone()
        if unfolded is not None:
            first_position, first_line, folded = unfolded
            position = first_position + max(0, folded - first_line + 1) - 1
        if position > known:
            self.track(cursor, position)

    def forget(self, cursor: sqlite3.Cursor, file_id: int, kind: ChangeKind = ChangeKind.REWRITTEN) -> None:
        """Drop everything that was made from one file; the journal keeps why."""
        note_event(cursor, file_id, kind)
        self.catalogue.forget(cursor, file_id)
        listed = cursor.execute("SELECT thread_id FROM thread WHERE file_id = ?", (file_id,)).fetchall()
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table} WHERE file_id = ?", (file_id,))  # noqa: S608 - our own names
        self.choose(cursor, [row[0] for row in listed])

    def take_over(self, cursor: sqlite3.Cursor, file_id: int, other_id: int) -> list[str | None]:
        """Let a file that moved have the list row that was made under its new path.

        Gives the threads of which the listed file has to be chosen anew, once the path is the new one.
        """
        listed = cursor.execute(
            "SELECT thread_id FROM thread WHERE file_id IN (?, ?)", (file_id, other_id)
        ).fetchall()
        cursor.execute("DELETE FROM thread WHERE file_id = ?", (file_id,))
        cursor.execute("UPDATE thread SET file_id = ? WHERE file_id = ?", (file_id, other_id))
        self.catalogue.forget(cursor, other_id)
        return [row[0] for row in listed]

    def choose(self, cursor: sqlite3.Cursor, thread_ids: Iterable[str | None]) -> None:
        """Choose anew which file of each of these threads is listed."""
        told = {thread_id for thread_id in thread_ids if thread_id is not None}
        cursor.executemany(CHOOSE, [(thread_id,) for thread_id in told])

    def count(self) -> dict[str, int]:
        """How many files, lines, bytes of log, listed threads and turns are indexed."""
        with self.writing() as cursor:
            row = cursor.execute(
                'SELECT count(*), coalesce(sum(line_count), 0), coalesce(sum("end"), 0), '
                "(SELECT count(*) FROM thread WHERE is_listed), (SELECT count(*) FROM turn) FROM history"
            ).fetchone()
            return dict(zip(("files", "lines", "bytes", "threads", "turns"), row, strict=True))

    def compact(self) -> int:
        """Bring the write-ahead log into the database; tells the size of the index in bytes."""
        with self.datastore.get_connection(commit=True) as connection:
            cursor = connection.cursor()
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.fetchall()
        companions = (self.path.with_name(self.path.name + suffix) for suffix in ("", "-wal"))
        return sum(path.stat().st_size for path in companions if path.exists())

    def is_in_place(self) -> bool:
        """Whether the file that is open is still at the path: an index may be deleted at any moment."""
        try:
            found = self.path.stat()
        except OSError:
            return False
        return (found.st_dev, found.st_ino) == self.place

    def is_untouched(self) -> bool:
        """Whether there is nothing to check: nobody but this program wrote to it."""
        return self.is_in_place()

    def check(self) -> None:
        """Look whether it is still what this program left there; DamagedIndex when it is not."""

    def close(self) -> None:
        """Close the connections."""
        self.datastore.close()
