"""The folders of a home that the kernel watches: which they are, and that they are all.

A folder is watched first and listed then, so that nothing made in it falls between.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import suppress

from asyncinotify import Event, Inotify, Mask
from asyncinotify import Watch as FolderWatch

from domain.errors import WatchRefused
from domain.limits import WATCH_READ_EVENTS, WATCHED_FOLDERS_MAX
from rollout.finding.home import Home
from rollout.watching.changes import is_log_name, is_utf8
from rollout.watching.mounts import is_local, read_mounts

HOW = Mask.ONLYDIR | Mask.MASK_ADD
"""Only folders; a folder that is watched by two paths keeps what was asked by either."""

HOME = Mask.CREATE | Mask.MOVE | Mask.DELETE | Mask.ATTRIB | Mask.DELETE_SELF | Mask.MOVE_SELF | HOW
TOP = HOME | Mask.MODIFY | Mask.CLOSE_WRITE
INNER = TOP | Mask.DONT_FOLLOW
"""What is asked of the home's own folder, where programs write other things; of the two; of those below."""

NOT_FOR_US = frozenset(
    {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EACCES, errno.EPERM, errno.ENAMETOOLONG}
)
"""Why a folder is passed over: it is gone or none, or nobody here can list it (a change of that is told)."""

Place = tuple[int, int] | None
"""Device and inode of a folder, None where nothing is."""


class WatchedFolders:
    """The home's own folder, the two at the top, which may be links, and every real folder below these.

    WatchRefused when the kernel gives no more watches, or would not tell everything of these folders.
    """

    def __init__(self, home: Home) -> None:
        self.root = str(home.root)
        self.tops = (str(home.sessions), str(home.archived))
        self._watches: dict[int, FolderWatch] = {}
        self._paths: dict[int, list[str]] = {}
        self._places: list[Place] = []
        try:
            # Asking without patience before each read; the library's flag for that sets another one.
            self._inotify = Inotify(cache_size=WATCH_READ_EVENTS, sync_timeout=0)
        except OSError as error:
            raise _refused(self.root, error) from error

    @property
    def descriptor(self) -> int:
        """Readable when there is an event."""
        return self._inotify.fd

    @property
    def are_where_they_were(self) -> bool:
        """Whether what is watched at the top is still what stands there: not all ways to change that tell."""
        return self._places == self._places_now()

    def next_event(self) -> Event | None:
        """The oldest event that was not taken yet."""
        return self._inotify.sync_get()

    def paths_of(self, watch: FolderWatch) -> tuple[str, ...]:
        """The paths of the folder that an event is about; none when it is not watched any more."""
        return tuple(self._paths.get(watch.wd, ()))

    def forget(self, watch: FolderWatch) -> bool:
        """Note that the kernel gave a watch up; tells whether we had not."""
        self._watches.pop(watch.wd, None)
        return self._paths.pop(watch.wd, None) is not None

    def set_up(self) -> None:
        """Watch every folder that is there now, and no other."""
        mounts = read_mounts()
        for top in self.tops:
            if not is_local(top, mounts):
                raise WatchRefused(top, "other machines or programs may write there unseen")
        # The places first: one that is replaced meanwhile is noticed at the next look.
        self._places = self._places_now()
        known, self._watches, self._paths = self._watches, {}, {}
        self._add(self.root, HOME)
        for top in self.tops:
            for _ in self._walk(top):
                pass
        for descriptor in known.keys() - self._watches.keys():
            self._remove(known[descriptor])

    def enter(self, path: str) -> list[str]:
        """Watch a folder and all below it, links aside; gives the files in them."""
        return [entry.path for entry in self._walk(path) if is_log_name(entry.name)]

    def release(self) -> None:
        """Watch nothing any more; the descriptor stays open and silent."""
        for watch in self._inotify.watches:
            self._remove(watch)
        while self._inotify.sync_get() is not None:
            pass
        self._watches, self._paths = {}, {}

    def close(self) -> None:
        """Give everything back."""
        self._inotify.close()

    def _places_now(self) -> list[Place]:
        return [_place(path) for path in (self.root, *self.tops)]

    def _walk(self, path: str) -> Iterator[os.DirEntry[str]]:
        """Watch a folder and all below it; gives what is in them, folders aside."""
        waiting = [path]
        while waiting:
            folder = waiting.pop()
            if self._add(folder, TOP if folder in self.tops else INNER):
                inner, others = _listing(folder)
                waiting += inner
                yield from others

    def _add(self, path: str, mask: Mask) -> bool:
        """Watch one folder; tells whether there is one."""
        try:
            watch = self._inotify.add_watch(path, mask)
        except OSError as error:
            if error.errno in NOT_FOR_US:
                return False
            raise _refused(path, error) from error
        self._watches[watch.wd] = watch
        paths = self._paths.setdefault(watch.wd, [])
        if path not in paths:
            paths.append(path)
        if len(self._watches) > WATCHED_FOLDERS_MAX:
            raise WatchRefused(path, f"the home has more than {WATCHED_FOLDERS_MAX} folders")
        return True

    def _remove(self, watch: FolderWatch) -> None:
        # What the kernel gave up by itself it says in an event that is still to be read.
        with suppress(OSError):
            self._inotify.rm_watch(watch)


def _listing(folder: str) -> tuple[list[str], list[os.DirEntry[str]]]:
    """The folders in a folder, and what else is in it; nothing when it is gone."""
    inner: list[str] = []
    others: list[os.DirEntry[str]] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if not entry.is_dir(follow_symlinks=False):
                    others.append(entry)
                elif is_utf8(entry.name):
                    inner.append(entry.path)
    except OSError as error:
        if error.errno not in NOT_FOR_US:
            raise _refused(folder, error) from error
    return inner, others


def _place(path: str) -> Place:
    try:
        found = os.stat(path)  # noqa: PTH116 - paths are plain text here, thousands of them
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _refused(path: str, error: OSError) -> WatchRefused:
    return WatchRefused(path, os.strerror(error.errno or 0))
