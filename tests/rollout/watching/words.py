"""A home with a few days, and a reader that looks only at what its watch tells."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from domain.rollout_name import log_path
from rollout.finding.home import Home
from rollout.watching.changes import Watch, is_log_name

State = tuple[int, int, int, int]
"""Inode, size, modification time and mode of a file."""

Picture = dict[str, State]

Open = Callable[[], Watch]
"""Opens a watch of a test's home."""

LINES = b'{"a":1}\n{"b":2}\n'

NAMES = tuple(
    f"rollout-2026-05-01T10-00-0{number}-0196f0aa-0000-7000-8000-00000000000{number}.jsonl"
    for number in range(4)
)
DAYS = ("2026/05/01", "2026/05/02")


def make_home(root: Path) -> Home:
    """Two days with a file each, an archive with another."""
    for folder, name in zip((*DAYS, "archive"), NAMES, strict=False):
        place = root / ("archived_sessions" if folder == "archive" else f"sessions/{folder}")
        place.mkdir(parents=True)
        (place / name).write_bytes(b"{}\n")
    return Home.at(root)


def walk(home: Home) -> Picture:
    """Every log below the home's two folders as it is now, by its plain name; inner links aside."""
    found: Picture = {}
    for top in (home.sessions, home.archived):
        for folder, _, names in os.walk(top):
            for name in filter(is_log_name, names):
                path = log_path(f"{folder}/{name}")
                state = look(path)
                if state is not None:
                    found[path] = state
    return found


def look(path: str) -> State | None:
    """One log as it is now, its packed file where that alone is there; None when it is gone."""
    for one in (path, f"{path}.zst"):
        with suppress(OSError):
            found = os.lstat(one)
            return found.st_ino, found.st_size, found.st_mtime_ns, found.st_mode
    return None


class Reader:
    """What somebody knows of the files who walked once and then believes a watch."""

    def __init__(self, home: Home, watch: Watch) -> None:
        self.picture = walk(home)
        self.walks = 0
        self._home = home
        self._watch = watch

    def follow(self) -> None:
        """Look at what the watch tells."""
        changes = self._watch.drain()
        if changes.is_walk_needed:
            self.walks += 1
            self.picture = walk(self._home)
        for path in changes.paths:
            state = look(path)
            if state is None:
                self.picture.pop(path, None)
            else:
                self.picture[path] = state


def append(path: Path) -> None:
    """Write as another program does."""
    with path.open("ab") as file:
        file.write(LINES)


def told(watch: Watch) -> set[str]:
    """The paths that a watch tells, of which it says that they are all."""
    changes = watch.drain()
    assert not changes.is_walk_needed
    return changes.paths


def is_walk_needed(watch: Watch) -> bool:
    """Whether a watch says that anything may have changed."""
    return watch.drain().is_walk_needed


def assert_all_is_watched(home: Home, watch: Watch) -> None:
    """Fails unless a change in any folder that is there now is told, and by its path of now."""
    for folder in [home.sessions, home.archived, *home.sessions.rglob("*"), *home.archived.rglob("*")]:
        if folder.is_dir() and not folder.is_symlink():
            (folder / "probe.jsonl").touch()
            assert told(watch) == {f"{folder}/probe.jsonl"}
