"""Files that are written under a name that no reader takes, and get their own name when they are whole."""

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from secrets import token_hex

from rollout.writing import storage

NO_SUCH_CALL = frozenset({errno.ENOSYS, errno.EINVAL})
"""What systems and file systems answer that cannot rename without replacing."""


def partial_path(target: str) -> str:
    """A new name beside the target's: it holds no thread id, and no ending of a rollout."""
    return f"{os.path.dirname(target)}/.{token_hex(16)}.partial"  # noqa: PTH120 - paths are plain text here


def write_fully(descriptor: int, data: bytes | memoryview) -> int:
    """Writes all of it; a signal that came before anything was written is no failure."""
    rest = memoryview(data)
    while rest:
        with suppress(InterruptedError):
            count = storage.write(descriptor, rest)
            if not count:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            rest = rest[count:]
    return len(data)


def give_name(path: str, target: str, named: Callable[[], None] = lambda: None) -> None:
    """Gives the file its own name, and tells when it has it; FileExistsError when that is taken."""
    try:
        storage.rename_new(path, target)
        named()
    except OSError as error:
        if error.errno not in NO_SUCH_CALL:
            raise
        storage.link(path, target)
        named()
        storage.remove(path)


def keep_facts(descriptor: int, found: os.stat_result) -> None:
    """Gives the file the times, the mode and the owner of another, and waits for the disk."""
    own = storage.fstat(descriptor)
    if (own.st_uid, own.st_gid) != (found.st_uid, found.st_gid):
        with suppress(PermissionError):  # a file of a group's folder; the owner is ourselves then
            storage.set_owner(descriptor, found.st_uid, found.st_gid)
    storage.set_mode(descriptor, found.st_mode & 0o777)
    storage.set_times(descriptor, found.st_atime_ns, found.st_mtime_ns)
    storage.sync_times(descriptor)
