"""Watching a home by looking at it: for file systems and platforms where nobody tells of changes.

Each look asks the files that changed last whether they changed again: who wrote last writes next. Folders
are asked for new names, as often as that is cheap. What both miss, such as an old thread that goes on, the
walk finds.
"""

import heapq
import time
from collections.abc import Callable, Iterable
from operator import itemgetter

from domain.limits import POLL_REST_RATIO, POLL_SECONDS, POLL_WALK_SECONDS, POLLED_FILES_MAX
from rollout.finding.folders import FolderTree
from rollout.finding.home import Home
from rollout.presence import look
from rollout.watching.changes import Changes, is_log_name

State = tuple[int, int, int, int, int]
"""Modification and change time, device, inode and size of a file: cheaper to compare than a FileState."""


class PollingWatch:
    """The last look at one home. Opening costs nothing: the first `drain` looks and says `is_walk_needed`."""

    is_exact: bool = False
    interval_s: float = POLL_SECONDS

    def __init__(self, home: Home, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._trees = (FolderTree(str(home.sessions)), FolderTree(str(home.archived)))
        self._recent: dict[str, State] = {}
        self._files: dict[str, tuple[str, ...]] = {}
        self._walk_at = clock()
        self._list_at = clock()

    def descriptor(self) -> int | None:
        """None: nothing tells of changes."""
        return None

    def drain(self) -> Changes:
        """What a look shows now."""
        began = self._clock()
        changes = Changes({path for path, state in self._recent.items() if _state(path) != state})
        if began >= self._list_at:
            self._list(changes)
            ended = self._clock()
            self._list_at = ended + (ended - began) * POLL_REST_RATIO
        if began >= self._walk_at:
            changes.is_walk_needed = True
            self._walk_at = began + POLL_WALK_SECONDS
            self._remember(self._all())
        else:
            self._remember(changes.paths)
        return changes

    def close(self) -> None:
        """Nothing to give back."""

    def _list(self, changes: Changes) -> None:
        """Look at all folders. In one that was listed again every file may be another, by its old name."""
        files: dict[str, tuple[str, ...]] = {}
        for tree in self._trees:
            tree.refresh()
            for folder in tree.folders(through_links=False):
                files[folder.path] = folder.files
                known = self._files.get(folder.path, ())
                if known is not folder.files:
                    changes.paths |= _paths(folder.path, known)
                    changes.paths |= _paths(folder.path, folder.files)
        for path in self._files.keys() - files.keys():
            changes.is_walk_needed = True
            changes.paths |= _paths(path, self._files[path])
        self._files = files

    def _all(self) -> Iterable[str]:
        for path, files in self._files.items():
            yield from _paths(path, files)

    def _remember(self, paths: Iterable[str]) -> None:
        """Keep the files that changed last, of these and of those kept so far."""
        for path in paths:
            state = _state(path)
            if state is None:
                self._recent.pop(path, None)
            else:
                self._recent[path] = state
        if len(self._recent) > POLLED_FILES_MAX:
            newest = heapq.nlargest(POLLED_FILES_MAX, self._recent.items(), key=itemgetter(1))
            self._recent = dict(newest)


def _state(path: str) -> State | None:
    there = look(path)
    if there is None:
        return None
    found = there.found
    return found.st_mtime_ns, found.st_ctime_ns, found.st_dev, found.st_ino, found.st_size


def _paths(folder: str, files: tuple[str, ...]) -> set[str]:
    return {f"{folder}/{name}" for name in files if is_log_name(name)}
