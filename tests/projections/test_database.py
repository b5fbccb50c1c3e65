"""The index file is made privately, opened with our settings, and taken from version to version once."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from eventsourcing.persistence import IntegrityError, OperationalError

from projections import database
from projections.database import (
    BUSY_TIMEOUT_S,
    IndexDatabase,
    NewerIndex,
    connect,
    migrate,
    prepare,
)
from projections.schema import STEPS
from projections.store import TABLES, IndexStore
from rollout.catalogue.catalogue import Catalogue
from tests.home import IndexedHome, meta

OLD_STEPS = (("CREATE TABLE first (a)", "INSERT INTO first VALUES (1)"),)
NEW_STEPS = (*OLD_STEPS, ("CREATE TABLE second (b)", "INSERT INTO first VALUES (2)"))


@pytest.fixture(name="path")
def _path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "threadstore" / "index.sqlite"


@contextmanager
def connected(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection as the index has them."""
    connection = connect(str(path))
    yield connection
    connection.close()


def pragma(connection: sqlite3.Connection, name: str) -> object:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def tables_of(connection: sqlite3.Connection) -> set[str]:
    rows = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    return {row["name"] for row in rows}


# -- the folder -------------------------------------------------------------------------------


@pytest.mark.parametrize("mask", [0, 0o022, 0o077])
def test_the_folder_of_the_index_is_private(path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        prepare(path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_folder_that_is_there_is_left_as_it_is(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.parent.chmod(0o755)
    (path.parent / "other").write_bytes(b"kept")
    prepare(path)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o755
    assert (path.parent / "other").read_bytes() == b"kept"


@pytest.mark.parametrize("is_empty", [True, False])
def test_what_a_deleted_index_left_is_dropped(path: Path, is_empty: bool) -> None:  # noqa: FBT001
    path.parent.mkdir(parents=True)
    if is_empty:
        path.touch()
    for suffix in ("-wal", "-shm", "-other"):
        path.with_name(path.name + suffix).write_bytes(b"left over")
    prepare(path)
    assert sorted(found.name for found in path.parent.iterdir() if found != path) == ["index.sqlite-other"]


def test_the_log_of_a_deleted_index_does_not_come_back(tmp_path: Path) -> None:
    home = IndexedHome(tmp_path)
    home.write([meta()])
    home.catch_up()
    path = home.store.path
    aside = path.with_name("aside")
    wal = path.with_name("index.sqlite-wal")
    aside.write_bytes(wal.read_bytes())
    home.close()
    path.unlink()
    aside.rename(wal)
    other = IndexedHome(tmp_path)
    assert other.store.count()["files"] == 0


def test_an_index_in_use_keeps_its_companions(tmp_path: Path) -> None:
    home = IndexedHome(tmp_path)
    home.write([meta()])
    home.catch_up()
    other = IndexedHome(tmp_path)
    assert other.store.count() == home.store.count()
    assert other.store.count()["lines"] == 1


# -- connections ------------------------------------------------------------------------------


def test_every_connection_has_our_settings(path: Path) -> None:
    prepare(path)
    with connected(path) as connection:
        assert pragma(connection, "journal_mode") == "wal"
        assert pragma(connection, "synchronous") == 1
        assert pragma(connection, "temp_store") == 2
        assert pragma(connection, "cache_size") == -4096
        assert pragma(connection, "busy_timeout") == BUSY_TIMEOUT_S * 1000
        assert connection.isolation_level is None
        assert connection.execute("SELECT 1 AS one").fetchone()["one"] == 1


def test_the_connections_of_the_store_are_such(path: Path) -> None:
    store = IndexStore(path, Catalogue())
    with store.writing() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert cursor.execute("PRAGMA synchronous").fetchone()[0] == 1
    store.close()


# -- transactions -----------------------------------------------------------------------------


def test_a_transaction_that_writes_takes_the_lock_at_once(path: Path) -> None:
    prepare(path)
    index = IndexDatabase(path)
    with connected(path) as other:
        other.execute("PRAGMA busy_timeout = 0")
        with index.transaction(commit=True), pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        with index.transaction(commit=False):
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
    index.close()


def test_a_transaction_that_reads_leaves_nothing_behind(path: Path) -> None:
    prepare(path)
    index = IndexDatabase(path)
    with index.transaction(commit=False) as cursor:
        cursor.execute("CREATE TABLE made (a)")
    with connected(path) as connection:
        assert tables_of(connection) == set()
    index.close()


@pytest.mark.parametrize(
    ("error", "seen"),
    [
        (ZeroDivisionError, ZeroDivisionError),
        (KeyboardInterrupt, KeyboardInterrupt),
        (sqlite3.OperationalError, OperationalError),
        (sqlite3.IntegrityError, IntegrityError),
    ],
)
def test_an_error_in_a_transaction_rolls_it_back(
    path: Path, error: type[BaseException], seen: type[BaseException]
) -> None:
    prepare(path)
    index = IndexDatabase(path)

    def make_and_fail() -> None:
        with index.transaction(commit=True) as cursor:
            cursor.execute("CREATE TABLE made (a)")
            raise error

    with pytest.raises(seen):
        make_and_fail()
    with connected(path) as connection:
        assert tables_of(connection) == set()
    with index.transaction(commit=True) as cursor:
        cursor.execute("CREATE TABLE made (a)")
    with connected(path) as connection:
        assert tables_of(connection) == {"made"}
    index.close()


# -- versions ---------------------------------------------------------------------------------


def test_a_new_index_has_all_tables_and_the_newest_version(path: Path) -> None:
    IndexStore(path, Catalogue()).close()
    with connected(path) as connection:
        assert pragma(connection, "user_version") == len(STEPS)
        assert tables_of(connection) >= {*TABLES, "rollout_file", "segment", "position", "tracking"}


def test_an_index_that_is_opened_again_stays_as_it_is(path: Path) -> None:
    IndexStore(path, Catalogue()).close()
    with connected(path) as connection:
        before = pragma(connection, "schema_version")
    for _ in range(2):
        IndexStore(path, Catalogue()).close()
    with connected(path) as connection:
        assert pragma(connection, "schema_version") == before


def test_each_step_is_taken_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(path)
    with connected(path) as connection:
        for steps, rows in ((OLD_STEPS, [1]), (OLD_STEPS, [1]), (NEW_STEPS, [1, 2]), (NEW_STEPS, [1, 2])):
            monkeypatch.setattr(database, "STEPS", steps)
            migrate(connection.cursor())
            assert [row["a"] for row in connection.execute("SELECT a FROM first").fetchall()] == rows
            assert pragma(connection, "user_version") == len(steps)


def test_a_step_that_fails_is_not_taken_at_all(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(path)
    monkeypatch.setattr(database, "STEPS", (*NEW_STEPS, ("CREATE TABLE third (c)", "nonsense")))
    with connected(path) as connection:
        connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError, match="nonsense"):
            migrate(connection.cursor())
        connection.execute("ROLLBACK")
        assert (pragma(connection, "user_version"), tables_of(connection)) == (0, set())


@pytest.mark.parametrize("ahead", [1, 1000])
def test_an_index_of_a_newer_program_is_refused_and_kept(path: Path, ahead: int) -> None:
    IndexStore(path, Catalogue()).close()
    with connected(path) as connection:
        connection.execute("CREATE TABLE newer (a)")
        connection.execute(f"PRAGMA user_version = {len(STEPS) + ahead}")
    sentence = f"^its schema has version {len(STEPS) + ahead}, this program knows {len(STEPS)}$"
    with pytest.raises(NewerIndex, match=sentence):
        IndexStore(path, Catalogue())
    with connected(path) as connection:
        assert pragma(connection, "user_version") == len(STEPS) + ahead
        assert "newer" in tables_of(connection)


@pytest.mark.parametrize("data", [b"garbage" * 1000, b"SQLite format 3\0" + b"\xff" * 4000])
def test_a_file_that_is_no_database_is_an_error(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    with pytest.raises(sqlite3.DatabaseError):
        IndexStore(path, Catalogue())
    assert path.read_bytes() == data
