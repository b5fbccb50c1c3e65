"""Archiving the logs of a thread, and restoring them.

Only a rollout file that lies where it should is moved: below `sessions` or `archived_sessions` with all
links resolved, under a name that tells its start, else it could never be moved back. A packed file is moved
as it is; where a plain one lies beside it, both are, so that neither is taken for the thread alone.

A thread is where its current log is, and live logs count before archived ones. So the current log is archived
last and restored first: a program that dies in between leaves a thread that is wholly readable and live. What
fails is taken back.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from domain.durability import Durability
from domain.errors import (
    ArchivedRolloutNotFound,
    MoveFailed,
    NameTaken,
    RolloutElsewhere,
    RolloutNotFound,
    ThreadstoreError,
    UndatedRollout,
)
from domain.limits import REOPEN_MAX
from domain.rollout_name import PACKED, RolloutName, packed_path, read_rollout_name
from domain.times import NANOSECONDS
from rollout.finding.home import Home
from rollout.writing import storage
from rollout.writing.move import Move


def archive(home: Home, path: str, durability: Durability = Durability.DISK) -> str:
    """Moves one live log, flat, into the archive; gives its new path. As `archive_logs`."""
    return archive_logs(home, [path], durability)[0]


def archive_logs(home: Home, paths: Sequence[str], durability: Durability = Durability.DISK) -> list[str]:
    """Moves the live logs of a thread, the current one last, flat, into the archive; gives their new paths.

    Bytes and times stay. RolloutNotFound when one is gone, NameTaken when the archive has a file of its name;
    RolloutElsewhere, UndatedRollout and IrregularRollout for what cannot be archived; ActiveWriter while
    another writer of ours keeps one; MoveFailed for everything else. None of them leaves anything changed,
    but a MoveFailed that says so.
    """
    logs: list[_Log] = []
    for path in paths:
        told = _told(path, home.sessions, "sessions")
        logs.append(_Log(path, str(home.archived / _name(path)), RolloutNotFound(str(told.thread_id))))
    _Moves("archive", durability, is_packed_first=True).carry_out(logs)
    return [log.target for log in logs]


def unarchive(home: Home, path: str, now_s: float, durability: Durability = Durability.DISK) -> str:
    """Moves one archived log back under the day in its name; gives its new path. As `unarchive_logs`."""
    return unarchive_logs(home, [path], now_s, durability)[0]


def unarchive_logs(
    home: Home, paths: Sequence[str], now_s: float, durability: Durability = Durability.DISK
) -> list[str]:
    """Moves the archived logs of a thread, the current one first, back under their days; gives the new paths.

    The first counts as changed `now_s`, in seconds since 1970, which lists show as the thread's last update.
    The errors are those of `archive_logs`, with ArchivedRolloutNotFound when one is gone.
    """
    logs: list[_Log] = []
    for path in paths:
        told = _told(path, home.archived, "archived")
        started = datetime.fromtimestamp(told.started_s, UTC)
        day = home.sessions / f"{started.year:04}" / f"{started.month:02}" / f"{started.day:02}"
        gone = ArchivedRolloutNotFound(str(told.thread_id))
        logs.append(_Log(path, str(day / _name(path)), gone, None if logs else round(now_s * NANOSECONDS)))
    _Moves("unarchive", durability, is_packed_first=False).carry_out(logs)
    return [log.target for log in logs]


@dataclass(frozen=True, slots=True)
class _Log:
    """A log's way, by plain names; what says that it is gone; when it is to count as changed."""

    path: str
    target: str
    gone: ThreadstoreError
    modified_ns: int | None = None


class _Moves:
    """Several logs' ways, together or not at all; `verb` is the command's word for them in failures."""

    def __init__(self, verb: str, durability: Durability, *, is_packed_first: bool) -> None:
        self._verb = verb
        self._durability = durability
        self._is_packed_first = is_packed_first
        self._back: list[Callable[[], None]] = []

    def carry_out(self, logs: Sequence[_Log]) -> None:
        """Moves them in this order."""
        try:
            for log in logs:
                self._move(log)
        except BaseException:
            self._take_back()
            raise

    def _move(self, log: _Log) -> None:
        """Moves the files of one log; looks again when it was packed or restored just then."""
        for _ in range(REOPEN_MAX):
            ends = self._ends(log.path)
            if not ends:
                continue
            self._check_free(log)
            try:
                for end in ends:
                    self._move_file(f"{log.path}{end}", f"{log.target}{end}", log.modified_ns)
            except FileNotFoundError:
                continue
            return
        raise log.gone

    def _check_free(self, log: _Log) -> None:
        """NameTaken also when it is the other file of the target that is there."""
        for target in (log.target, packed_path(log.target)):
            if target is not None and storage.is_there(target):
                raise NameTaken(log.path, target)

    def _ends(self, path: str) -> list[str]:
        """What is to be added to the log's path for each of its files, in the order in which they move."""
        ends = [end for end in ("", PACKED) if storage.is_there(f"{path}{end}")]
        return ends[::-1] if self._is_packed_first else ends

    def _move_file(self, path: str, target: str, modified_ns: int | None) -> None:
        before_ns = None if modified_ns is None else self._modified_ns(path)
        Move(self._verb, path, target, self._durability, modified_ns).carry_out()
        self._back.append(Move(self._verb, target, path, self._durability, before_ns).carry_out)

    def _modified_ns(self, path: str) -> int:
        try:
            return storage.lstat(path).st_mtime_ns
        except FileNotFoundError:
            raise
        except OSError as error:
            raise MoveFailed(
                self._verb, f"{os.strerror(error.errno or 0)} (os error {error.errno})"
            ) from error

    def _take_back(self) -> None:
        """Takes back what was moved; a MoveFailed that says so when that fails."""
        for back in reversed(self._back):
            try:
                back()
            except (ThreadstoreError, OSError) as failure:
                raise MoveFailed(self._verb, str(failure), is_indeterminate=True) from failure


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
