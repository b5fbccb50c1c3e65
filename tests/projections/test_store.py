"""The index commits rows and position together, forgets files as a whole, and knows when it was deleted."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from eventsourcing.persistence import IntegrityError, Tracking

from projections.store import TABLES, UPSTREAM, IndexStore
from projections.threads import ThreadList
from rollout.catalogue.catalogue import Catalogue
from rollout.finding.home import Home
from rollout.finding.sessions import Sessions
from rollout.joined.home_log import JoinedLog
from tests.home import IndexedHome, meta
from tests.projections.homes import new_home
from tests.projections.sample import SAMPLE, thread, turns

ROOT = Path(__file__).parents[2]

Change = tuple[Callable[[Path], object], ...]


@pytest.fixture(name="home")
def _home(tmp_path: Path) -> Iterator[IndexedHome]:
    home = new_home(tmp_path)
    yield home
    home.close()


def fill(home: IndexedHome, *numbers: int) -> None:
    """Threads with all kinds of rows."""
    for number in numbers:
        home.write(SAMPLE, thread(number))
        home.catch_up(thread(number))
    files = list(Sessions(Home.at(home.root)).listed(archived=False))
    ThreadList(home.store, JoinedLog(home.log)).reconcile(files, archived=False)


def counts(home: IndexedHome, file_id: int) -> dict[str, int]:
    """How many rows of each table are one file's."""
    with home.store.writing() as cursor:
        return {
            table: cursor.execute(f"SELECT count(*) FROM {table} WHERE file_id = ?", (file_id,)).fetchone()[0]
            for table in (*TABLES, "rollout_file", "segment")
        }


# -- transactions -----------------------------------------------------------------------------


def test_what_is_written_is_committed_at_the_end(home: IndexedHome) -> None:
    with home.store.writing() as cursor:
        home.store.track(cursor, 7)
    other = IndexStore(home.store.path, Catalogue())
    assert other.max_tracking_id(UPSTREAM) == 7
    other.close()


def test_an_error_takes_rows_and_position_back(home: IndexedHome) -> None:
    fill(home, 1)
    before = (home.tables(), home.store.max_tracking_id(UPSTREAM))

    def write_and_fail() -> None:
        with home.store.writing() as cursor:
            home.store.track(cursor, 10**6)
            home.store.forget(cursor, 1)
            raise LookupError

    with pytest.raises(LookupError):
        write_and_fail()
    assert (home.tables(), home.store.max_tracking_id(UPSTREAM)) == before


@pytest.mark.parametrize("fails", [True, False])
def test_what_is_tried_is_seen_inside_and_nowhere_else(home: IndexedHome, fails: bool) -> None:  # noqa: FBT001
    fill(home, 1)
    before = (home.tables(), home.store.max_tracking_id(UPSTREAM))

    def attempt() -> None:
        with home.store.trying() as cursor:
            home.store.forget(cursor, 1)
            assert cursor.execute("SELECT count(*) FROM turn").fetchone()[0] == 0
            if fails:
                raise LookupError

    if fails:
        with pytest.raises(LookupError):
            attempt()
    else:
        attempt()
    assert (home.tables(), home.store.max_tracking_id(UPSTREAM)) == before


# -- the tracked position ---------------------------------------------------------------------


def test_the_position_only_grows(home: IndexedHome) -> None:
    assert home.store.max_tracking_id(UPSTREAM) is None
    for position, is_taken in ((5, True), (5, False), (4, False), (6, True), (0, False), (2**62, True)):
        before = home.store.max_tracking_id(UPSTREAM)
        if is_taken:
            home.store.insert_tracking(Tracking(UPSTREAM, position))
        else:
            with pytest.raises(IntegrityError):
                home.store.insert_tracking(Tracking(UPSTREAM, position))
        assert home.store.max_tracking_id(UPSTREAM) == (position if is_taken else before)


def test_tracking_the_head_moves_to_it_once(home: IndexedHome) -> None:
    with home.store.writing() as cursor:
        home.store.track_folded(cursor)
    assert home.store.max_tracking_id(UPSTREAM) is None
    home.write(SAMPLE)
    home.catch_up()
    for _ in range(2):
        with home.store.writing() as cursor:
            home.store.track_folded(cursor)
        assert home.store.max_tracking_id(UPSTREAM) == len(SAMPLE)


# -- forgetting and counting ------------------------------------------------------------------


def test_a_forgotten_file_leaves_no_row(home: IndexedHome) -> None:
    fill(home, 1, 2)
    kept = counts(home, 2)
    assert all(count for table, count in counts(home, 1).items() if table != "base")
    with home.store.writing() as cursor:
        home.store.forget(cursor, 1)
    assert not any(counts(home, 1).values())
    assert counts(home, 2) == kept


def test_forgetting_a_file_that_is_not_known_does_nothing(home: IndexedHome) -> None:
    fill(home, 1)
    before = home.tables()
    with home.store.writing() as cursor:
        home.store.forget(cursor, 99)
    assert home.tables() == before


