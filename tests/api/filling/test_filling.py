"""Filling an index ends in the same index with workers and without, and does nothing twice."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from api.filling import filling, worker_process
from api.filling.batches import Kind
from api.filling.filling import Filled, fill
from api.filling.work import Work
from domain.log import Log
from projections.coverage import coverage
from projections.shards import merge
from projections.store import IndexStore
from rollout.catalogue.catalogue import Catalogue
from rollout.finding.home import Home
from rollout.finding.sessions import Sessions
from tests.home import meta
from tests.projections.listing import says
from tests.projections.sample import thread, turns
from tests.projections.sharding import CONTENTS, OddHome, Row, content, orphans, tracked

SIZE = sum(map(len, CONTENTS))
FOLDED = sum(data.rfind(b"\n") + 1 for data in CONTENTS)


@pytest.fixture(name="home")
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OddHome:
    """A home in which everything is much."""
    monkeypatch.setattr("api.filling.work.WORKERS_FILES_MIN", 1)
    return OddHome(tmp_path / "home")


def fill_at(home: OddHome, index: Path, worker_count: int) -> tuple[Filled, list[tuple[int, int]]]:
    """Fill the index at this path; gives the facts and the progress."""
    told: list[tuple[int, int]] = []
    filled = fill(
        Home.at(home.home.root, index), lambda done, total: told.append((done, total)), worker_count
    )
    return filled, told


def held(index: Path) -> dict[str, list[Row]]:
    """What the index at this path holds."""
    store = IndexStore(index, Catalogue())
    try:
        head, known = tracked(store)
        assert head == known
        assert orphans(store) == 0
        return content(store)
    finally:
        store.close()


@pytest.mark.parametrize("worker_count", [0, 1, 2])
def test_an_index_is_filled_and_nothing_is_done_twice(
    home: OddHome, tmp_path: Path, worker_count: int
) -> None:
    first, told = fill_at(home, tmp_path / "i", worker_count)
    assert (first.files, first.folded_bytes, first.unreadable_files) == (len(CONTENTS), FOLDED, 0)
    assert (told[0], told[-1]) == ((0, SIZE), (SIZE, SIZE))
    assert told == sorted(told)
    before = held(tmp_path / "i")
    second, told = fill_at(home, tmp_path / "i", worker_count)
    assert (second.files, second.folded_bytes) == (len(CONTENTS), 0)
    assert told[-1] == (SIZE, SIZE)
    assert held(tmp_path / "i") == before
    fill_at(home, tmp_path / "other", 0)
    assert held(tmp_path / "other") == before


def test_nothing_is_left_to_do_when_all_is_covered(home: OddHome, tmp_path: Path) -> None:
    fill_at(home, tmp_path / "i", 0)
    store = IndexStore(tmp_path / "i", Catalogue())
    work = Work.of(home.places(), coverage(store))
    assert [len(work.unlisted), len(work.unfolded), len(work.changed)] == [0, 0, 0]
    assert not work.is_much
    assert len(work.done) == len(CONTENTS)
    assert list(work.batches()) == []
    store.close()


def append(home: OddHome) -> None:
    with home.path_of(2).open("ab") as file:
        file.writelines(turns(3, 30))


def replace(home: OddHome) -> None:
    beside = home.path_of(0).with_name("new")
    beside.write_bytes(b"".join([meta(thread(0)), says("another"), *turns(1)]))
    beside.replace(home.path_of(0))


def archive(home: OddHome) -> None:
    home.path_of(5).rename(home.home.archived / home.path_of(5).name)


def remove(home: OddHome) -> None:
    home.path_of(6).unlink()


CHANGES: list[Callable[[OddHome], None]] = [append, replace, archive, remove]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("worker_count", [0, 2])
def test_what_changed_since_is_brought_up_to_date(
    home: OddHome, tmp_path: Path, worker_count: int, change: Callable[[OddHome], None]
) -> None:
    fill_at(home, tmp_path / "i", worker_count)
    change(home)
    new = home.home.sessions / "2026" / "05" / "01" / f"rollout-2026-05-01T11-00-00-{thread(50)}.jsonl"
    new.write_bytes(b"".join([meta(thread(50)), says("new")]))
    fill_at(home, tmp_path / "i", worker_count)
    fill_at(home, tmp_path / "other", 0)
    found, expected = held(tmp_path / "i"), held(tmp_path / "other")
    for table in ("thread", "history", "turn", "item_line"):
        assert found[table] == expected[table]


def test_a_file_that_was_moved_is_not_read_again(home: OddHome, tmp_path: Path) -> None:
    fill_at(home, tmp_path / "i", 2)
    archive(home)
    filled, _ = fill_at(home, tmp_path / "i", 2)
    assert (filled.files, filled.folded_bytes) == (len(CONTENTS), 0)


def test_where_workers_cannot_work_everything_is_done_in_process(
    home: OddHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_process, "COMMAND", ("-c", "raise SystemExit(1)"))
    filled, told = fill_at(home, tmp_path / "i", 2)
    assert (filled.files, filled.unreadable_files, filled.folded_bytes) == (len(CONTENTS), 0, FOLDED)
    assert told[-1] == (SIZE, SIZE)


def test_files_of_a_shard_that_cannot_be_merged_are_told_as_unreadable_and_are_done_another_time(
    home: OddHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damage(store: IndexStore, shard: Path, log: Log) -> int:
        if next(kinds) is Kind.TURNS:
            os.truncate(shard, 10)
        return merge(store, shard, log)

    kinds = iter(Kind)
    with monkeypatch.context() as patch:
        patch.setattr(filling, "merge", damage)
        filled, told = fill_at(home, tmp_path / "i", 1)
    assert (filled.files, filled.folded_bytes, filled.unreadable_files) == (0, 0, len(CONTENTS))
    assert told[-1] == (SIZE, SIZE)
    again, _ = fill_at(home, tmp_path / "i", 1)
    assert (again.threads, again.folded_bytes) == (filled.threads, FOLDED)


@pytest.mark.parametrize("worker_count", [0, 2])
def test_an_unreadable_file_is_told_and_all_others_are_there(
    home: OddHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, worker_count: int
) -> None:
    found = home.places()
    home.path_of(2).unlink()
    home.path_of(2).mkdir()
    monkeypatch.setattr(
        Sessions, "listed", lambda _, archived: [place for place in found if place.is_archived is archived]
    )
    filled, _ = fill_at(home, tmp_path / "i", worker_count)
    assert (filled.files, filled.unreadable_files) == (len(CONTENTS) - 1, 1)
