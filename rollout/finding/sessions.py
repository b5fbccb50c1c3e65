"""Finding rollout files: one thread's by its id, a log by its own, and all that lists look at.

Reading is generous: any file below `sessions`, at any depth and behind links, whose name holds the id;
only then the same below `archived_sessions`. Listing is strict: regular files with well-formed names,
live ones in `YYYY/MM/DD`, archived ones directly in their folder (thread-list.md, section 1). A packed file
is found and listed under its plain name, unless a plain one is there.

A thread may have several logs; the current one is the latest by its name (dialects.md, section 6). Several
files of one log are copies, of which the longest counts.
"""

import os
import re
from collections.abc import Iterable, Iterator
from os.path import islink
from uuid import UUID

from domain.errors import UnreadableFolder
from domain.log import RolloutPlace
from domain.rollout_name import ENDING, LogIds, logs_in, read_rollout_name
from rollout.finding.folders import Folder, FolderTree
from rollout.finding.home import Home
from rollout.presence import look, regular_state

__all__ = ["Sessions", "regular_state"]

PARTS_MAX = (65535, 255, 255)
"""Year, month and day folders are numbers of 16, 8 and 8 bits; nothing more is asked of them."""

NIL = LogIds(UUID(int=0), UUID(int=0))
"""Stands for ids where the name is known to tell them."""

NUMBER = re.compile(r"\+?[0-9]+", re.ASCII)


class Sessions:
    """The rollout files of a home, as of the last look."""

    def __init__(self, home: Home) -> None:
        self._active = FolderTree(str(home.sessions))
        self._archived = FolderTree(str(home.archived))

    def find(self, thread_id: UUID) -> RolloutPlace | None:
        """The file of the current log of this thread: of the latest, the one that counts of its copies."""
        for tree in (self._active, self._archived):
            found = [place for ids, place in self._found(tree, thread_id) if ids.thread_id == thread_id]
            if found:
                return _copies(found)[-1]
        return None

    def find_log(self, rollout_id: UUID) -> RolloutPlace | None:
        """The file of this log: that of a thread's first log for the thread's id."""
        for tree in (self._active, self._archived):
            found = [place for ids, place in self._found(tree, rollout_id) if ids.rollout_id == rollout_id]
            if found:
                return max(found, key=_rank)
        return None

    def logs_of(self, thread_id: UUID) -> list[RolloutPlace]:
        """The files of all logs of a thread, live or archived, the oldest log first; copies are left out."""
        logs: dict[UUID, RolloutPlace] = {}
        for tree in (self._archived, self._active):
            found = [place for ids, place in self._found(tree, thread_id) if ids.thread_id == thread_id]
            logs |= {place.rollout_id: place for place in _copies(found)}
        return sorted(logs.values(), key=_age)

    def nameless(self) -> Iterator[str]:
        """The paths of live logs in whose names no id stands."""
        self._active.refresh()
        for folder in self._active.folders(through_links=False):
            for name in folder.files:
                if name.endswith(ENDING) and not logs_in(name):
                    yield f"{folder.path}/{name}"

    def _found(self, tree: FolderTree, some_id: UUID) -> Iterator[tuple[LogIds, RolloutPlace]]:
        """Every file in whose name the id stands, and of what log it is there."""
        tree.refresh()
        for path in tree.paths_of(some_id):
            for ids in logs_in(path.rpartition("/")[2]):
                if some_id in (ids.thread_id, ids.rollout_id):
                    place = self._place(path, ids)
                    if place is not None:
                        yield ids, place

    def place(self, path: str, thread_id: UUID) -> RolloutPlace | None:
        """What this path is now; None when no regular file is there."""
        named = logs_in(path.rpartition("/")[2])
        ids = next((ids for ids in named if ids.thread_id == thread_id), LogIds(thread_id, thread_id))
        return self._place(path, ids)

    def _place(self, path: str, ids: LogIds) -> RolloutPlace | None:
        """What is at this path; the ids count when the name as a whole tells none."""
        there = look(path)
        if there is None or not there.is_regular:
            return None
        folder, _, name = path.rpartition("/")
        told = read_rollout_name(name)
        is_archived = path.startswith(f"{self._archived.root.path}/")
        is_listed = told is not None and self._is_listed(folder, archived=is_archived)
        return RolloutPlace(
            path=path,
            is_archived=is_archived,
            is_listable=is_listed and not _is_link(there.path),
            started_s=told.started_s if told else 0,
            thread_id=told.thread_id if told else ids.thread_id,
            state=there.state,
            rollout_id=told.rollout_id if told else ids.rollout_id,
            is_packed=there.is_packed,
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
                there = None if told is None else look(path)
                if told is not None and there is not None and there.is_regular:
                    yield RolloutPlace(
                        path,
                        archived,
                        True,  # noqa: FBT003 - a value's field
                        told.started_s,
                        told.thread_id,
                        there.state,
                        told.rollout_id,
                        there.is_packed,
                    )


def _copies(places: Iterable[RolloutPlace]) -> list[RolloutPlace]:
    """Of the files of each log the one that counts, the oldest log first."""
    best: dict[UUID, RolloutPlace] = {}
    for place in places:
        known = best.get(place.rollout_id)
        if known is None or _rank(place) > _rank(known):
            best[place.rollout_id] = place
    return sorted(best.values(), key=_age)


def _rank(place: RolloutPlace) -> tuple[bool, bool, int, str]:
    """What makes one copy of a log count before another: name and place, its length, a later name.

    A plain one counts before a packed one, whose length shows only when it is unpacked.
    """
    return place.is_listable, not place.is_packed, place.state.size, place.path.rpartition("/")[2]


def _age(place: RolloutPlace) -> tuple[int, bool, bytes]:
    """What makes one log of a thread later than another: its time, then to be no first log, then its id."""
    return place.started_s, place.rollout_id != place.thread_id, place.rollout_id.bytes


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
