"""What a home works with: versions, the kernel's watches, the disk."""

import os
import platform
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from domain.version import PROTOCOL_RELEASE, __version__
from rollout.finding.home import Home

INOTIFY = Path("/proc/sys/fs/inotify")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Versions, the watches that a user may have (None where the kernel has none), and the disk in bytes."""

    threadstore: str
    protocol: str
    python: str
    sqlite: str
    watches_max: int | None
    disk_free: int
    is_writable: bool


def surroundings(home: Home) -> Surroundings:
    """What this home works with here."""
    return Surroundings(
        __version__,
        PROTOCOL_RELEASE,
        platform.python_version(),
        sqlite3.sqlite_version,
        _watches_max(),
        shutil.disk_usage(home.root).free,
        os.access(home.root, os.W_OK),
    )


def _watches_max() -> int | None:
    try:
        return int((INOTIFY / "max_user_watches").read_text())
    except (OSError, ValueError):
        return None
