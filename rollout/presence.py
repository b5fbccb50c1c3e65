"""What lies at the path of a log: its plain file, else the packed one beside that name.

The plain file counts whenever it is there. While a log is packed or restored there is always one of the
two, but who asks for the one and then the other may miss both: then both are asked for again.
"""

import errno
import os
import stat
from dataclasses import dataclass

from domain.log import FileState
from domain.rollout_name import packed_path

OPEN_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC

GONE = (FileNotFoundError, NotADirectoryError)


@dataclass(frozen=True, slots=True)
class Present:
    """The file that is there for a log: its own path, and what `stat` says of it."""

    path: str
    found: os.stat_result
    is_packed: bool

    @property
    def is_regular(self) -> bool:
        """Whether it is a plain file: no folder, pipe or device."""
        return stat.S_ISREG(self.found.st_mode)

    @property
    def state(self) -> FileState:
        """The facts of the `stat`."""
        return file_state(self.found)


def file_state(found: os.stat_result) -> FileState:
    """The facts of a `stat`."""
    return FileState(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def present(path: str) -> Present | None:
    """What is there for the log of this path, links followed; None when nothing is. May raise OSError."""
    for packed in _paths(path):
        try:
            return Present(packed or path, os.stat(packed or path), packed is not None)  # noqa: PTH116
        except GONE:
            continue
    return None


def regular_state(path: str) -> FileState | None:
    """What `stat` says of a log's regular file, also behind a link; None for anything else."""
    found = look(path)
    return found.state if found is not None and found.is_regular else None


def look(path: str) -> Present | None:
    """What is there for the log of this path; None also for what cannot be looked at."""
    try:
        return present(path)
    except OSError:
        return None


def open_present(path: str) -> tuple[int, bool]:
    """A descriptor of a log's file, and whether that is packed; FileNotFoundError, or another OSError."""
    for packed in _paths(path):
        try:
            return os.open(packed or path, OPEN_FLAGS), packed is not None
        except GONE:
            continue
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)


def _paths(path: str) -> list[str | None]:
    """What to ask for, in this order: None stands for the plain file."""
    packed = packed_path(path)
    return [None] if packed is None else [None, packed] * 2
