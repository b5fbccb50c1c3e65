"""The log of a home, as the read models see it: open a file, read slices and ranges of it."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from domain.errors import UnreadableThread
from domain.log import FileState
from rollout.packed.packed_reader import PackedReader
from rollout.packed.plain_cache import PlainCache
from rollout.presence import GONE, OPEN_FLAGS, file_state, look, open_present
from rollout.reader import SEAM_SAMPLES, SEAM_SIZE, SEAM_WHOLE_SIZE, RolloutReader

__all__ = [
    "OPEN_FLAGS",
    "SEAM_SAMPLES",
    "SEAM_SIZE",
    "SEAM_WHOLE_SIZE",
    "RolloutLog",
    "RolloutReader",
    "file_state",
]


class RolloutLog:
    """Opens rollout files; a regular file is all that it takes.

    Where only the packed file of a log is there, that is opened, and read as if it were the plain one.
    `plain_folder` is where the plain bytes of long packed logs are kept; without one nothing of them stays.
    """

    def __init__(self, plain_folder: str | os.PathLike[str] | None = None) -> None:
        self._cache = PlainCache(None if plain_folder is None else os.fspath(plain_folder))

    @contextmanager
    def open(self, path: str) -> Iterator[RolloutReader]:
        """This file; FileNotFoundError when it is gone, UnreadableThread when it cannot be read."""
        try:
            descriptor, is_packed = open_present(path)
        except GONE:
            raise FileNotFoundError(path) from None
        except OSError as error:
            raise UnreadableThread(path, os.strerror(error.errno or 0)) from error
        try:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode):
                raise UnreadableThread(path, "not a regular file")
            if not is_packed:
                yield RolloutReader(path, descriptor, file_state(found))
                return
            reader = PackedReader(path, descriptor, file_state(found), self._cache)
            try:
                yield reader
            finally:
                reader.close()
        finally:
            os.close(descriptor)

    def state_of(self, path: str) -> FileState | None:
        """What `stat` says of a path now, or of the packed file in its place; None when nothing is there."""
        found = look(path)
        return None if found is None else found.state
