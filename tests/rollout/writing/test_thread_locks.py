"""A thread that another program has loaded is not written to; ours is kept from it no longer than a write."""

import errno
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest

from domain.errors import ActiveWriter, AppendFailed
from rollout.finding.home import Home
from rollout.writing import storage
from rollout.writing.thread_locks import ThreadLocks
from tests.home import THREAD
from tests.rollout.failing_calls import FailingCalls, open_descriptors

OTHER = UUID("0196f000-0000-7000-8000-000000000009")
COORDINATION = ".coordination.lock"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home in which threads have been locked."""
    home = Home.at(tmp_path)
    home.thread_locks.mkdir()
    return home


@contextmanager
def locked(path: Path, how: int = fcntl.LOCK_EX) -> Iterator[None]:
    """While another program holds this lock."""
    with path.open("a") as file:
        fcntl.flock(file, how)
        yield


def is_free(path: Path) -> bool:
    """Whether nobody holds this lock."""
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def names(home: Home) -> list[str]:
    return sorted(path.name for path in home.thread_locks.iterdir())


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits that were asked for, none of which takes time."""
    waits: list[float] = []
    monkeypatch.setattr(storage, "pause", waits.append)
    return waits


def test_a_thread_is_locked_while_it_is_held_and_its_file_goes_again(home: Home) -> None:
    before = open_descriptors()
    with ThreadLocks(home).held(THREAD):
        assert names(home) == [COORDINATION, f"{THREAD}.lock"]
        assert not is_free(home.thread_locks / f"{THREAD}.lock")
        assert is_free(home.thread_locks / COORDINATION)
    assert names(home) == [COORDINATION]
    assert open_descriptors() == before


@pytest.mark.parametrize("makes_folder", [False, True])
def test_a_home_without_locks_gets_a_folder_only_if_asked_for(tmp_path: Path, makes_folder: bool) -> None:  # noqa: FBT001
    home = Home.at(tmp_path)
    with ThreadLocks(home).held(THREAD, makes_folder=makes_folder):
        assert home.thread_locks.exists() is makes_folder
        assert not makes_folder or not is_free(home.thread_locks / f"{THREAD}.lock")


def test_a_thread_that_another_program_keeps_is_refused_after_a_while(
    home: Home, no_waiting: list[float]
) -> None:
    before = open_descriptors()
    path = home.thread_locks / f"{THREAD}.lock"
    with locked(path):
        with pytest.raises(ActiveWriter, match=f"^thread {THREAD} already has an active writer$"):
            ThreadLocks(home).held(THREAD).__enter__()
        with ThreadLocks(home).held(OTHER):
            pass
        assert path.exists()
        assert not is_free(path)
    assert 0.1 < sum(no_waiting) < 2
    assert open_descriptors() == before
    with ThreadLocks(home).held(THREAD):
        pass


def test_a_lock_file_that_nobody_holds_means_nothing(home: Home) -> None:
    (home.thread_locks / f"{THREAD}.lock").touch()
    with ThreadLocks(home).held(THREAD):
        pass
    assert names(home) == [COORDINATION]


def test_a_lock_is_had_as_soon_as_it_is_given_back(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    held = locked(home.thread_locks / f"{THREAD}.lock")
    held.__enter__()
    waits: list[float] = []

    def give_back(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            held.__exit__(None, None, None)

    monkeypatch.setattr(storage, "pause", give_back)
    with ThreadLocks(home).held(THREAD):
        assert len(waits) == 3


def test_nothing_is_locked_while_somebody_clears_lock_files_away(home: Home, no_waiting: list[float]) -> None:
    with locked(home.thread_locks / COORDINATION), pytest.raises(ActiveWriter):
        ThreadLocks(home).held(THREAD).__enter__()
    assert no_waiting
    assert names(home) == [COORDINATION]


def test_a_lock_file_stays_where_others_are_about_to_lock(home: Home) -> None:
    with ThreadLocks(home).held(THREAD), locked(home.thread_locks / COORDINATION, fcntl.LOCK_SH):
        pass
    with locked(home.thread_locks / COORDINATION, fcntl.LOCK_SH), ThreadLocks(home).held(OTHER):
        pass
    assert names(home) == [COORDINATION, f"{OTHER}.lock"]
    assert is_free(home.thread_locks / f"{OTHER}.lock")


def test_whichever_call_fails_it_is_a_failed_append_or_nothing_and_no_lock_stays_held(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = FailingCalls(monkeypatch)
    before = open_descriptors()
    with ThreadLocks(home).held(THREAD):
        pass
    total, failures = calls.count, 0
    assert total > 5
    for number in range(total):
        calls.fail(number, errno.EIO)
        try:
            with ThreadLocks(home).held(THREAD):
                pass
        except AppendFailed:
            failures += 1
        calls.mend()
        assert open_descriptors() == before
        with ThreadLocks(home).held(THREAD):
            pass
    assert failures > 2
