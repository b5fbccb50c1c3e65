"""Many files at once end in the rows of each by itself; one that cannot be read costs only itself."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from uuid import UUID

import pytest

from domain.log import RolloutPlace
from projections import history, indexer
from projections.indexer import Indexer
from rollout.joined.home_log import JoinedLog
from rollout.log import RolloutLog
from tests.home import IndexedHome, meta
from tests.projections.counting import CountingLog, Row, positions, rows
from tests.projections.homes import new_home
from tests.projections.sample import SAMPLE, thread, turns

CONTENTS = (
    b"".join(SAMPLE),
    b"",
    b"".join([meta(), *turns(30)]),
    b"".join(SAMPLE)[:-1],
    b"no lines at all",
    meta(),
)

Told = list[tuple[int, int, bool]]


@pytest.fixture(name="home")
def _home(tmp_path: Path) -> IndexedHome:
    home = new_home(tmp_path)
    for number, data in enumerate(CONTENTS):
        home.write(data, thread(number))
    return home


def place(home: IndexedHome, thread_id: UUID) -> RolloutPlace:
    """The thread's file as it was found."""
    path = str(home.path_of(thread_id))
    state = RolloutLog().state_of(path)
    assert state is not None
    return RolloutPlace(
        path,
        is_archived=False,
        is_listable=True,
        started_s=0,
        thread_id=thread_id,
        state=state,
        rollout_id=thread_id,
    )


def places(home: IndexedHome) -> list[RolloutPlace]:
    """All files."""
    return [place(home, thread(number)) for number in range(len(CONTENTS))]


def fill(home: IndexedHome, found: Iterable[RolloutPlace], log: CountingLog | None = None) -> Told:
    """Catch up with these files; gives what was told of each: its number, the bytes, whether it is done."""
    told: Told = []
    Indexer(home.store, JoinedLog(log or CountingLog())).catch_up_all(
        found, lambda file, new, is_all: told.append((file.thread_id.int & 0xFFFF, new, is_all))
    )
    return told


def whole(data: bytes) -> int:
    return data.rfind(b"\n") + 1


def one_by_one(folder: Path) -> list[dict[str, list[Row]]]:
    """The rows of each file, each caught up by itself in another home."""
    home = IndexedHome(folder)
    found = []
    for number, data in enumerate(CONTENTS):
        home.write(data, thread(number))
        found.append(rows(home, home.catch_up(thread(number)).file_id))
    return found


@pytest.mark.parametrize("lines_at_once", [1, 5, None])
@pytest.mark.parametrize("commit_size", [1, 1000, 10**9])
def test_many_files_at_once_end_in_the_rows_of_each_by_itself(
    home: IndexedHome,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    commit_size: int,
    lines_at_once: int | None,
) -> None:
    monkeypatch.setattr(history, "COMMIT_SIZE", commit_size)
    monkeypatch.setattr(indexer, "COMMIT_SIZE", commit_size)
    log = CountingLog(lines_at_once)
    told = fill(home, places(home), log)
    for number, data in enumerate(CONTENTS):
        of_file = [(new, is_all) for file, new, is_all in told if file == number]
        assert sum(new for new, _ in of_file) == whole(data)
        assert [is_all for _, is_all in of_file] == [False] * (len(of_file) - 1) + [True]
    assert log.sliced == sum(map(whole, CONTENTS))
    found = [rows(home, home.catch_up(thread(number)).file_id) for number in range(len(CONTENTS))]
    tables = [{name: found[name] for name in ("turn", "item_line")} for found in found]
    expected = one_by_one(tmp_path / "other")
    assert tables == [{name: one[name] for name in ("turn", "item_line")} for one in expected]
    count = sum(data.count(b"\n") for data in CONTENTS)
    assert positions(home) == (count, count)


def test_small_files_share_a_transaction_and_big_ones_have_several(
    home: IndexedHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    connection = home.store.datastore.pool.get_connection()
    connection._sqlite_conn.set_trace_callback(
        lambda statement: begun.append(statement) if statement.startswith("BEGIN") else None
    )
    home.store.datastore.pool.put_connection(connection)
    fill(home, places(home))
    assert len(begun) == 1
    monkeypatch.setattr(history, "COMMIT_SIZE", 1000)
    monkeypatch.setattr(indexer, "COMMIT_SIZE", 1000)
    home.write([meta(), *turns(100)])
    size = home.path_of().stat().st_size
    fill(home, [place(home, thread(1))], CountingLog(lines_at_once=1))
    assert size // 2000 < len(begun) < size // 1000 + 5


def test_a_second_time_nothing_is_folded(home: IndexedHome) -> None:
    fill(home, places(home))
    log = CountingLog()
    before = home.tables()
    assert fill(home, places(home), log) == [(number, 0, True) for number in range(len(CONTENTS))]
    assert (log.read, len(log.opened)) == (0, len(CONTENTS))
    assert home.tables() == before


def test_without_files_there_is_nothing_to_do(home: IndexedHome) -> None:
    assert fill(home, []) == []


@pytest.mark.parametrize("change", [Path.unlink, lambda path: path.rename(path.with_name("away"))])
def test_files_that_are_gone_are_passed_over(home: IndexedHome, change: Callable[[Path], object]) -> None:
    found = places(home)
    change(home.path_of(thread(0)))
    told = fill(home, found)
    assert told[0] == (0, 0, True)
    assert [number for number, _, is_all in told if is_all] == list(range(len(CONTENTS)))
    assert len(home.tables()["history"]) == len(CONTENTS) - 1


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_files_that_cannot_be_read_are_told_as_not_done(
    home: IndexedHome, make: Callable[[Path], object]
) -> None:
    found = places(home)
    home.path_of(thread(2)).unlink()
    make(home.path_of(thread(2)))
    told = fill(home, found)
    assert told[2] == (2, 0, False)
    assert [number for number, _, is_all in told if is_all] == [0, 1, 3, 4, 5]


def test_a_file_that_shrinks_while_it_is_folded_is_not_folded_for_ever(
    home: IndexedHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "COMMIT_SIZE", 500)
    monkeypatch.setattr(indexer, "COMMIT_SIZE", 500)
    lines = [meta(), *turns(30)]
    sizes = iter(range(len(lines), 0, -10))

    def shrink(path: str) -> None:
        count = next(sizes, None)
        if path == str(home.path_of(thread(2))) and count is not None:
            os.truncate(path, len(b"".join(lines[:count])))

    fill(home, places(home)[2:], CountingLog(lines_at_once=1, before_open=shrink))
    indexed = home.catch_up(thread(2))
    assert max(row["end"] for row in home.tables()["history"]) == whole(CONTENTS[3])
    assert indexed.state.size in {row["end"] for row in home.tables()["history"]}
