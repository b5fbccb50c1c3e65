"""Reading and summing bytes of files, through the one module of system calls, in bounded memory."""

import errno
import os
from collections.abc import Iterator
from hashlib import sha256

from rollout.damage.raw_lines import Read
from rollout.writing import storage

WINDOW = 1024 * 1024


def reading(descriptor: int) -> Read:
    """Reads from an open file."""
    return lambda size, at: storage.pread(descriptor, size, at)


def pieces(read: Read, start: int, end: int) -> Iterator[bytes]:
    """The bytes of a range; OSError when the file ends before it."""
    at = start
    while at < end:
        data = read(min(WINDOW, end - at), at)
        if not data:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        yield data
        at += len(data)


def sum_of(descriptor: int, size: int) -> str:
    """The sha256 of the first bytes of a file, in hex."""
    total = sha256()
    for data in pieces(reading(descriptor), 0, size):
        total.update(data)
    return total.hexdigest()


def folder_of(path: str) -> str:
    """The folder of a path."""
    return os.path.dirname(path)  # noqa: PTH120 - paths are plain text in this room
