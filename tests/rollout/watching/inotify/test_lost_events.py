"""A watch that lost events says so and is complete again; one that cannot be any more looks instead."""

import errno
import os
import select
from pathlib import Path

import pytest

from domain.errors import WatchRefused
from rollout.finding.home import Home
from rollout.watching import inotify_watch, watched_folders
from rollout.watching.inotify_watch import InotifyWatch
from rollout.watching.mounts import Mount
from tests.rollout.watching.words import (
    DAYS,
    NAMES,
    Reader,
    append,
    assert_all_is_watched,
    is_walk_needed,
    told,
    walk,
)

QUEUE_SIZE = Path("/proc/sys/fs/inotify/max_queued_events")


def test_a_full_queue_needs_a_walk_and_is_exact_afterwards(
    home: Home, watch: InotifyWatch, first: Path
) -> None:
    size = int(QUEUE_SIZE.read_text())
    if size > 200_000:
        pytest.skip("the queue is too long to be filled")
    second = home.sessions / DAYS[1] / NAMES[1]
    for _ in range(size // 2 + 1):
        os.utime(first)
        os.utime(second)
    unseen = home.sessions / "2027/01/01" / NAMES[3]
    unseen.parent.mkdir(parents=True)
    unseen.touch()
    assert is_walk_needed(watch)
    append(unseen)
    assert told(watch) == {str(unseen)}
    assert_all_is_watched(home, watch)


def test_a_look_ends_though_programs_write_all_the_time(
    home: Home, watch: InotifyWatch, first: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inotify_watch, "WATCH_EVENTS_MAX", 10)
    second = home.sessions / DAYS[1] / NAMES[1]
    for _ in range(10):
        os.utime(first)
        os.utime(second)
    (home.sessions / "2027").mkdir()
    assert is_walk_needed(watch)
    (home.sessions / "2027" / NAMES[3]).touch()
    while (changes := watch.drain()).is_walk_needed:
        pass
    assert str(home.sessions / "2027" / NAMES[3]) in changes.paths
    assert_all_is_watched(home, watch)


def test_a_watch_that_the_kernel_gave_up_is_set_up_again(
    home: Home, watch: InotifyWatch, first: Path
) -> None:
    inotify = watch._folders._inotify
    inotify.rm_watch(next(each for each in inotify.watches if each.path == first.parent))
    append(first)
    assert is_walk_needed(watch)
    assert_all_is_watched(home, watch)


# -- when watches end -------------------------------------------------------------------------


def refuse(*_: object) -> None:
    """What the kernel says to one watch too many."""
    raise OSError(errno.ENOSPC, "No space left on device")


def test_without_watches_for_a_new_day_the_home_is_looked_at(
    home: Home, watch: InotifyWatch, first: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    descriptor = watch.descriptor()
    monkeypatch.setattr("asyncinotify.Inotify.add_watch", refuse)
    append(first)
    path = home.sessions / "2027/01/01" / NAMES[3]
    path.parent.mkdir(parents=True)
    path.touch()
    assert watch.is_exact
    assert is_walk_needed(watch)
    assert not watch.is_exact
    assert watch.descriptor() == descriptor
    assert watch.interval_s < 1
    append(first)
    assert select.select([descriptor], [], [], 0) == ([], [], [])
    reader = Reader(home, watch)
    reader.follow()
    append(path)
    reader.follow()
    assert reader.picture == walk(home)


def test_a_home_that_moved_to_a_remote_disk_is_looked_at(
    home: Home, watch: InotifyWatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote = tmp_path / "outside"
    monkeypatch.setattr(
        watched_folders, "read_mounts", lambda: [Mount("/", "xfs"), Mount(str(remote), "nfs")]
    )
    home.sessions.rename(remote / "sessions")
    home.sessions.symlink_to(remote / "sessions")
    assert is_walk_needed(watch)
    assert not watch.is_exact


def test_a_refused_watch_leaves_no_descriptor_open(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("asyncinotify.Inotify.add_watch", refuse)
    before = os.listdir("/proc/self/fd")  # noqa: PTH208 - numbers, not files
    with pytest.raises(WatchRefused, match="No space left on device"):
        InotifyWatch(home)
    assert os.listdir("/proc/self/fd") == before  # noqa: PTH208


def test_a_folder_that_goes_while_it_is_listed_is_passed_over(
    home: Home, watch: InotifyWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(path: str) -> None:
        raise FileNotFoundError(errno.ENOENT, "No such file or directory", path)

    (home.sessions / "2027").mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", gone)
        assert told(watch) == set()
    assert watch.is_exact


def test_without_descriptors_for_a_listing_the_home_is_looked_at(
    home: Home, watch: InotifyWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spent(path: str) -> None:
        raise OSError(errno.EMFILE, "Too many open files", path)

    (home.sessions / "2027").mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", spent)
        assert is_walk_needed(watch)
    assert not watch.is_exact
