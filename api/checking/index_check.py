"""The index held against the log: what it says of a file is compared with what the file says now.

A fresh index of a few files at a time is made in memory, from their logs, and its rows are compared with
those of the index that is checked. Files that changed since they were indexed are passed over: the next
look takes them in.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from enum import StrEnum
from uuid import UUID

from api.checking.index_reader import OtherVersion, Unsound, check_whole, looked_at
from domain.damage.finding import DamageClass, Finding, finding
from domain.errors import ThreadstoreError
from domain.limits import CHECK_FILES_AT_ONCE, CHECK_SAMPLE_FILES, CHECK_SAMPLE_SIZE
from projections.indexer import Indexer
from projections.memory_store import MemoryStore
from projections.store import TABLES, UPSTREAM
from projections.threads import ThreadList
from rollout.catalogue.catalogue import Catalogue
from rollout.finding.home import Home
from rollout.finding.sessions import Sessions, regular_state
from rollout.joined.home_log import JoinedLog

Progress = Callable[[int, int], None]


class Depth(StrEnum):
    """How much of the index is held against the log."""

    NONE = "none"
    SAMPLE = "sample"
    FULL = "full"


ACCIDENTAL = {
    "thread": {"file_id", "is_listed", "searched_end"},
    "base": {"file_id", "state", "path"},
}
"""Columns that tell when a row was made, or depend on other files than its own."""

FILES = """
    SELECT file.file_id, file.path, file.thread_id, file.size, history.state AS folded
    FROM rollout_file AS file LEFT JOIN history USING (file_id) ORDER BY file.path DESC
"""

GAPS = """
    SELECT count(*) FROM (
        SELECT segment.*, row_number() OVER of_file AS place,
            lag(first_line + line_count) OVER of_file AS next_line, lag("end") OVER of_file AS next_start
        FROM segment WINDOW of_file AS (PARTITION BY file_id ORDER BY first_line))
    WHERE first_line <> coalesce(next_line, 1) OR start <> coalesce(next_start, start)
"""
OVERLAPS = """
    SELECT count(*) FROM (
        SELECT first_position, lag(first_position + line_count) OVER (ORDER BY first_position) AS free
        FROM segment)
    WHERE first_position < free
"""
SHORT = """
    SELECT count(*) FROM rollout_file AS file WHERE line_count <> coalesce(
        (SELECT sum(line_count) FROM segment WHERE segment.file_id = file.file_id), 0)
"""
BEYOND = f"""
    SELECT count(*) FROM tracking WHERE application_name = '{UPSTREAM}'
    AND notification_id >= coalesce((SELECT next FROM position), 1)
