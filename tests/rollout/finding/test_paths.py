"""A thread's file is found wherever it is, and has one place to be made in."""

import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from domain.rollout_name import read_rollout_name
from rollout.finding.home import Home
from rollout.finding.paths import ThreadPaths, new_path
from tests.rollout.recorders import THREAD


@pytest.fixture
def tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nine hours before UTC."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_a_new_file_is_named_by_the_local_time_in_its_id(tmp_path: Path, tokyo: None) -> None:
    day = tmp_path.resolve() / "sessions" / "2026" / "05" / "01"
    made = new_path(Home.at(tmp_path), THREAD)
    assert made == str(day / f"rollout-2026-05-01T10-46-40-{THREAD}.jsonl")
    told = read_rollout_name(Path(made).name)
    assert told is not None
    assert told.thread_id == THREAD


def test_an_id_without_a_time_has_one_place_too(tmp_path: Path) -> None:
    thread_id = UUID("c0ffee00-7000-4cc2-8062-74c053be9d64")
    paths = ThreadPaths(Home.at(tmp_path))
    assert paths(thread_id) == paths(thread_id)
    assert str(thread_id) in paths(thread_id)


@pytest.mark.parametrize("folder", ["sessions/2020/01/02", "sessions", "archived_sessions"])
def test_a_file_that_is_there_is_found_where_it_is(tmp_path: Path, folder: str) -> None:
    there = tmp_path.resolve() / folder / f"rollout-2020-01-02T03-04-05-{THREAD}.jsonl"
    paths = ThreadPaths(Home.at(tmp_path))
    assert paths(THREAD) != str(there)
    there.parent.mkdir(parents=True)
    there.write_bytes(b"{}\n")
    assert paths(THREAD) == str(there)
