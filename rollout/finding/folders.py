"""A tree of folders, read again only where it changed.

A folder's modification time changes whenever a name in it appears, goes or changes, so a folder whose
time is the one known is not listed again: finding a thread costs a `stat` a folder. A time that was
fresh when the folder was listed proves nothing yet, since two changes can share one tick of the file
system's clock; such a folder is listed again until its time has settled.
"""

import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from domain.rollout_name import log_path, logs_in
from domain.text import is_encodable

SETTLED_NS = 100_000_000
"""Age at which a modification time is trusted: several ticks of any file system's clock."""

DEPTH_MAX = 64
"""Folders in folders; a deeper tree is a loop of links or an attack."""


Place = tuple[int, int]
"""Device and inode: what a folder is, whatever its path."""


@dataclass(slots=True)
class Folder:
    """One folder as it was listed last. `inner` are folders, `linked` those behind links.

    `files` are called by the names of their logs: a packed one by its plain name, once if both are there.
    """

    path: str
    place: Place = (0, 0)
    mtime_ns: int = -1
    is_settled: bool = False
    files: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    inner: dict[str, "Folder"] = field(default_factory=dict)
    linked: dict[str, "Folder"] = field(default_factory=dict)
    by_id: dict[UUID, list[str]] = field(default_factory=dict)
    error: OSError | None = None


class FolderTree:
    """The folders below one root."""

    def __init__(self, root: str) -> None:
        self.root = Folder(root)

    def refresh(self) -> None:
        """List again what changed. A folder that cannot be listed is empty and keeps its error."""
        seen: set[Place] = set()
        self._refresh_real(self.root, seen, 0)
        self._refresh_linked(self.root, seen, 0)

    def folders(self, *, through_links: bool) -> Iterator[Folder]:
        """Every folder, outer before inner."""
        waiting = [self.root]
        while waiting:
            folder = waiting.pop()
            yield folder
            waiting += folder.inner.values()
            if through_links:
                waiting += folder.linked.values()

    def paths_of(self, thread_id: UUID) -> list[str]:
        """Every file, also behind links, whose name holds this id of a thread or of a log."""
        return [
            os.path.join(folder.path, name)  # noqa: PTH118 - paths are plain text here, thousands of them
            for folder in self.folders(through_links=True)
            for name in folder.by_id.get(thread_id, ())
        ]

    def _refresh_real(self, folder: Folder, seen: set[Place], depth: int) -> None:
        """List what changed below a folder, links aside; places seen already are left alone."""
        if depth > DEPTH_MAX or not _look(folder, seen):
            return
        for inner in folder.inner.values():
            self._refresh_real(inner, seen, depth + 1)

    def _refresh_linked(self, folder: Folder, seen: set[Place], depth: int) -> None:
        """Follow the links below a folder to places that are not reached without them."""
        for name in folder.links:
            path = os.path.join(folder.path, name)  # noqa: PTH118
            if depth >= DEPTH_MAX or not _is_folder(path):
                folder.linked.pop(name, None)
                continue
            linked = folder.linked.setdefault(name, Folder(path))
            self._refresh_real(linked, seen, depth + 1)
            self._refresh_linked(linked, seen, depth + 1)
        for inner in folder.inner.values():
            self._refresh_linked(inner, seen, depth + 1)


def _look(folder: Folder, seen: set[Place]) -> bool:
    """List a folder again if it changed; tells whether there is one to go into, seen for the first time."""
    try:
        found = os.stat(folder.path)  # noqa: PTH116
        place = (found.st_dev, found.st_ino)
        if place in seen:
            _empty(folder, None)
            return False
        if (found.st_mtime_ns, place) != (folder.mtime_ns, folder.place) or not folder.is_settled:
            _list(folder, found.st_mtime_ns)
            folder.place = place
    except OSError as error:
        _empty(folder, error)
        return False
    seen.add(place)
    return True


def _empty(folder: Folder, error: OSError | None) -> None:
    folder.mtime_ns, folder.is_settled, folder.error = -1, False, error
    folder.files, folder.links = (), ()
    folder.inner, folder.linked, folder.by_id = {}, {}, {}


def _list(folder: Folder, mtime_ns: int) -> None:
    """List one folder anew; folders in it that are known stay as they are."""
    began_ns = time.time_ns()
    files, links = [], []
    inner: dict[str, Folder] = {}
    with os.scandir(folder.path) as entries:
        for entry in entries:
            if not is_encodable(entry.name):  # neither the protocol nor the index could tell it
                continue
            if entry.is_symlink():
                links.append(entry.name)
            elif entry.is_dir(follow_symlinks=False):
                inner[entry.name] = folder.inner.get(entry.name) or Folder(entry.path)
            elif entry.is_file(follow_symlinks=False):
                files.append(entry.name)
    folder.mtime_ns, folder.error = mtime_ns, None
    folder.is_settled = began_ns - mtime_ns > SETTLED_NS
    folder.files, folder.links, folder.inner = tuple(dict.fromkeys(map(log_path, files))), tuple(links), inner
    folder.linked = {name: linked for name, linked in folder.linked.items() if name in links}
    folder.by_id = {}
    for name in dict.fromkeys((*folder.files, *map(log_path, links))):
        for some_id in {one for ids in logs_in(name) for one in (ids.thread_id, ids.rollout_id)}:
            folder.by_id.setdefault(some_id, []).append(name)


def _is_folder(path: str) -> bool:
    try:
        return stat.S_ISDIR(os.stat(path).st_mode)  # noqa: PTH116
    except OSError:
        return False
