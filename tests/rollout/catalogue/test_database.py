"""The small database of the catalogue keeps writers apart and readers going."""

import sqlite3
import stat
from pathlib import Path
from threading import Thread

import pytest

from rollout.catalogue.database import CatalogueDatabase
from tests.rollout.recorders import THREAD, Place


def test_what_is_committed_is_there_for_all(tmp_path: Path) -> None:
    one, two = CatalogueDatabase(str(tmp_path / "i")), CatalogueDatabase(str(tmp_path / "i"))
    with one.transaction(commit=True) as cursor:
        cursor.execute("INSERT INTO position VALUES (1, 7)")
    with two.transaction(commit=False) as cursor:
        assert cursor.execute("SELECT next FROM position").fetchone() == (7,)
    one.close()
    two.close()


def test_an_error_takes_everything_back(tmp_path: Path) -> None:
    database = CatalogueDatabase(str(tmp_path / "i"))

    def fail() -> None:
        with database.transaction(commit=True) as cursor:
            cursor.execute("INSERT INTO position VALUES (1, 7)")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with database.transaction(commit=False) as cursor:
        assert cursor.execute("SELECT next FROM position").fetchone() is None
    database.close()


def test_a_reader_sees_one_state_while_others_write(tmp_path: Path) -> None:
    database = CatalogueDatabase(str(tmp_path / "i"))
    with database.transaction(commit=False) as reading:
        assert reading.execute("SELECT count(*) FROM position").fetchone() == (0,)
        with database.transaction(commit=True) as writing:
            writing.execute("INSERT INTO position VALUES (1, 7)")
        assert reading.execute("SELECT count(*) FROM position").fetchone() == (0,)
    database.close()


def test_writers_of_two_programs_wait_for_each_other(tmp_path: Path) -> None:
    databases = [CatalogueDatabase(str(tmp_path / "i")) for _ in range(2)]
    with databases[0].transaction(commit=True) as cursor:
        cursor.execute("INSERT INTO position VALUES (1, 0)")

    def count(database: CatalogueDatabase) -> None:
        for _ in range(100):
            with database.transaction(commit=True) as cursor:
                (number,) = cursor.execute("SELECT next FROM position").fetchone()
                cursor.execute("UPDATE position SET next = ?", (number + 1,))

    threads = [Thread(target=count, args=(database,)) for database in databases * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with databases[0].transaction(commit=False) as cursor:
        assert cursor.execute("SELECT next FROM position").fetchone() == (400,)
    for database in databases:
        database.close()


def test_only_the_owner_reads_it(tmp_path: Path) -> None:
    place = Place(tmp_path)
    with place.database.transaction(commit=True) as cursor:
        place.catalogue.forget(cursor, 1)
    files = list(tmp_path.glob("index.sqlite*"))
    assert len(files) == 3
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    place.database.close()


def test_a_transaction_that_outlives_the_database_still_ends(tmp_path: Path) -> None:
    database = CatalogueDatabase(str(tmp_path / "i"))
    with database.transaction(commit=True) as cursor:
        database.close()
        cursor.execute("INSERT INTO position VALUES (1, 7)")
    with sqlite3.connect(tmp_path / "i") as connection:
        assert connection.execute("SELECT next FROM position").fetchone() == (7,)
    connection.close()


def test_a_deleted_database_costs_nothing_but_positions(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write(b"one", b"two")
    before = place.recorder().select_events(THREAD)
    place.database.close()
    for file in tmp_path.glob("index.sqlite*"):
        file.unlink()
    again = Place(tmp_path)
    assert again.recorder().select_events(THREAD) == before
    again.database.close()
