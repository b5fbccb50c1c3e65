"""Watching a home for what other programs do: the best that works here.

On Linux the kernel tells of changes, exactly, as long as the folders are on local file systems and
the user has watches left. Everywhere else the folders are looked at again and again.
"""

import sys

from domain.errors import WatchRefused
from rollout.finding.home import Home
from rollout.watching.changes import Changes, Watch
from rollout.watching.polling_watch import PollingWatch

__all__ = ["Changes", "Watch", "open_watch"]


def open_watch(home: Home) -> Watch:
    """A watch of this home: an exact one if that can be had, else one that looks from time to time.

    What happens after this is told; what is there already is the caller's to walk, after this call.
    """
    if sys.platform == "linux":
        try:
            # It costs 10 ms and a process to load, which other platforms and commands need not pay.
            from rollout.watching.inotify_watch import InotifyWatch  # noqa: PLC0415

            return InotifyWatch(home)
        except (WatchRefused, ImportError, RuntimeError, OSError):
            return PollingWatch(home)
    return PollingWatch(home)
