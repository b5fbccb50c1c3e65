"""Workers make the shards that are asked for; one that dies costs nothing, two cost their batch."""

import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.filling import worker_process
from api.filling.batches import Batch, Built, Kind, plan_batches
from api.filling.workers import Shard, Workers
from domain.limits import WORKER_DEATHS_MAX
from projections.shards import merge
from projections.store import IndexStore
from tests.projections.sharding import CONTENTS, OddHome, content

ROOT = Path(__file__).parents[3]

MORTAL = """
import os, sys
from pathlib import Path
from api.filling import worker
from rollout.joined.home_log import JoinedLog

folder = Path(sys.argv[1])
mark = folder.parent / "died"
for line in sys.stdin.buffer:
    if {victim!r} in line.decode() and not ({is_once} and mark.exists()):
        mark.touch()
        os.kill(os.getpid(), 9)
    sys.stdout.buffer.write(worker.answer(line, JoinedLog()))
    sys.stdout.buffer.flush()
"""
"""A worker that dies of a certain file, once or every time."""


@pytest.fixture(name="home")
def _home(tmp_path: Path) -> OddHome:
    return OddHome(tmp_path / "home")


@pytest.fixture(name="expected")
def _expected(home: OddHome, tmp_path: Path) -> Iterator[IndexStore]:
    store = home.open_index(tmp_path / "expected")
    for kind in Kind:
        home.index(store, kind, home.places())
    yield store
    store.close()


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shards are made where the test can see them."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))


def batches(home: OddHome, kind: Kind = Kind.TURNS) -> list[Batch]:
    """Each file alone."""
    return [Batch(kind, (place,)) for place in home.places()]


def mortal(monkeypatch: pytest.MonkeyPatch, victim: Path, *, is_once: bool) -> None:
    """Let workers die of a file."""
    program = MORTAL.format(victim=victim.name, is_once=is_once)
    monkeypatch.setattr(worker_process, "COMMAND", ("-c", program))


def numbers(shards: list[Shard]) -> list[list[str]]:
    """The files of the shards."""
    return sorted([place.path for place in shard.batch.places] for shard in shards)


def test_their_shards_merged_make_the_index_that_is_made_in_process(
    home: OddHome, expected: IndexStore, tmp_path: Path
) -> None:
    store = home.open_index(tmp_path / "merged")
    with Workers(2) as workers:
        for kind in Kind:
            for shard in workers.shards(batches(home, kind)):
                assert shard.path is not None
                assert merge(store, shard.path, home.log) == 1
                assert shard.built == Built(1, 0, sum(row["end"] for row in _ends(shard, home)))
    assert content(store) == content(expected)
    store.close()


def _ends(shard: Shard, home: OddHome) -> list[dict[str, int]]:
    """How far the file of a shard of turns goes."""
    if shard.batch.kind is Kind.HEADS:
        return []
    data = Path(shard.batch.places[0].path).read_bytes()
    return [{"end": data.rfind(b"\n") + 1}]


def test_files_that_are_gone_or_unreadable_are_told_and_end_nothing(home: OddHome) -> None:
    heads, found = (Batch(kind, tuple(home.places())) for kind in Kind)
    home.path_of(2).unlink()
    home.path_of(5).unlink()
    home.path_of(5).mkdir()
    with Workers(1) as workers:
        (shard,) = workers.shards([found])
        assert (shard.built.files, shard.built.unreadable) == (len(CONTENTS) - 1, 1)
        pids = workers.pids
        (shard,) = workers.shards([heads])
        assert (shard.built.files, shard.built.unreadable) == (len(CONTENTS) - 2, 2)
        assert workers.pids == pids


def test_a_worker_that_is_killed_is_replaced_and_its_batch_is_done(home: OddHome) -> None:
    with Workers(1) as workers:
        first = list(workers.shards(batches(home)[:1]))
        (pid,) = workers.pids
        os.kill(pid, signal.SIGKILL)
        second = list(workers.shards(batches(home)[1:]))
        assert workers.pids != [pid]
    assert len(first + second) == len(CONTENTS)
    assert all(shard.path is not None for shard in first + second)


