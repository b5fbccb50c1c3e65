"""The file of a Unix socket: made so that nobody else can open it, and removed only if it is still ours.

The socket is bound under a name of its own, closed to others, made to listen, and only then renamed: whoever
sees the file can connect, and nobody can before it is closed to others. A lock on the folder keeps two
servers that start together from taking each other's new file for a dead one.
"""

import errno
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from secrets import token_hex
from socket import AF_UNIX, SOCK_STREAM, socket

from api.doors.reasons import os_reason
from domain.errors import (
    ListenFailed,
    SocketFolderOpen,
    SocketFolderUnfit,
    SocketInUse,
    SocketPathTaken,
    SocketPathTooLong,
)
from domain.limits import CONNECTIONS_MAX, LOCK_POLL_SECONDS, LOCK_WAIT_SECONDS, SOCKET_PATH_SIZE_MAX

FILE_MODE = 0o600
FOLDER_MODE = 0o700
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True, slots=True)
class SocketFile:
    """A socket that listens, and which file is its own."""

    listener: socket
    path: str
    device: int
    inode: int

    def remove(self) -> None:
        """Remove the file unless another has come to its place.

        Before the socket is closed: until then no other server takes it for a dead one's.
        """
        try:
            found = os.lstat(self.path)
            if (found.st_dev, found.st_ino) == (self.device, self.inode):
                os.unlink(self.path)  # noqa: PTH108 - beside its lstat
        except OSError:
            return


def listen_at(path: Path) -> SocketFile:
    """A socket that listens at this path, in the place of a dead one; blocks while others start there.

    SocketPathTooLong, SocketFolderUnfit, SocketFolderOpen, SocketInUse, SocketPathTaken; ListenFailed for
    all that the system refuses.
    """
    place = os.path.abspath(path)  # noqa: PTH100 - links stay
    if len(os.fsencode(place)) > SOCKET_PATH_SIZE_MAX:
        raise SocketPathTooLong
    folder = os.path.dirname(place)  # noqa: PTH120
    try:
        _prepare(folder)
        with _locked(folder, place):
            _refuse_taken(place)
            return _bind(folder, place)
    except OSError as error:
        raise ListenFailed(os_reason(error)) from None


def _prepare(folder: str) -> None:
    """Make the folder if there is none, its last part only; one that is there stays as it is."""
    try:
        os.mkdir(folder, FOLDER_MODE)  # noqa: PTH102
    except FileExistsError:
        _judge_folder(folder)
    else:
        os.chmod(folder, FOLDER_MODE)  # noqa: PTH101 - whatever the umask took away


def _judge_folder(folder: str) -> None:
    found = os.lstat(folder)
    if not stat.S_ISDIR(found.st_mode):
        raise SocketFolderUnfit(folder)
    is_sticky = bool(found.st_mode & stat.S_ISVTX)
    if found.st_mode & OTHERS_WRITE and not is_sticky:
        raise SocketFolderOpen(folder)


@contextmanager
def _locked(folder: str, place: str) -> Iterator[None]:
    """Alone among the servers that start in this folder; SocketInUse when another does not get on."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for _ in range(round(LOCK_WAIT_SECONDS / LOCK_POLL_SECONDS)):
            if _try_lock(descriptor):
                break
            time.sleep(LOCK_POLL_SECONDS)
        else:
            raise SocketInUse(place)
        yield
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    """Whether the folder is ours now; one that cannot be locked (on NFS) is taken as ours."""
    try:
        flock(descriptor, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _refuse_taken(place: str) -> None:
    """Return if nothing is at the path, or the socket of a dead server, or a link to one."""
    try:
        found = os.stat(place)  # noqa: PTH116
    except FileNotFoundError:
        if os.path.islink(place):  # noqa: PTH114
            raise OSError(errno.EADDRINUSE, "a link to nothing") from None
        return
    if not stat.S_ISSOCK(found.st_mode):
        raise SocketPathTaken(place)
    if _is_live(place):
        raise SocketInUse(place)


def _is_live(place: str) -> bool:
    """Whether somebody listens; whoever cannot be asked counts as somebody."""
    with socket(AF_UNIX, SOCK_STREAM) as caller:
        caller.settimeout(0)
        return caller.connect_ex(place) != errno.ECONNREFUSED


def _bind(folder: str, place: str) -> SocketFile:
    name = os.path.basename(place)  # noqa: PTH119
    hidden = os.path.join(folder, f".{token_hex(len(name))}"[: max(len(name), 8)])  # noqa: PTH118 - no longer than it
    listener = socket(AF_UNIX, SOCK_STREAM)
    try:
        listener.bind(hidden)
        try:
            os.chmod(hidden, FILE_MODE)  # noqa: PTH101
            listener.listen(CONNECTIONS_MAX)
            found = os.lstat(hidden)
            os.rename(hidden, place)  # noqa: PTH104
        except OSError:
            os.unlink(hidden)  # noqa: PTH108
            raise
    except OSError:
        listener.close()
        raise
    return SocketFile(listener, place, found.st_dev, found.st_ino)
