"""One open rollout file that is not packed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from zlib import crc32

from domain.errors import UnreadableThread
from domain.lines import parse_at
from domain.log import FileState, LogSlice
from domain.shapes.kept import kept_topic
from rollout.presence import file_state
from rollout.scan import read_range, scan, tail

SEAM_SIZE = 4096
SEAM_SAMPLES = 16
SEAM_WHOLE_SIZE = SEAM_SIZE * SEAM_SAMPLES
"""What is compared before a file is taken for a longer one: up to this size all, of longer ones samples."""


class RolloutReader:
    """One rollout file, open for reading."""

    begin = 0
    is_packed = False

    def __init__(self, path: str, descriptor: int, state: FileState) -> None:
        self.path = path
        self.state = state
        self._descriptor = descriptor

    @property
    def size(self) -> int:
        """Bytes of the file at the last look."""
        return self.state.size

    def look(self) -> FileState:
        """What `stat` says now; reading goes as far as the file goes then."""
        self.state = file_state(os.fstat(self._descriptor))
        return self.state

    def slices(self, start: int, first_line: int) -> Iterator[LogSlice]:
        """The whole lines from an offset on, as far as the file went at the last look."""
        with self._failures():
            yield from scan(self._descriptor, start, first_line, self.state.size)

    def tail(self, start: int) -> bytes:
        """What stands behind the last line feed."""
        with self._failures():
            return tail(self._descriptor, start, self.state.size)

    def read(self, at: int, size: int) -> bytes:
        """These bytes; fewer when the file has become shorter."""
        with self._failures():
            return read_range(self._descriptor, at, size)

    def kept_between(self, start: int, end: int) -> int:
        """How many lines between two line beginnings are kept."""
        kept, at = 0, start
        with self._failures():
            for piece in scan(self._descriptor, start, 1, end):
                for raw in piece:
                    kept += _is_kept(at, raw)
                    at += len(raw)
                at = piece.end
        return kept

    def seam(self, end: int) -> int:
        """A checksum of what an append leaves alone: all before `end`, of a long file samples of it."""
        if end <= SEAM_WHOLE_SIZE:
            return crc32(self.read(0, end))
        checksum = 0
        with self._failures():
            for number in range(SEAM_SAMPLES):
                at = (end - SEAM_SIZE) * number // (SEAM_SAMPLES - 1)
                checksum = crc32(read_range(self._descriptor, at, SEAM_SIZE), checksum)
        return checksum

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """A disk that fails costs this file alone."""
        try:
            yield
        except OSError as error:
            raise UnreadableThread(self.path, os.strerror(error.errno or 0)) from error


def _is_kept(at: int, raw: bytes) -> bool:
    value = parse_at(at, raw)
    return value is not None and kept_topic(value) is not None
