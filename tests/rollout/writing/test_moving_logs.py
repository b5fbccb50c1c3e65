"""All logs of a thread go to the archive and back together, packed ones as they are."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from domain.errors import ArchivedRolloutNotFound, MoveFailed, NameTaken, RolloutNotFound
from rollout.finding.home import Home
from rollout.finding.sessions import Sessions
from rollout.writing import storage
from rollout.writing.moving import archive, archive_logs, unarchive, unarchive_logs
from tests.rollout.failing_calls import FailingCalls
from tests.rollout.packed.streams import frames
from tests.rollout.recorders import THREAD

LATER = UUID("0196f0aa-0000-7000-8000-0000000000bb")
FIRST_NAME = f"rollout-2026-05-01T10-00-00-{THREAD}.jsonl"
SECOND_NAME = f"rollout-2026-05-02T10-00-00-{THREAD}_{LATER}.jsonl"
DAYS = {FIRST_NAME: "2026/05/01", SECOND_NAME: "2026/05/02"}
MTIME_NS = 1_777_640_001_000_000_123
NOW_S = 1_900_000_000.5
NOW_NS = 1_900_000_000_500_000_000

ENDINGS = [["", ""], [".zst", ""], ["", ".zst"], [".zst", ".zst"]]


class Thread:
    """A thread of two logs, which are plain or packed, or both."""

    def __init__(self, root: Path, *, archived: bool = False) -> None:
        root.mkdir(exist_ok=True)
        self.home = Home.at(root)
        self.archived = archived

    def path(self, name: str) -> Path:
        """Where the log lies at first."""
        return self.home.archived / name if self.archived else self.home.sessions / DAYS[name] / name

    def put(self, name: str, ending: str = "") -> Path:
        """A file of a log; gives its path."""
        path = self.path(name).with_name(f"{name}{ending}")
        path.parent.mkdir(parents=True, exist_ok=True)
        data = name.encode() + b"\n"
        path.write_bytes(frames(data) if ending else data)
        os.utime(path, ns=(MTIME_NS, MTIME_NS))
        return path

    def move(self) -> list[str]:
        """To the other folder."""
        first, second = str(self.path(FIRST_NAME)), str(self.path(SECOND_NAME))
        if self.archived:
            return unarchive_logs(self.home, [second, first], NOW_S)
        return archive_logs(self.home, [first, second])

    def files(self) -> dict[str, int]:
        """Every file below the home, and when it changed."""
        found = (path for path in self.home.root.rglob("*") if path.is_file())
        return {str(path.relative_to(self.home.root)): path.stat().st_mtime_ns for path in found}

    def current(self) -> str | None:
        """The log that is read, by name, as anybody finds it."""
        place = Sessions(self.home).find(THREAD)
        return None if place is None else place.path.rpartition("/")[2]


@pytest.mark.parametrize("endings", ENDINGS)
def test_all_logs_are_archived_as_they_are(tmp_path: Path, endings: list[str]) -> None:
    thread = Thread(tmp_path / "home")
    before = [thread.put(name, ending).stat().st_ino for name, ending in zip(DAYS, endings, strict=True)]
    assert thread.move() == [str(thread.home.archived / name) for name in DAYS]
    moved = [thread.home.archived / f"{name}{ending}" for name, ending in zip(DAYS, endings, strict=True)]
    assert [path.stat().st_ino for path in moved] == before
    assert thread.files() == {f"archived_sessions/{path.name}": MTIME_NS for path in moved}
    assert thread.current() == SECOND_NAME


@pytest.mark.parametrize("endings", ENDINGS)
def test_all_logs_are_restored_under_their_days_and_the_current_one_counts_as_changed(
    tmp_path: Path, endings: list[str]
) -> None:
    thread = Thread(tmp_path / "home", archived=True)
    for name, ending in zip(DAYS, endings, strict=True):
        thread.put(name, ending)
    assert thread.move() == [str(thread.home.sessions / DAYS[name] / name) for name in reversed(DAYS)]
    first, second = (
        f"sessions/{DAYS[name]}/{name}{ending}" for name, ending in zip(DAYS, endings, strict=True)
    )
    assert thread.files() == {first: MTIME_NS, second: NOW_NS}


@pytest.mark.parametrize("archived", [False, True], ids=["archiving", "restoring"])
def test_a_packed_file_beside_a_plain_one_goes_with_it(tmp_path: Path, archived: bool) -> None:  # noqa: FBT001
    thread = Thread(tmp_path / "home", archived=archived)
    for name in DAYS:
        thread.put(name)
        thread.put(name, ".zst")
    thread.move()
    assert len(thread.files()) == 4
    folder = "sessions" if archived else "archived_sessions"
    assert all(path.startswith(folder) for path in thread.files())


@pytest.mark.parametrize("archived", [False, True], ids=["archiving", "restoring"])
@pytest.mark.parametrize("ending", ["", ".zst"])
@pytest.mark.parametrize("taken", ["", ".zst"])
@pytest.mark.parametrize("name", DAYS)
def test_a_name_that_is_taken_by_either_file_keeps_all_logs_where_they_are(
    tmp_path: Path,
    archived: bool,  # noqa: FBT001 - a parameter
    ending: str,
    taken: str,
    name: str,
) -> None:
    thread = Thread(tmp_path / "home", archived=archived)
    Thread(tmp_path / "home", archived=not archived).put(name, taken)
    for one in DAYS:
        thread.put(one, ending)
    before = thread.files()
    with pytest.raises(NameTaken):
        thread.move()
    assert thread.files() == before


@pytest.mark.parametrize("archived", [False, True], ids=["archiving", "restoring"])
@pytest.mark.parametrize("name", DAYS)
def test_a_log_that_is_gone_keeps_the_others_where_they_are(
    tmp_path: Path,
    archived: bool,  # noqa: FBT001 - a parameter
    name: str,
) -> None:
    thread = Thread(tmp_path / "home", archived=archived)
    for one in DAYS:
        thread.put(one)
    thread.path(name).unlink()
    before = thread.files()
    with pytest.raises((RolloutNotFound, ArchivedRolloutNotFound)):
        thread.move()
    assert thread.files() == before


def test_one_packed_log_is_moved_alone(tmp_path: Path) -> None:
    thread = Thread(tmp_path / "home")
    thread.put(FIRST_NAME, ".zst")
    path = archive(thread.home, str(thread.path(FIRST_NAME)))
    assert path == str(thread.home.archived / FIRST_NAME)
    assert unarchive(thread.home, path, NOW_S) == str(thread.path(FIRST_NAME))
    assert thread.files() == {f"sessions/2026/05/01/{FIRST_NAME}.zst": NOW_NS}


def test_a_log_that_is_restored_just_then_is_moved_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread = Thread(tmp_path / "home")
    packed = thread.put(FIRST_NAME, ".zst")
    open_to_hold = storage.open_to_hold

    def restored(path: str) -> int:
        monkeypatch.setattr(storage, "open_to_hold", open_to_hold)
        packed.unlink()
        thread.put(FIRST_NAME)
        return open_to_hold(path)

    monkeypatch.setattr(storage, "open_to_hold", restored)
    archive(thread.home, str(thread.path(FIRST_NAME)))
    assert thread.files() == {f"archived_sessions/{FIRST_NAME}": MTIME_NS}


# -- failures ---------------------------------------------------------------------------------


@pytest.mark.parametrize("archived", [False, True], ids=["archiving", "restoring"])
@pytest.mark.parametrize("endings", ENDINGS[:3])
def test_whatever_call_fails_once_all_are_moved_or_none(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    archived: bool,  # noqa: FBT001 - a parameter
    endings: list[str],
) -> None:
    calls = FailingCalls(monkeypatch)
    trial = made(tmp_path / "trial", endings, archived=archived)
    trial.move()
    for number, name in enumerate(list(calls.names)):
        if name == "resolved":
            continue
        thread = made(tmp_path / str(number), endings, archived=archived)
        before = thread.files()
        calls.fail(number, errno.EIO)
        failure = failure_of(thread.move)
        calls.mend()
        if failure is None:
            assert name == "close"
        else:
            assert not failure.is_indeterminate
            assert thread.files() == before, name
            thread.move()
        assert thread.files() == trial.files()


@pytest.mark.parametrize("archived", [False, True], ids=["archiving", "restoring"])
def test_wherever_it_ends_the_thread_is_readable_and_live_until_all_are_archived(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    archived: bool,  # noqa: FBT001 - a parameter
) -> None:
    calls = FailingCalls(monkeypatch)
    trial = made(tmp_path / "trial", [".zst", ""], archived=archived)
    trial.move()
    told = set()
    for number, name in enumerate(list(calls.names)):
        if name == "resolved":
            continue
        thread = made(tmp_path / str(number), [".zst", ""], archived=archived)
        calls.fail(number, errno.EIO, for_ever=True)
        failure = failure_of(thread.move)
        calls.mend()
        assert thread.current() == SECOND_NAME, name
        assert len(Sessions(thread.home).logs_of(THREAD)) == 2
        if failure is not None:
            told.add(failure.is_indeterminate)
    assert told == {True, False}


def made(root: Path, endings: list[str], *, archived: bool) -> Thread:
    """A new home with the thread in it."""
    thread = Thread(root, archived=archived)
    for name, ending in zip(DAYS, endings, strict=True):
        thread.put(name, ending)
    return thread


def failure_of(move: Callable[[], object]) -> MoveFailed | None:
    """Why a move failed, if it did."""
    try:
        move()
    except MoveFailed as failure:
        return failure
    return None
