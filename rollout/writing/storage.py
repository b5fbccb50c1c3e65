"""Every system call the log is written with, one thin function each.

Nothing that writes goes past this module, so a test that replaces a function here can fail any call,
shorten any write and skip any wait.
"""

import errno
import fcntl
import os
import signal
import stat
import time
from collections.abc import Callable
from functools import cache

_SAFE = os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""Written at the end only, never through a link, never waiting at a pipe, never into a child process."""

_HERE, _NO_REPLACE = -100, 1
"""Of `renameat2`: AT_FDCWD and RENAME_NOREPLACE (linux/fcntl.h, linux/fs.h)."""

FILE_MODE = 0o600
FOLDER_MODE = 0o700

LOCK_MODE = 0o666
"""Of lock files, as release 0.169.0 makes them: they hold nothing, and whoever shares the home locks them."""


def open_to_append(path: str) -> int:
    """A descriptor that reads, and writes at the end only."""
    return os.open(path, _SAFE)


def create(path: str) -> int:
    """The same for a file that was not there before."""
    return os.open(path, _SAFE | os.O_CREAT | os.O_EXCL, FILE_MODE)


def open_to_hold(path: str) -> int:
    """A descriptor that only holds the file and its lock; a link is not followed."""
    return os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)


def open_lock(path: str) -> int:
    """A descriptor of a file that is there to be locked and holds nothing; made where it is missing."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, LOCK_MODE)


def close(descriptor: int) -> None:
    """Ends the descriptor, and its lock with it."""
    os.close(descriptor)


def lstat(path: str) -> os.stat_result:
    """What has this name; a link is not followed."""
    return os.lstat(path)


def fstat(descriptor: int) -> os.stat_result:
    """What is open, whatever its name is now."""
    return os.fstat(descriptor)


def is_regular(found: os.stat_result) -> bool:
    """Whether it is a plain file: no folder, link, pipe or device."""
    return stat.S_ISREG(found.st_mode)


def is_folder(path: str) -> bool:
    """Whether files can be made there, be it behind a link."""
    return os.path.isdir(path)  # noqa: PTH112 - paths are plain text in this room


def is_there(path: str) -> bool:
    """Whether something has this name, be it a link to nowhere."""
    return os.path.lexists(path)


def pread(descriptor: int, size: int, at: int) -> bytes:
    """At most `size` bytes from the offset `at`."""
    return os.pread(descriptor, size, at)


def write(descriptor: int, data: memoryview) -> int:
    """How many of the bytes were written, behind the end of the file."""
    return os.write(descriptor, data)


def position(descriptor: int) -> int:
    """The offset behind the last byte that this descriptor wrote."""
    return os.lseek(descriptor, 0, os.SEEK_CUR)


def truncate(descriptor: int, size: int) -> None:
    """Cuts the file back."""
    os.ftruncate(descriptor, size)


def sync(descriptor: int) -> None:
    """Waits until the bytes of the file are on the disk."""
    os.fdatasync(descriptor)


def sync_times(descriptor: int) -> None:
    """Waits until the bytes of the file and its times are on the disk."""
    os.fsync(descriptor)


def sync_folder(path: str) -> None:
    """Waits until the names in the folder are on the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(path: str) -> None:
    """A new folder that only its owner enters."""
    os.mkdir(path, FOLDER_MODE)  # noqa: PTH102


def make_shared_folder(path: str) -> None:
    """A new folder that everybody of the system may look into, as release 0.169.0 makes it for locks."""
    os.mkdir(path)  # noqa: PTH102


def remove_folder(path: str) -> None:
    """Takes an empty folder away."""
    os.rmdir(path)  # noqa: PTH106


def resolved(path: str) -> str:
    """The path without any link on its way."""
    return os.path.realpath(path)


def rename_new(path: str, target: str) -> None:
    """Gives what is at the path another name; FileExistsError when that is taken, ENOSYS without the call."""
    rename = _renameat2()
    if rename is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    code = rename(os.fsencode(path), os.fsencode(target))
    if code:
        raise OSError(code, os.strerror(code), path, None, target)


def names_in(path: str) -> list[str]:
    """The names in a folder, in order; none when there is no such folder."""
    try:
        return sorted(os.listdir(path))  # noqa: PTH208
    except FileNotFoundError:
        return []


def link(path: str, target: str) -> None:
    """Gives the file a second name; FileExistsError when that is taken."""
    os.link(path, target, follow_symlinks=False)


def rename_over(path: str, target: str) -> None:
    """Gives what is at the path another name, also one that is taken: what had it is gone."""
    os.replace(path, target)  # noqa: PTH105


def set_mode(descriptor: int, mode: int) -> None:
    """Sets who may do what with the file."""
    os.fchmod(descriptor, mode)


def set_owner(descriptor: int, user_id: int, group_id: int) -> None:
    """Gives the file to somebody, which only root can."""
    os.fchown(descriptor, user_id, group_id)


def set_times(descriptor: int, accessed_ns: int, modified_ns: int) -> None:
    """Sets when the file was read and written last, in nanoseconds since 1970."""
    os.utime(descriptor, ns=(accessed_ns, modified_ns))


def remove(path: str) -> None:
    """Takes the name away."""
    os.unlink(path)  # noqa: PTH108


def lock(descriptor: int) -> bool:
    """Whether the file's lock was free and is ours now; it ends with the descriptor or the process."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def lock_shared(descriptor: int) -> bool:
    """Whether nobody has the file's lock for himself, and it is shared with us now."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def unlock(descriptor: int) -> None:
    """Gives the file's lock back."""
    fcntl.flock(descriptor, fcntl.LOCK_UN)


def take_lease(descriptor: int) -> bool:
    """Whether nobody has the file open for writing; who opens it so later waits, or is refused (EAGAIN).

    False too where the file system does not tell. The descriptor has to be one that only reads. The signal
    that says that somebody waits is one that does nothing by itself.
    """
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except (AttributeError, OSError):
        return False
    return True


def keeps_lease(descriptor: int) -> bool:
    """Whether nobody has wanted to open the file for writing since the lease was taken."""
    return fcntl.fcntl(descriptor, fcntl.F_GETLEASE) == fcntl.F_RDLCK


def end_lease(descriptor: int) -> None:
    """Lets those open the file that wait for it."""
    fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)


def pause(seconds: float) -> None:
    """Waits."""
    time.sleep(seconds)


@cache
def _renameat2() -> Callable[[bytes, bytes], int] | None:
    """The system call that renames without replacing, giving its error code; None where there is none."""
    import ctypes  # noqa: PLC0415 - takes 8 ms, and only archiving needs it

    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return None

    def rename(path: bytes, target: bytes) -> int:
        failed = call(_HERE, ctypes.c_char_p(path), _HERE, ctypes.c_char_p(target), _NO_REPLACE)
        return ctypes.get_errno() if failed else 0

    return rename