def test_a_batch_that_kills_its_worker_once_is_done_by_another(
    home: OddHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    mortal(monkeypatch, home.path_of(2), is_once=True)
    with Workers(2) as workers:
        found = list(workers.shards(batches(home)))
    assert numbers(found) == sorted([place.path] for place in home.places())
    assert all(shard.path is not None for shard in found)


def test_a_batch_that_kills_two_workers_is_left_and_all_others_are_done(
    home: OddHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    mortal(monkeypatch, home.path_of(2), is_once=False)
    with Workers(2) as workers:
        found = list(workers.shards(batches(home)))
        assert not workers.is_useless
    assert numbers(found) == sorted([place.path] for place in home.places())
    failed = [shard for shard in found if shard.path is None]
    assert numbers(failed) == [[str(home.path_of(2))]]
    assert failed[0].built == Built(0, 1, 0)


@pytest.mark.parametrize("program", ["", "raise SystemExit(1)", 'print(\'{"error": "no"}\', flush=True)'])
def test_where_no_worker_can_work_every_batch_is_left_after_a_few_tries(
    home: OddHome, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str
) -> None:
    count = f"open({str(tmp_path / 'starts')!r}, 'a').write('.')\n"
    monkeypatch.setattr(worker_process, "COMMAND", ("-c", count + program))
    with Workers(2) as workers:
        found = list(workers.shards(batches(home)))
        assert workers.is_useless
    assert numbers(found) == sorted([place.path] for place in home.places())
    assert all(shard.path is None for shard in found)
    assert (tmp_path / "starts").stat().st_size <= 2 * WORKER_DEATHS_MAX


def test_without_python_every_batch_is_left(home: OddHome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with Workers(1) as workers:
        assert all(shard.path is None for shard in workers.shards(batches(home)))


def test_a_shard_is_there_until_the_next_is_asked_for_and_none_is_left(home: OddHome, tmp_path: Path) -> None:
    with Workers(2) as workers:
        before: Path | None = None
        for shard in workers.shards(batches(home)):
            assert shard.path is not None
            assert shard.path.exists()
            assert before is None or not before.exists()
            before = shard.path
    assert list((tmp_path / "temporary").iterdir()) == []


def test_leaving_early_ends_every_worker_and_removes_every_shard(home: OddHome, tmp_path: Path) -> None:
    many = batches(home) * 100
    with Workers(2) as workers:
        shards = workers.shards(many)
        next(shards)
        waiting = [os.pidfd_open(pid) for pid in workers.pids]
    for descriptor in waiting:
        assert has_ended(descriptor)
    assert list((tmp_path / "temporary").iterdir()) == []
    del shards


def has_ended(descriptor: int) -> bool:
    """Whether a process ends within a minute."""
    try:
        return bool(select.select([descriptor], [], [], 60)[0])
    finally:
        os.close(descriptor)


def test_no_worker_and_no_shard_outlives_a_parent_that_is_killed(home: OddHome, tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-m", "tests.api.filler", str(home.home.root), "2"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path / "temporary")},
        text=True,
    )
    with parent:
        assert parent.stdout is not None
        folder, *pids = parent.stdout.readline().split()
        assert Path(folder).exists()
        waiting = [os.pidfd_open(int(pid)) for pid in pids]
        parent.kill()
    assert len(waiting) >= 1
    assert all(has_ended(descriptor) for descriptor in waiting)
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_worker_imports_from_anywhere_and_nothing_of_the_folder_it_stands_in(
    home: OddHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap = tmp_path / "elsewhere"
    (trap / "api").mkdir(parents=True)
    (trap / "api" / "__init__.py").write_text("raise SystemExit(1)\n")
    (trap / "orjson.py").write_text("raise SystemExit(1)\n")
    monkeypatch.chdir(trap)
    monkeypatch.setattr(sys, "path", ["", *(path for path in sys.path if path != str(ROOT))])
    with Workers(1) as workers:
        assert all(shard.path is not None for shard in workers.shards(batches(home)))


def test_batches_are_bounded_in_files_and_in_bytes_of_log(
    home: OddHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.filling.batches.BATCH_FILES", 4)
    monkeypatch.setattr("api.filling.batches.BATCH_SIZE", 1000)
    places = home.places()
    heads, found = (list(plan_batches(kind, places)) for kind in Kind)
    assert [len(batch.places) for batch in heads] == [4, 4, 3]
    for planned in (heads, found):
        assert [place for batch in planned for place in batch.places] == places
    assert all(batch.size - batch.places[-1].state.size < 1000 for batch in found)
    assert len(found) > len(heads)
