"""A watch that only looks finds what changed lately at once, and everything at the next walk."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from domain.limits import POLL_REST_RATIO, POLL_WALK_SECONDS
from rollout.finding.folders import FolderTree
from rollout.finding.home import Home
from rollout.watching import polling_watch
from rollout.watching.polling_watch import PollingWatch
from tests.rollout.watching.words import DAYS, NAMES, Reader, append, make_home, told, walk

LONG_AGO_NS = 1_000_000_000_000_000_000


@dataclass
class Clock:
    """A clock that goes on when it is told to."""

    now_s: float = 100.0

    def __call__(self) -> float:
        """The time now."""
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    """A clock that stands."""
    return Clock()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home whose folders were left alone for long."""
    home = make_home(tmp_path)
    settle(home)
    return home


@pytest.fixture
def watch(home: Home, clock: Clock) -> PollingWatch:
    """A watch that looked once."""
    made = PollingWatch(home, clock)
    assert made.drain().is_walk_needed
    assert told(made) == set()
    return made


@pytest.fixture
def first(home: Home) -> Path:
    """The file of the first day."""
    return home.sessions / DAYS[0] / NAMES[0]


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The folders that are listed."""
    found: list[str] = []
    scandir = os.scandir

    def note(path: str) -> Iterator[os.DirEntry[str]]:
        found.append(path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", note)
    return found


def settle(home: Home) -> None:
    """Let the folders have been left alone for long."""
    for folder, _, _ in os.walk(home.root):
        os.utime(folder, ns=(LONG_AGO_NS, LONG_AGO_NS))


def test_it_is_not_exact_and_has_to_be_asked(watch: PollingWatch) -> None:
    assert not watch.is_exact
    assert watch.descriptor() is None
    assert watch.interval_s == 0.25
    watch.close()


@pytest.mark.parametrize(
    "change",
    [
        append,
        lambda path: os.truncate(path, 1),
        lambda path: path.unlink(),
        lambda path: path.chmod(0o600),
        lambda path: os.utime(path, (1, 1)),
    ],
)
def test_a_change_of_a_file_is_told_once(
    watch: PollingWatch, first: Path, home: Home, change: Callable[[Path], object]
) -> None:
    change(first)
    assert told(watch) == {str(first)}
    settle(home)
    watch.drain()
    assert told(watch) == set()


def test_a_new_file_is_told_and_followed(watch: PollingWatch, home: Home) -> None:
    path = home.sessions / "2026/05/03" / NAMES[3]
    path.parent.mkdir()
    path.touch()
    assert str(path) in told(watch)
    settle(home)
    watch.drain()
    append(path)
    assert told(watch) == {str(path)}


def test_a_file_replaced_by_its_own_name_is_told(watch: PollingWatch, first: Path) -> None:
    times = first.stat()
    other = first.with_name("other")
    shutil.copy2(first, other)
    other.replace(first)
    os.utime(first, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert told(watch) == {str(first)}


def test_a_moved_file_is_told_by_both_paths(watch: PollingWatch, first: Path, home: Home) -> None:
    first.rename(home.archived / first.name)
    assert {str(first), str(home.archived / first.name)} <= told(watch)


def test_a_file_that_is_packed_and_restored_is_told_by_its_plain_path(
    watch: PollingWatch, first: Path
) -> None:
    packed = first.with_name(f"{first.name}.zst")
    first.rename(packed)
    assert told(watch) == {str(first)}
    packed.write_bytes(b"other")
    assert told(watch) == {str(first)}
    packed.rename(first)
    assert told(watch) == {str(first)}


def test_a_removed_folder_needs_a_walk(watch: PollingWatch, first: Path) -> None:
    shutil.rmtree(first.parent)
    changes = watch.drain()
    assert changes.is_walk_needed
    assert str(first) in changes.paths


def test_sessions_away_and_back_need_a_walk(watch: PollingWatch, home: Home) -> None:
    home.sessions.rename(home.root / "away")
    assert watch.drain().is_walk_needed
    (home.root / "away").rename(home.sessions)
    reader = Reader(home, watch)
    reader.picture.clear()
    reader.follow()
    assert reader.picture.keys() >= {path for path in walk(home) if "/sessions/" in path}


def test_a_walk_is_needed_from_time_to_time(watch: PollingWatch, clock: Clock) -> None:
    clock.now_s += POLL_WALK_SECONDS - 0.1
    assert not watch.drain().is_walk_needed
    clock.now_s += 0.1
    assert watch.drain().is_walk_needed
    assert not watch.drain().is_walk_needed


def test_an_old_thread_that_goes_on_is_followed_after_the_next_walk(
    home: Home, clock: Clock, first: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling_watch, "POLLED_FILES_MAX", 1)
    os.utime(first, ns=(LONG_AGO_NS, LONG_AGO_NS))
    watch = PollingWatch(home, clock)
    watch.drain()
    append(first)
    os.utime(first)
    assert told(watch) == set()
    clock.now_s += POLL_WALK_SECONDS
    assert watch.drain().is_walk_needed
    append(first)
    assert told(watch) == {str(first)}


def test_only_the_files_changed_last_are_asked(
    home: Home, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = home.sessions / DAYS[0]
    for number in range(200):
        (day / f"rollout-{number}.jsonl").touch()
        os.utime(day / f"rollout-{number}.jsonl", ns=(0, LONG_AGO_NS + number))
    settle(home)
    watch = PollingWatch(home, clock)
    watch.drain()
    asked: list[str] = []
    stat = os.stat

    def note(path: str, **more: bool) -> os.stat_result:
        asked.append(str(path))
        return stat(path, **more)

    monkeypatch.setattr(os, "stat", note)
    watch.drain()
    files = [path for path in asked if path.endswith(".jsonl")]
    assert len(files) == 64
    assert {f"{day}/rollout-{number}.jsonl" for number in range(150, 200)} < set(files)


def test_folders_rest_as_long_as_their_look_was_dear(
    home: Home, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_s = 2**-9  # added without rounding
    refreshed: list[float] = []

    def slow(_: object) -> None:
        refreshed.append(clock.now_s)
        clock.now_s += look_s / 2

    monkeypatch.setattr(FolderTree, "refresh", slow)
    watch = PollingWatch(home, clock)
    watch.drain()
    ended_s = clock.now_s
    for wait_s, looks in ((0.25, 1), (look_s * POLL_REST_RATIO * 0.99, 1), (look_s * POLL_REST_RATIO, 2)):
        clock.now_s = ended_s + wait_s
        watch.drain()
        assert len(refreshed) == 2 * looks


def test_folders_left_alone_are_not_listed(watch: PollingWatch, listed: list[str]) -> None:
    for _ in range(3):
        assert told(watch) == set()
    assert listed == []


def test_a_home_without_folders_has_nothing_to_tell(tmp_path: Path, clock: Clock) -> None:
    watch = PollingWatch(Home.at(tmp_path), clock)
    assert watch.drain().is_walk_needed
    assert told(watch) == set()


def test_the_clock_is_the_one_that_never_goes_back(home: Home) -> None:
    watch = PollingWatch(home)
    assert watch._clock is time.monotonic


def test_a_reader_who_follows_it_knows_everything_after_a_walk(
    watch: PollingWatch, home: Home, clock: Clock, first: Path
) -> None:
    reader = Reader(home, watch)
    append(first)
    shutil.copytree(home.sessions / "2026", home.sessions / "2027")
    shutil.rmtree(home.sessions / DAYS[1])
    clock.now_s += POLL_WALK_SECONDS
    reader.follow()
    assert reader.picture == walk(home)
