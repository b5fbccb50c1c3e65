"""The folders at the top may be missing, moved or behind links."""

import shutil
from pathlib import Path

from rollout.finding.home import Home
from rollout.watching.inotify_watch import InotifyWatch
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


def test_sessions_moved_away_and_back_are_watched_all_the_time(home: Home, watch: Watch) -> None:
    away = home.root / "away"
    home.sessions.rename(away)
    assert is_walk_needed(watch)
    append(away / DAYS[0] / NAMES[0])
    assert told(watch) == set()
    away.rename(home.sessions)
    assert is_walk_needed(watch)
    assert_all_is_watched(home, watch)


def test_sessions_moved_away_and_back_between_two_looks_need_a_walk(home: Home, watch: Watch) -> None:
    away = home.root / "away"
    home.sessions.rename(away)
    append(away / DAYS[0] / NAMES[0])
    away.rename(home.sessions)
    assert is_walk_needed(watch)
    assert_all_is_watched(home, watch)


def test_sessions_replaced_by_others_need_a_walk(home: Home, watch: Watch) -> None:
    home.sessions.rename(home.root / "old")
    shutil.copytree(home.root / "old", home.sessions)
    assert is_walk_needed(watch)
    assert_all_is_watched(home, watch)


def test_sessions_that_come_later_are_watched(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    watch = InotifyWatch(home)
    assert told(watch) == set()
    for folder in (home.sessions, home.archived):
        folder.mkdir()
        (folder / NAMES[0]).touch()
        assert is_walk_needed(watch)
        assert_all_is_watched(home, watch)
    watch.close()


def test_a_file_in_place_of_sessions_is_no_failure(home: Home, watch: Watch) -> None:
    home.sessions.rename(home.root / "old")
    home.sessions.touch()
    assert is_walk_needed(watch)
    assert told(watch) == set()
    home.sessions.unlink()
    (home.root / "old").rename(home.sessions)
    assert is_walk_needed(watch)
    assert_all_is_watched(home, watch)


def test_sessions_behind_a_link_are_watched_and_told_as_the_home_spells_them(
    home: Home, opened: Open, tmp_path: Path
) -> None:
    target = tmp_path / "outside/elsewhere"
    home.sessions.rename(target)
    home.sessions.symlink_to(target)
    watch = opened()
    append(target / DAYS[0] / NAMES[0])
    assert told(watch) == {str(home.sessions / DAYS[0] / NAMES[0])}
    assert_all_is_watched(home, watch)


def test_a_link_that_leads_elsewhere_now_needs_a_walk(home: Home, opened: Open, tmp_path: Path) -> None:
    home.sessions.rename(tmp_path / "outside/one")
    home.sessions.symlink_to(tmp_path / "outside/one")
    watch = opened()
    (tmp_path / "outside/two").mkdir()
    home.sessions.unlink()
    home.sessions.symlink_to(tmp_path / "outside/two")
    assert is_walk_needed(watch)
    assert_all_is_watched(home, watch)
    append(tmp_path / "outside/one" / DAYS[0] / NAMES[0])
    assert told(watch) == set()


def test_a_link_whose_target_was_moved_from_above_needs_a_walk(
    home: Home, opened: Open, tmp_path: Path
) -> None:
    home.sessions.rename(tmp_path / "outside/sessions")
    home.sessions.symlink_to(tmp_path / "outside/sessions")
    watch = opened()
    (tmp_path / "outside").rename(tmp_path / "moved")
    assert is_walk_needed(watch)
    assert told(watch) == set()
    (tmp_path / "moved").rename(tmp_path / "outside")
    assert is_walk_needed(watch)
    assert_all_is_watched(home, watch)


def test_both_folders_in_one_place_tell_both_paths(home: Home, opened: Open) -> None:
    shutil.rmtree(home.archived)
    home.archived.symlink_to("sessions")
    watch = opened()
    append(home.sessions / DAYS[0] / NAMES[0])
    assert told(watch) == {
        f"{home.root}/{top}/{DAYS[0]}/{NAMES[0]}" for top in ("sessions", "archived_sessions")
    }


def test_a_home_moved_away_and_back_needs_a_walk_each_time(home: Home, watch: Watch) -> None:
    home.root.rename(home.root.with_name("away"))
    assert is_walk_needed(watch)
    assert told(watch) == set()
    home.root.with_name("away").rename(home.root)
    assert is_walk_needed(watch)
    assert_all_is_watched(home, watch)