def test_every_table_with_a_file_column_is_forgotten(home: IndexedHome) -> None:
    with home.store.writing() as cursor:
        names = [row[0] for row in cursor.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        found = {
            name
            for name in names
            if "file_id" in [row["name"] for row in cursor.execute(f"PRAGMA table_info({name})").fetchall()]
        }
    assert found == {*TABLES, "rollout_file", "segment"}


def test_what_is_indexed_is_counted(home: IndexedHome) -> None:
    assert home.store.count() == {"files": 0, "lines": 0, "bytes": 0, "threads": 0, "turns": 0}
    fill(home, 1, 2)
    size = len(b"".join(SAMPLE))
    turn_count = len(home.turns(thread_id=thread(1)))
    assert home.store.count() == {
        "files": 2,
        "lines": 2 * len(SAMPLE),
        "bytes": 2 * size,
        "threads": 1,  # both files tell the same id
        "turns": 2 * turn_count,
    }


def test_compacting_empties_the_write_ahead_log_and_tells_the_size(home: IndexedHome) -> None:
    home.write([meta(), *turns(500)])
    home.catch_up()
    wal = home.store.path.with_name("index.sqlite-wal")
    assert wal.stat().st_size > 0
    before = home.tables()
    assert home.store.compact() == home.store.path.stat().st_size
    assert wal.stat().st_size == 0
    assert home.tables() == before


# -- deletion ---------------------------------------------------------------------------------

DELETED: dict[str, Change] = {
    "the file": (Path.unlink,),
    "the folder": (lambda path: shutil.rmtree(path.parent),),
    "moved away": (lambda path: path.rename(path.with_name("aside")),),
    "a folder in its place": (lambda path: path.rename(path.with_name("aside")), Path.mkdir),
    "another file in its place": (lambda path: path.rename(path.with_name("aside")), Path.touch),
    "a copy in its place": (
        lambda path: shutil.copy2(path, path.with_name("copy")),
        lambda path: path.with_name("copy").replace(path),
    ),
}


@pytest.mark.parametrize("change", DELETED.values(), ids=DELETED.keys())
def test_an_index_that_was_deleted_or_replaced_is_not_in_place(home: IndexedHome, change: Change) -> None:
    fill(home, 1)
    assert home.store.is_in_place()
    for step in change:
        step(home.store.path)
    assert not home.store.is_in_place()


def test_an_index_that_is_in_use_stays_in_place(home: IndexedHome) -> None:
    fill(home, 1)
    home.store.compact()
    os.utime(home.store.path, (1, 1))
    other = IndexedHome(home.root)
    assert home.store.is_in_place()
    assert other.store.is_in_place()
    other.close()


def test_a_deleted_index_is_built_again_with_the_same_rows(home: IndexedHome) -> None:
    fill(home, 1)
    before = home.tables()
    home.store.path.unlink()
    again = IndexedHome(home.root)
    again.catch_up(thread(1))
    assert again.tables() == before
    again.close()


KILLED = """
import os, sys
from pathlib import Path
from tests.home import IndexedHome
home = IndexedHome(Path(sys.argv[1]))
home.catch_up()
os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize("is_shared_memory_lost", [True, False])
def test_an_index_whose_server_was_killed_opens_with_its_rows(
    home: IndexedHome,
    is_shared_memory_lost: bool,  # noqa: FBT001 - a parameter
) -> None:
    home.write([meta(), *turns(50)])
    home.close()
    done = subprocess.run([sys.executable, "-c", KILLED, str(home.root)], cwd=ROOT, check=False)
    assert done.returncode == -9
    assert home.store.path.with_name("index.sqlite-wal").stat().st_size > 0
    if is_shared_memory_lost:
        home.store.path.with_name("index.sqlite-shm").unlink()
    again = IndexedHome(home.root)
    assert again.store.count()["turns"] == 50
    again.close()


# -- two at once ------------------------------------------------------------------------------


def test_whoever_writes_second_waits_for_the_first(home: IndexedHome) -> None:
    other = IndexStore(home.store.path, Catalogue())
    order: list[str] = []

    def write() -> None:
        with other.writing() as cursor:
            order.append("second")
            other.track(cursor, 8)

    thread = Thread(target=write)
    with home.store.writing() as cursor:
        thread.start()
        thread.join(0.05)
        home.store.track(cursor, 7)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]
    assert home.store.max_tracking_id(UPSTREAM) == 8
    other.close()


def test_many_that_open_one_index_at_once_agree(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    IndexStore(path, Catalogue()).close()
    failures: list[BaseException] = []

    def open_it() -> None:
        try:
            IndexStore(path, Catalogue()).close()
        except BaseException as error:  # noqa: BLE001 - told to the test
            failures.append(error)

    threads = [Thread(target=open_it) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert failures == []
