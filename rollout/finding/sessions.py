"""Finding rollout files: one thread's by its id, and all that lists look at.

Reading is generous: any file below `sessions`, at any depth and behind links, whose name holds the id;
only then the same below `archived_sessions`. Listing is strict: regular files with well-formed names,
live ones in `YYYY/MM/DD`, archived ones directly in their folder (thread-list.md, section 1).
"""

import os
import re
import stat
from collections.abc import Iterator
from os.path import islink
from uuid import UUID

from domain.errors import UnreadableFolder
from domain.log import FileState, RolloutPlace
from domain.rollout_name import read_rollout_name
from rollout.finding.folders import Folder, FolderTree
from rollout.finding.home import Home
from rollout.log import file_state

PARTS_MAX = (65535, 255, 255)
"""Year, month and day folders are numbers of 16, 8 and 8 bits; nothing more is asked of them."""

NIL = UUID(int=0)
"""Stands for an id where the name is known to tell one."""

NUMBER = re.compile(r"\+?[0-9]+", re.ASCII)


class Sessions:
    """The rollout files of a home, as of the last look."""

    def __init__(self, home: Home) -> None:
        self._active = FolderTree(str(home.sessions))
        self._archived = FolderTree(str(home.archived))

    def find(self, thread_id: UUID) -> RolloutPlace | None:
        """The file to read for this id; of several a well-named one, then the longer, then the later."""
        for tree in (self._active, self._archived):
            tree.refresh()
            found = [place for path in tree.paths_of(thread_id) if (place := self._place(path, thread_id))]
            if found:
                return max(found, key=_rank)
        return None

    def place(self, path: str, thread_id: UUID) -> RolloutPlace | None:
        """What this path is now; None when no regular file is there."""
        return self._place(path, thread_id)

    def _place(self, path: str, thread_id: UUID) -> RolloutPlace | None:
        state = regular_state(path)
        if state is None:
            return None
        folder, _, name = path.rpartition("/")
        told = read_rollout_name(name)
        is_archived = path.startswith(f"{self._archived.root.path}/")
        is_listable = (
            told is not None and self._is_listed(folder, archived=is_archived) and not _is_link(path)
        )
        started_s = told.started_s if told else 0
        return RolloutPlace(
            path, is_archived, is_listable, started_s, told.thread_id if told else thread_id, state
        )

    def listed_place(self, path: str) -> RolloutPlace | None:
        """What lists see at this path now; None when that is nothing. Looks at this path alone."""
        if read_rollout_name(path.rpartition("/")[2]) is None:
            return None
        place = self._place(path, NIL)
        return place if place is not None and place.is_listable else None

    def _is_listed(self, folder: str, *, archived: bool) -> bool:
        """Whether lists look into this folder."""
        return folder == self._archived.root.path if archived else self._is_day(folder)

    def _is_day(self, folder: str) -> bool:
        """Whether this is a folder of a day, below folders that are no links."""
        parts = folder.removeprefix(f"{self._active.root.path}/").split("/")
        if folder == self._active.root.path or len(parts) != len(PARTS_MAX):
            return False
        above = [self._active.root.path]
        for part, greatest in zip(parts, PARTS_MAX, strict=True):
            above.append(f"{above[-1]}/{part}")
            if not _is_part(part, greatest) or _is_link(above[-1]):
                return False
        return True

    def listed(self, *, archived: bool) -> Iterator[RolloutPlace]:
        """Every file that lists look at; UnreadableFolder when the sessions folder is none."""
        tree = self._archived if archived else self._active
        tree.refresh()
        error = tree.root.error
        if error is not None and not isinstance(error, FileNotFoundError):
            raise UnreadableFolder(f"{os.strerror(error.errno or 0)} (os error {error.errno})")
        for folder in [tree.root] if archived else _days(tree.root):
            for name in folder.files:
                told = read_rollout_name(name)
                path = f"{folder.path}/{name}"
                state = None if told is None else regular_state(path)
                if told is not None and state is not None:
                    yield RolloutPlace(path, archived, True, told.started_s, told.thread_id, state)  # noqa: FBT003


def regular_state(path: str) -> FileState | None:
    """What `stat` says of a regular file, also behind a link; None for anything else."""
    try:
        found = os.stat(path)  # noqa: PTH116 - paths are plain text here, thousands of them
    except OSError:
        return None
    return file_state(found) if stat.S_ISREG(found.st_mode) else None


def _rank(place: RolloutPlace) -> tuple[bool, int, str]:
    return place.is_listable, place.state.size, place.path.rpartition("/")[2]


def _days(root: Folder) -> list[Folder]:
    """The folders three numbers deep."""
    level = [root]
    for greatest in PARTS_MAX:
        level = [inner for outer in level for name, inner in outer.inner.items() if _is_part(name, greatest)]
    return level


def _is_link(path: str) -> bool:
    return islink(path)  # noqa: PTH114 - paths are plain text here


def _is_part(name: str, greatest: int) -> bool:
    return NUMBER.fullmatch(name) is not None and int(name) <= greatest
