"""Archiving a thread's file, and restoring it.

Only a rollout file that lies where it should is moved: below `sessions` or `archived_sessions` with all
links resolved, under a name that tells its start, else it could never be moved back.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

from domain.durability import Durability
from domain.errors import ArchivedRolloutNotFound, RolloutElsewhere, RolloutNotFound, UndatedRollout
from domain.rollout_name import RolloutName, read_rollout_name
from domain.times import NANOSECONDS
from rollout.finding.home import Home
from rollout.writing import storage
from rollout.writing.move import Move


def archive(home: Home, path: str, durability: Durability = Durability.DISK) -> str:
    """Moves a live thread's file, flat, into the archive; gives its new path. Bytes and times stay.

    RolloutNotFound when it is gone, NameTaken when the archive has a file of this name; RolloutElsewhere,
    UndatedRollout and IrregularRollout for what cannot be archived; ActiveWriter while another writer of
    ours keeps it; MoveFailed for everything else. None of them leaves anything changed, but a MoveFailed
    that says so.
    """
    told = _told(path, home.sessions, "sessions")
    target = str(home.archived / _name(path))
    try:
        Move("archive", path, target, durability).carry_out()
    except FileNotFoundError:
        raise RolloutNotFound(str(told.thread_id)) from None
    return target


def unarchive(home: Home, path: str, now_s: float, durability: Durability = Durability.DISK) -> str:
    """Moves an archived thread's file back under the day in its name; gives its new path.

    It counts as changed `now_s`, in seconds since 1970, which lists show as the thread's last update. The
    errors are those of `archive`, with ArchivedRolloutNotFound when it is gone.
    """
    told = _told(path, home.archived, "archived")
    started = datetime.fromtimestamp(told.started_s, UTC)
    day = home.sessions / f"{started.year:04}" / f"{started.month:02}" / f"{started.day:02}"
    target = str(day / _name(path))
    try:
        Move("unarchive", path, target, durability, round(now_s * NANOSECONDS)).carry_out()
    except FileNotFoundError:
        raise ArchivedRolloutNotFound(str(told.thread_id)) from None
    return target


def _told(path: str, root: Path, called: str) -> RolloutName:
    """What the file's name tells; refused unless it may be moved from there."""
    told = read_rollout_name(_name(path))
    if told is None:
        raise UndatedRollout(path)
    folder = storage.resolved(path.rpartition("/")[0])
    if not f"{folder}/".startswith(f"{storage.resolved(str(root))}/"):
        raise RolloutElsewhere(path, called)
    return told


def _name(path: str) -> str:
    return os.path.basename(path)  # noqa: PTH119 - paths are plain text in this room
