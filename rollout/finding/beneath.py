"""Looking at a file below a folder without leaving it: no link on the way is followed, no `..` gone up.

The kernel sees to it in one step where it can (`openat2`, Linux 5.6); else the way is gone part by part,
each opened within the one before, so nobody can put a link in the way meanwhile.
"""

import errno
import os
import stat
import struct
from collections.abc import Callable, Sequence
from functools import cache

from domain.log import FileState
from rollout.presence import file_state

_LAST = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_FOLDER = os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC | getattr(os, "O_PATH", os.O_RDONLY)

_OPENAT2 = 437
"""Number of the system call, the same on every machine (asm-generic/unistd.h)."""
_OPEN_HOW = struct.Struct("QQQ")
"""Flags, mode and what counts while a path is resolved (linux/openat2.h)."""
_NO_MAGIC_LINKS, _NO_SYMLINKS, _BENEATH = 0x02, 0x04, 0x08

_NOT_SO = frozenset({errno.ENOSYS, errno.EPERM, errno.EAGAIN, errno.EINVAL})
"""The kernel lacks the call, or a sandbox does, or something moved meanwhile: the other way is left."""

Open = Callable[[int, Sequence[str]], int]
"""Opens the file that these names lead to within an open folder; OSError or ValueError."""


def state_beneath(folder: str, parts: Sequence[str], opened: Open | None = None) -> FileState | None:
    """What `stat` says of the regular file that these names lead to; None for all that cannot be read so.

    The folder itself may be a link. `opened` takes the place of the way that is usual here.
    """
    if not parts or any(part in {"", ".", ".."} or "/" in part for part in parts):
        return None
    try:
        root = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        descriptor = (opened or open_beneath)(root, parts)
    except (OSError, ValueError):  # a ValueError for NUL, and for halves of characters
        return None
    finally:
        os.close(root)
    try:
        found = os.fstat(descriptor)
        return file_state(found) if stat.S_ISREG(found.st_mode) else None
    finally:
        os.close(descriptor)


def open_beneath(root: int, parts: Sequence[str]) -> int:
    """Opens by the kernel's own means where it has them."""
    call = _openat2()
    if call is not None:
        try:
            return call(root, "/".join(parts))
        except OSError as error:
            if error.errno not in _NOT_SO:
                raise
    return open_part_by_part(root, parts)


def open_part_by_part(root: int, parts: Sequence[str]) -> int:
    """Opens folder by folder."""
    folder = os.dup(root)
    try:
        for part in parts[:-1]:
            inner = os.open(part, _FOLDER, dir_fd=folder)
            os.close(folder)
            folder = inner
        return os.open(parts[-1], _LAST, dir_fd=folder)
    finally:
        os.close(folder)


@cache
def _openat2() -> Callable[[int, str], int] | None:
    """The system call; None where there can be none."""
    import ctypes  # noqa: PLC0415 - takes 8 ms, and only paths of remote clients need it

    call = getattr(ctypes.CDLL(None, use_errno=True), "syscall", None)
    if call is None or os.uname().sysname != "Linux":
        return None
    call.restype = ctypes.c_long
    how = _OPEN_HOW.pack(_LAST, 0, _NO_MAGIC_LINKS | _NO_SYMLINKS | _BENEATH)

    def opened(root: int, path: str) -> int:
        name = os.fsencode(path)
        if b"\0" in name:
            raise ValueError(path)
        found: int = call(
            ctypes.c_long(_OPENAT2),
            ctypes.c_int(root),
            ctypes.c_char_p(name),
            ctypes.c_char_p(how),
            ctypes.c_size_t(len(how)),
        )
        if found < 0:
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code), path)
        return found

    return opened
