"""The watch that is opened is the best that works here."""

import errno
import sys
from pathlib import Path

import pytest

from rollout.finding.home import Home
from rollout.watching import mounts, watched_folders
from rollout.watching.mounts import Mount
from rollout.watching.watch import open_watch
from tests.rollout.watching.words import make_home

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells of changes on Linux only")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home on whatever file system the tests run."""
    return make_home(tmp_path)


@needs_linux
def test_a_home_on_a_local_disk_is_watched_exactly(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched_folders, "read_mounts", lambda: [Mount("/", "ext4")])
    watch = open_watch(home)
    assert watch.is_exact
    assert watch.descriptor() is not None
    assert not watch.drain().is_walk_needed
    watch.close()


@needs_linux
def test_a_home_on_a_remote_disk_is_looked_at(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    remote = [Mount("/", "ext4"), Mount(str(home.archived), "nfs4")]
    monkeypatch.setattr(watched_folders, "read_mounts", lambda: remote)
    assert_is_looked_at(home)


@needs_linux
def test_without_a_table_of_mounts_a_home_is_looked_at(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched_folders, "read_mounts", lambda: mounts.read_mounts("/missing"))
    assert_is_looked_at(home)


@needs_linux
def test_a_home_is_looked_at_when_no_watches_are_left(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("asyncinotify.Inotify.add_watch", refuse)
    assert_is_looked_at(home)


@needs_linux
def test_a_home_is_looked_at_when_no_descriptors_are_left(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(watched_folders, "Inotify", refuse)
    assert_is_looked_at(home)


@needs_linux
def test_a_home_of_too_many_folders_is_looked_at(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched_folders, "WATCHED_FOLDERS_MAX", 6)
    assert_is_looked_at(home)


@needs_linux
def test_a_home_is_looked_at_when_the_library_does_not_load(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "rollout.watching.inotify_watch", None)
    assert_is_looked_at(home)


def test_a_home_is_looked_at_on_other_platforms(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert_is_looked_at(home)


def assert_is_looked_at(home: Home) -> None:
    """Fails unless the watch that is opened is one that has to be asked."""
    watch = open_watch(home)
    assert not watch.is_exact
    assert watch.descriptor() is None
    assert watch.interval_s < 1
    assert watch.drain().is_walk_needed
    watch.close()
