"""Watching a home through the kernel: every change of a local program is in the queue when it is done.

Each folder is watched, not each file. A folder that is made is watched at once. Whatever else happens to
a folder (moved, removed, other rights), and whatever loses events (a full queue, an unmounted
disk), makes the whole set of watches new: 400 folders take 10 ms. So does another folder at the top: one
whose link's target was moved from above, or that was mounted over, tells no event.

The kernel does not tell of writes through memory maps, nor of those to a file by a name elsewhere (a
hard link). Files that are seen to have several names are therefore told at each `drain`; it is
seen when something happens to them here, since asking all files at the start would cost more than the rest.
What stands behind a link, other than `sessions` and `archived_sessions` themselves, is not watched. A disk
that is mounted over a folder further below is seen only when the watches are made new for another reason.
"""

import os
import stat

from asyncinotify import Event, Mask

from domain.errors import WatchRefused
from domain.limits import WATCH_EVENTS_MAX, WATCH_INTERVAL_SECONDS
from domain.rollout_name import log_path, packed_path
from rollout.finding.home import Home
from rollout.watching.changes import Changes, is_log_name, is_utf8
from rollout.watching.polling_watch import PollingWatch
from rollout.watching.watched_folders import WatchedFolders

LOST = Mask.Q_OVERFLOW | Mask.UNMOUNT


class InotifyWatch:
    """What the kernel tells of one home; WatchRefused when it cannot tell everything.

    When it cannot any more, later on, the folders are looked at instead: `is_exact` is false then.
    """

    interval_s: float = WATCH_INTERVAL_SECONDS

    def __init__(self, home: Home) -> None:
        self._home = home
        self._folders = WatchedFolders(home)
        self._linked: set[str] = set()
        self._is_lost = False
        self._instead: PollingWatch | None = None
        try:
            self._folders.set_up()
        except WatchRefused:
            self._folders.close()
            raise

    @property
    def is_exact(self) -> bool:
        """Whether the kernel tells everything."""
        return self._instead is None

    def descriptor(self) -> int | None:
        """Readable when there are events."""
        return self._folders.descriptor

    def drain(self) -> Changes:
        """All that is in the queue now; the watches are complete again afterwards."""
        if self._instead is not None:
            return self._instead.drain()
        changes = Changes()
        try:
            self._read(changes)
            if self._is_lost or not self._folders.are_where_they_were:
                changes.is_walk_needed = True
                self._folders.set_up()
                self._is_lost = False
        except WatchRefused:
            changes.is_walk_needed = True
            self._look_instead()
        changes.paths |= self._with_other_names(changes.paths)
        return changes

    def close(self) -> None:
        """Give the watches back."""
        self._folders.close()

    def _read(self, changes: Changes) -> None:
        for _ in range(WATCH_EVENTS_MAX):
            event = self._folders.next_event()
            if event is None:
                return
            self._take(event, changes)
        self._is_lost = True

    def _take(self, event: Event, changes: Changes) -> None:
        """Note what an event says. One of a folder that is not watched any more was told with its end."""
        if event.mask & LOST:
            self._is_lost = True
        if event.watch is None:
            return
        if event.mask & Mask.IGNORED:
            self._is_lost |= self._folders.forget(event.watch)
            return
        for folder in self._folders.paths_of(event.watch):
            if event.name is None:
                self._is_lost = True
            else:
                self._take_named(event.mask, folder, str(event.name), changes)

    def _take_named(self, mask: Mask, folder: str, name: str, changes: Changes) -> None:
        """Note what happened to a name in a folder."""
        if not is_utf8(name):
            return
        path = f"{folder}/{name}"
        if folder == self._folders.root:
            self._is_lost |= path in self._folders.tops
        elif not mask & Mask.ISDIR:
            if is_log_name(name):
                changes.paths.add(log_path(path))
        elif mask & Mask.CREATE and not self._is_lost:
            changes.paths.update(map(log_path, self._folders.enter(path)))
        else:
            self._is_lost = True

    def _look_instead(self) -> None:
        self._folders.release()
        self._instead = PollingWatch(self._home)
        self.interval_s = self._instead.interval_s

    def _with_other_names(self, told: set[str]) -> set[str]:
        """The files that may be written by a name elsewhere, and once more those that no longer can."""
        known = self._linked
        self._linked = {path for path in told | known if _has_other_names(path)}
        return known | self._linked


def _has_other_names(path: str) -> bool:
    return any(_is_linked(one) for one in (path, packed_path(path)) if one is not None)


def _is_linked(path: str) -> bool:
    try:
        found = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_nlink > 1
