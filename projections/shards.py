"""Merging shards: an index of a few files, made elsewhere, becomes part of the index of the home.

A shard is an index like any other, of files that the real one did not know, in an SQLite file of its
own. Folding a log costs time; the rows that come of it are few, and inserting them costs next to none. So
worker processes make shards, and the one writer of the index takes their rows over.

The real index is the one that is believed: where it knows a file as well as the shard does, or better,
the shard's rows are left out. A file may have changed since the shard was made, or be gone: its rows tell
of which `stat` they are, so the next look at the file sees that, as it does with rows made here.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from eventsourcing.sqlite import SQLiteConnection

from domain.log import Log
from projections.changes import note_merged
from projections.database import SHARD_PRAGMAS
from projections.later_git import keep_git
from projections.ports import CatalogueTables
from projections.store import IndexStore

SHARD = "shard"
"""The name that a shard is attached under."""

HISTORY_TABLES = ("history", "turn", "item_line", "base")
"""What a fold fills."""

SIDE_TABLES = ("cwd",)
"""Tables whose keys are made from what they hold, so that a row says the same in every index."""

UNFOLDED_HERE = """
    SELECT theirs.file_id, ours.file_id
    FROM shard.history AS history JOIN shard.rollout_file AS theirs USING (file_id)
    CROSS JOIN main.rollout_file AS ours ON ours.path = theirs.path
    LEFT JOIN main.history AS known ON known.file_id = ours.file_id
    WHERE ours.line_count = 0 AND coalesce(known."end", 0) = 0 AND known.state IS NOT history.state
    ORDER BY theirs.file_id
"""
"""Files of which no line was folded here, or given a position; an empty file's history may be here."""

UNLISTED_HERE = """
    SELECT theirs.file_id, ours.file_id
    FROM shard.thread JOIN shard.rollout_file AS theirs USING (file_id)
    CROSS JOIN main.rollout_file AS ours ON ours.path = theirs.path
    WHERE NOT EXISTS (SELECT 1 FROM main.thread AS known WHERE known.file_id = ours.file_id)
    ORDER BY theirs.file_id
"""
"""Files that have no list row here."""

RIVALLED = """
    SELECT DISTINCT thread_id FROM shard.thread AS theirs
    WHERE (is_listable AND NOT is_listed) OR EXISTS (
        SELECT 1 FROM main.thread AS ours WHERE ours.thread_id = theirs.thread_id LIMIT 1 OFFSET 1)
"""
"""Threads that have several list rows here, or had in the shard: which of them is listed is to be chosen."""


class UnusableShard(Exception):
    """A shard that cannot be merged: it is missing, damaged, or another version of the program made it."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"the shard {path} cannot be merged: {reason}")


def open_shard(path: Path, catalogue: CatalogueTables) -> IndexStore:
    """A new shard; what triggers would make of its rows is made when they are merged."""
    store = IndexStore(path, catalogue, SHARD_PRAGMAS)
    with store.writing() as cursor:
        for name in cursor.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            cursor.execute(f'DROP TRIGGER "{name[0]}"')
    return store


def merge(store: IndexStore, shard: Path, log: Log) -> int:
    """Take over what a shard knows better, in one transaction; tells of how many files that was.

    UnusableShard when there is no such shard; the shard is only read. The log is asked for git facts that
    stand behind the head of a file: a list row shows them once both it and the history are here.
    """
    with _attached(store, shard) as connection:
        _check(connection, shard)
        with connection.transaction(commit=True) as inner:
            cursor = cast("sqlite3.Cursor", inner)
            store.catalogue.join_files(cursor, SHARD)
            listed = _list(store, cursor)
            folded = _fold(store, cursor)
            keep_git(cursor, log, listed | folded)
            return len(listed | folded)


def _list(store: IndexStore, cursor: sqlite3.Cursor) -> set[int]:
    """Take over list rows; gives the ids of their files here."""
    pairs = _pairs(cursor, UNLISTED_HERE)
    if pairs:
        _copy(cursor, "thread", pairs)
        for table in SIDE_TABLES:
            if _columns(cursor, table):
                cursor.execute(f"INSERT OR IGNORE INTO main.{table} SELECT * FROM {SHARD}.{table}")  # noqa: S608 - our own names
        store.choose(cursor, [row[0] for row in cursor.execute(RIVALLED).fetchall()])
    return {ours for _, ours in pairs}


def _fold(store: IndexStore, cursor: sqlite3.Cursor) -> set[int]:
    """Take over histories and the positions of their lines; gives the ids of their files here."""
    pairs = _pairs(cursor, UNFOLDED_HERE)
    if pairs:
        store.catalogue.join_lines(cursor, SHARD, pairs)
        cursor.executemany("DELETE FROM history WHERE file_id = ?", [(ours,) for _, ours in pairs])
        for table in HISTORY_TABLES:
            _copy(cursor, table, pairs)
        note_merged(cursor, [ours for _, ours in pairs])
        store.track_folded(cursor)
    return {ours for _, ours in pairs}


def _pairs(cursor: sqlite3.Cursor, query: str) -> list[tuple[int, int]]:
    """Files by their ids: (in the shard, here)."""
    return [tuple(row) for row in cursor.execute(query).fetchall()]


def _copy(cursor: sqlite3.Cursor, table: str, pairs: Sequence[tuple[int, int]]) -> None:
    """Insert the shard's rows of these files."""
    columns = ", ".join(f'"{name}"' for name in _columns(cursor, table) if name != "file_id")
    cursor.executemany(
        f"INSERT INTO main.{table} ({columns}, file_id) "  # noqa: S608 - our own names
        f"SELECT {columns}, ? FROM {SHARD}.{table} WHERE file_id = ?",
        [(ours, theirs) for theirs, ours in pairs],
    )


def _columns(cursor: sqlite3.Cursor, table: str) -> list[str]:
    """The names of a table's columns; none when there is no such table."""
    return [row["name"] for row in cursor.execute(f"PRAGMA main.table_info({table})").fetchall()]


@contextmanager
def _attached(store: IndexStore, shard: Path) -> Iterator[SQLiteConnection]:
    """The connection of the store, the shard attached to it: neither works inside a transaction."""
    if not shard.is_file():
        raise UnusableShard(shard, "it is missing")
    with store.datastore.get_connection(commit=True) as connection:
        cursor = connection.cursor()
        try:
            cursor.execute(f"ATTACH DATABASE ? AS {SHARD}", (str(shard),))
        except sqlite3.DatabaseError as error:
            raise UnusableShard(shard, str(error)) from error
        try:
            yield connection
        finally:
            cursor.execute(f"DETACH DATABASE {SHARD}")


def _check(connection: SQLiteConnection, shard: Path) -> None:
    """UnusableShard unless the tables are those of this index.

    Asked before the index is touched: damage that shows later would be taken for damage of the index.
    """
    cursor = connection.cursor()
    versions = []
    try:
        for name in (SHARD, "main"):
            cursor.execute(f"PRAGMA {name}.user_version")
            versions.append(cursor.fetchone()[0])
    except sqlite3.DatabaseError as error:
        raise UnusableShard(shard, str(error)) from error
    if versions[0] != versions[1]:
        raise UnusableShard(shard, f"its schema has version {versions[0]}, the index {versions[1]}")