"""  # noqa: S608 - our own name
RULES = {
    "positions of lines have gaps": GAPS,
    "positions were given twice": OVERLAPS,
    "lines without positions": SHORT,
    "more is accounted for than there is": BEYOND,
}
"""What must not be in an index, with the question that counts it."""


class IndexCheck:
    """One look at the index of a home; `compared` counts the files that were held against their logs."""

    def __init__(
        self, home: Home, depth: Depth, is_asked: Callable[[str], bool], progress: Progress | None = None
    ) -> None:
        self.compared = 0
        self._home = home
        self._depth = depth
        self._is_asked = is_asked
        self._progress = progress
        self._sessions = Sessions(home)
        self._log = JoinedLog(find_log=self._sessions.find_log)

    def findings(self) -> Iterator[Finding]:
        """What is wrong with the index; nothing when there is none."""
        path = self._home.index
        if self._depth is Depth.NONE or not path.exists():
            return
        try:
            with looked_at(path) as cursor:
                check_whole(cursor, path)
                yield from self._of_positions(cursor)
                yield from self._of_files(cursor)
        except (Unsound, OtherVersion) as reason:
            is_other = isinstance(reason, OtherVersion)
            damage = DamageClass.INDEX_DIFFERS if is_other else DamageClass.INDEX_DAMAGED
            yield self._of_index(damage, str(reason))
        except (TypeError, ValueError):  # no path where one should be, no id where an id should be
            yield self._of_index(DamageClass.INDEX_DAMAGED, "it holds what is never put there")

    def _of_index(self, damage: DamageClass, note: str) -> Finding:
        file = str(self._home.index).removeprefix(f"{self._home.root}/")
        return finding(file, None, damage, note=note)

    def _of_positions(self, cursor: sqlite3.Cursor) -> Iterator[Finding]:
        for sentence, question in RULES.items():
            count = cursor.execute(question).fetchone()[0]
            if count:
                yield self._of_index(DamageClass.INDEX_DIFFERS, f"{sentence}: {count}")

    def _of_files(self, cursor: sqlite3.Cursor) -> Iterator[Finding]:
        asked = [file for file in cursor.execute(FILES).fetchall() if self._is_asked(file["path"])]
        files = asked if self._depth is Depth.FULL else _sample(asked)
        total, done = sum(file["size"] for file in files), 0
        for at in range(0, len(files), CHECK_FILES_AT_ONCE):
            some = files[at : at + CHECK_FILES_AT_ONCE]
            yield from self._compared(cursor, some)
            done += sum(file["size"] for file in some)
            if self._progress is not None:
                self._progress(done, total)

    def _compared(self, cursor: sqlite3.Cursor, files: Sequence[sqlite3.Row]) -> Iterator[Finding]:
        with closing(MemoryStore(Catalogue())) as fresh:
            for file in files:
                try:
                    self._index(fresh, file["path"], UUID(file["thread_id"]))
                except (OSError, ThreadstoreError):
                    continue  # the log itself is at fault, or gone
            with fresh.writing() as other:
                for file in files:
                    yield from self._differences(cursor, other, file)

    def _index(self, fresh: MemoryStore, path: str, thread_id: UUID) -> None:
        if regular_state(path) is None:
            return
        Indexer(fresh, self._log).catch_up(path, thread_id)
        place = self._sessions.listed_place(path)
        if place is not None:
            with fresh.writing() as cursor:
                ThreadList(fresh, self._log).renew(cursor, [place])

    def _differences(
        self, cursor: sqlite3.Cursor, fresh: sqlite3.Cursor, file: sqlite3.Row
    ) -> Iterator[Finding]:
        found = fresh.execute(
            "SELECT file_id, state FROM rollout_file JOIN history USING (file_id) WHERE path = ?",
            (file["path"],),
        ).fetchone()
        if found is None:
            return
        counts = []
        for table in TABLES:
            if table != "thread" and found["state"] != file["folded"]:
                continue  # it changed since
            here, there = _rows(cursor, table, file["file_id"]), _rows(fresh, table, found["file_id"])
            if table == "thread" and not _is_of_same_state(here, there):
                continue
            if here != there:
                counts.append(f"{len(set(here) ^ set(there))} of {table}")
        self.compared += found["state"] == file["folded"]
        if counts:
            below = file["path"].removeprefix(f"{self._home.root}/")
            note = f"rows that differ: {', '.join(counts)}"
            yield finding(below, UUID(file["thread_id"]), DamageClass.INDEX_DIFFERS, note=note)


def _rows(cursor: sqlite3.Cursor, table: str, file_id: int) -> list[tuple[tuple[str, object], ...]]:
    """The rows of a file as sorted pairs of column and value, those aside that are accidental."""
    left_out = ACCIDENTAL.get(table, {"file_id"})
    rows = cursor.execute(f"SELECT * FROM {table} WHERE file_id = ?", (file_id,)).fetchall()  # noqa: S608
    kept = [tuple((name, row[name]) for name in row.keys() if name not in left_out) for row in rows]  # noqa: SIM118
    return sorted(kept, key=repr)


def _is_of_same_state(
    here: list[tuple[tuple[str, object], ...]], there: list[tuple[tuple[str, object], ...]]
) -> bool:
    """Whether both list rows are of the file as it is; a row that was not made yet is no fault."""
    return bool(here) and bool(there) and dict(here[0])["state"] == dict(there[0])["state"]


def _sample(files: Sequence[sqlite3.Row]) -> list[sqlite3.Row]:
    """Some files, spread over all of them; no more of log than is read in a second."""
    step = max(1, -(-len(files) // CHECK_SAMPLE_FILES))
    chosen: list[sqlite3.Row] = []
    left = CHECK_SAMPLE_SIZE
    for file in files[::step]:
        if file["size"] <= left:
            chosen.append(file)
            left -= file["size"]
    return chosen
