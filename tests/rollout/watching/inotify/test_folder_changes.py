"""Folders may come, go and move: what is in them is told, by its path of now."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rollout.finding.home import Home
from rollout.watching.watch import Watch
from tests.rollout.watching.words import (
    DAYS,
    NAMES,
    Open,
    append,
    assert_all_is_watched,
    is_walk_needed,
    told,
)

Change = Callable[[Path], object]


def test_a_file_in_a_day_made_just_now_is_told(home: Home, watch: Watch) -> None:
    path = home.sessions / "2027/01/01" / NAMES[3]
    path.parent.mkdir(parents=True)
    path.touch()
    assert told(watch) == {str(path)}
    append(path)
    assert told(watch) == {str(path)}


def test_a_file_is_told_at_whatever_moment_its_folders_are_seen(home: Home, watch: Watch) -> None:
    path = home.sessions / "2027/01/01" / NAMES[3]
    for folder in reversed(path.parents[:3]):
        folder.mkdir()
        assert told(watch) == set()
    path.touch()
    assert told(watch) == {str(path)}


def test_a_file_made_while_its_new_folder_is_listed_is_told(
    home: Home, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is made behind the listing's back, before and after; the watch stands before either."""
    scandir = os.scandir
    day = home.sessions / "2027"

    def slow(path: str) -> Iterator[os.DirEntry[str]]:
        (day / "early.jsonl").touch()
        entries = scandir(path)
        (day / "late.jsonl").touch()
        return entries

    day.mkdir()
    monkeypatch.setattr(os, "scandir", slow)
    seen = told(watch) | told(watch)
    assert {str(day / "early.jsonl"), str(day / "late.jsonl")} <= seen


def make_a_file(sessions: Path) -> None:
    shutil.rmtree(sessions / DAYS[0])
    (sessions / DAYS[0]).touch()


FOLDER_CHANGES: dict[str, Change] = {
    "moved": lambda sessions: (sessions / DAYS[0]).rename(sessions / "2026/05/20"),
    "moved up": lambda sessions: (sessions / "2026/05").rename(sessions / "2027"),
    "moved into the archive": lambda sessions: (sessions / DAYS[0]).rename(
        sessions.parent / "archived_sessions/day"
    ),
    "moved away": lambda sessions: (sessions / DAYS[0]).rename(sessions.parent / "day"),
    "removed": lambda sessions: shutil.rmtree(sessions / DAYS[0]),
    "given other rights": lambda sessions: (sessions / DAYS[0]).chmod(0o711),
    "made a file": make_a_file,
}


@pytest.mark.parametrize("change", FOLDER_CHANGES.values(), ids=FOLDER_CHANGES.keys())
def test_a_folder_that_is_changed_needs_a_walk_and_is_watched_afterwards(
    home: Home, watch: Watch, change: Change
) -> None:
    change(home.sessions)
    assert is_walk_needed(watch)
    assert_all_is_watched(home, watch)


def test_a_folder_that_was_moved_away_is_not_watched_any_more(home: Home, watch: Watch) -> None:
    (home.sessions / DAYS[0]).rename(home.root / "day")
    assert is_walk_needed(watch)
    append(home.root / "day" / NAMES[0])
    assert told(watch) == set()


def test_a_folder_that_comes_from_elsewhere_is_watched(home: Home, watch: Watch, tmp_path: Path) -> None:
    (tmp_path / "outside/day").mkdir()
    (tmp_path / "outside/day" / NAMES[3]).touch()
    (tmp_path / "outside/day").rename(home.sessions / "2026/05/20")
    assert is_walk_needed(watch)
    assert_all_is_watched(home, watch)


@pytest.mark.skipif(os.geteuid() == 0, reason="root can list every folder")
def test_a_folder_is_watched_when_it_can_be_listed_again(home: Home, opened: Open) -> None:
    day = home.sessions / DAYS[0]
    day.chmod(0)
    watch = opened()
    day.chmod(0o700)
    assert is_walk_needed(watch)
    assert_all_is_watched(home, watch)


@pytest.mark.skipif(os.geteuid() == 0, reason="root can list every folder")
def test_sessions_are_watched_when_they_can_be_listed_again(home: Home, opened: Open) -> None:
    home.sessions.chmod(0)
    watch = opened()
    home.sessions.chmod(0o700)
    assert is_walk_needed(watch)
    assert_all_is_watched(home, watch)


def test_a_folder_removed_and_made_again_is_watched(home: Home, watch: Watch) -> None:
    for _ in range(3):
        shutil.rmtree(home.sessions / DAYS[0])
        (home.sessions / DAYS[0]).mkdir()
        (home.sessions / DAYS[0] / NAMES[0]).touch()
    assert is_walk_needed(watch)
    assert_all_is_watched(home, watch)


def test_folders_behind_links_are_not_watched(home: Home, opened: Open, tmp_path: Path) -> None:
    (home.sessions / "link").symlink_to(tmp_path / "outside")
    watch = opened()
    (home.archived / "link").symlink_to(tmp_path / "outside")
    (tmp_path / "outside" / NAMES[3]).touch()
    assert told(watch) == set()


def test_a_folder_whose_name_is_no_text_is_not_entered(home: Home, opened: Open) -> None:
    folder = Path(os.fsdecode(os.fsencode(home.sessions) + b"/\xff"))
    folder.mkdir()
    watch = opened()
    (folder / NAMES[3]).touch()
    assert told(watch) == set()
