"""A packed log, read as if it were the plain one.

What is near the beginning is unpacked to memory as far as it is asked for, which is all that a list needs of
it. What lies further is read from the plain bytes that the cache keeps on the disk.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from domain.errors import UnreadableThread
from domain.limits import UNPACKED_BEGINNING_SIZE, UNPACKED_BEGINNING_SIZE_MAX
from domain.log import FileState, LogSlice
from domain.rollout_name import PACKED
from rollout.packed.beginning import Beginning
from rollout.packed.frames import UnfitStream
from rollout.packed.plain_cache import PlainCache
from rollout.reader import RolloutReader

GROWTH = 4
"""How much longer a beginning is made when a reader wants more of it."""


class PackedReader(RolloutReader):
    """One packed log, open for reading. Offsets and sizes are those of the plain log, `state` is the file's.

    UnreadableThread as soon as something is asked for that cannot be unpacked.
    """

    is_packed = True

    def __init__(self, path: str, descriptor: int, state: FileState, cache: PlainCache) -> None:
        super().__init__(path, descriptor, state)
        self._cache = cache
        self._beginning: Beginning | None = None
        self._plain: RolloutReader | None = None
        self._plain_descriptor: int | None = None

    @property
    def size(self) -> int:
        """Bytes of the plain log, all of which are unpacked for that."""
        return self._whole().size

    def look(self) -> FileState:
        """What `stat` says now; another packed log in the same file is read anew."""
        known = self.state
        now = super().look()
        if (now.size, now.mtime_ns) != (known.size, known.mtime_ns):
            self.close()
        return now

    def slices(self, start: int, first_line: int) -> Iterator[LogSlice]:
        """The whole lines from an offset on."""
        reader, size = self._known(), UNPACKED_BEGINNING_SIZE
        while reader is None and start < UNPACKED_BEGINNING_SIZE_MAX:
            beginning = self._begun(max(size, start))
            for piece in self._reader_of(beginning).slices(start, first_line):
                yield piece
                start, first_line = piece.end, first_line + piece.line_count
            if beginning.is_all:
                return
            if beginning.failure or beginning.size >= UNPACKED_BEGINNING_SIZE_MAX:
                break
            size = GROWTH * beginning.size
        yield from (reader or self._whole()).slices(start, first_line)

    def tail(self, start: int) -> bytes:
        """What stands behind the last line feed."""
        return self._whole().tail(start)

    def read(self, at: int, size: int) -> bytes:
        """These bytes; fewer where the log ends."""
        return self._reaching(at + size).read(at, size)

    def kept_between(self, start: int, end: int) -> int:
        """How many lines between two line beginnings are kept."""
        return self._reaching(end).kept_between(start, end)

    def seam(self, end: int) -> int:
        """A checksum of what stands before `end`."""
        return self._reaching(end).seam(end)

    def close(self) -> None:
        """Give back what was unpacked."""
        if self._beginning is not None:
            self._beginning.close()
        if self._plain_descriptor is not None:
            os.close(self._plain_descriptor)
        self._beginning = self._plain = self._plain_descriptor = None

    def _reaching(self, end: int) -> RolloutReader:
        """A reader of the log as far as this offset, if it goes so far."""
        reader = self._known()
        if reader is None and end <= UNPACKED_BEGINNING_SIZE_MAX:
            beginning = self._begun(end)
            if beginning.is_all or beginning.size >= end:
                reader = self._reader_of(beginning)
        return reader or self._whole()

    def _whole(self) -> RolloutReader:
        """A reader of all of the log."""
        reader = self._known()
        if reader is not None:
            return reader
        beginning = self._begun(UNPACKED_BEGINNING_SIZE_MAX)
        with self._failures():
            if beginning.failure:
                raise beginning.failure
            if not beginning.is_all:
                return self._keep(self._cache.make(self._descriptor, self.state))
        return self._reader_of(beginning)

    def _known(self) -> RolloutReader | None:
        """A reader of all of the log, if that is unpacked already."""
        if self._plain is None and self._beginning is None:
            descriptor = self._cache.find(self.state)
            if descriptor is not None:
                self._keep(descriptor)
        return self._plain

    def _keep(self, descriptor: int) -> RolloutReader:
        self._plain_descriptor = descriptor
        size = os.fstat(descriptor).st_size
        self._plain = RolloutReader(self.path, descriptor, replace(self.state, size=size))
        return self._plain

    def _begun(self, size: int) -> Beginning:
        """So much of the beginning, as far as there is any."""
        with self._failures():
            if self._beginning is None:
                self._beginning = Beginning(self._descriptor, self.state.size)
            self._beginning.reach(size)
        return self._beginning

    def _reader_of(self, beginning: Beginning) -> RolloutReader:
        return RolloutReader(self.path, beginning.descriptor, replace(self.state, size=beginning.size))

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """A file that does not unpack costs itself alone, and is called by its own name."""
        try:
            yield
        except UnfitStream as failure:
            raise UnreadableThread(f"{self.path}{PACKED}", str(failure)) from failure
        except OSError as error:
            raise UnreadableThread(f"{self.path}{PACKED}", os.strerror(error.errno or 0)) from error
