"""The first plain bytes of a packed log, in memory."""

import os
import tempfile

from domain.limits import UNPACKED_BEGINNING_SIZE, UNPACKED_BEGINNING_SIZE_MAX
from rollout.packed.frames import UnfitStream
from rollout.packed.unpacking import Unpacking


class Beginning:
    """What was unpacked so far, behind a descriptor of its own, so that it is read like any file.

    `is_all` tells that the log ends there, `failure` why nothing more can be had.
    """

    def __init__(self, descriptor: int, size: int) -> None:
        self.size = 0
        self.is_all = False
        self.failure: UnfitStream | None = None
        self.descriptor = _memory_file()
        self._unpacking = Unpacking(descriptor, size)

    def reach(self, size: int) -> None:
        """Unpack so many bytes and at least one more, as far as there are any and memory is given."""
        size = min(size + 1, UNPACKED_BEGINNING_SIZE_MAX)
        while self.size < size and not (self.is_all or self.failure):
            room = UNPACKED_BEGINNING_SIZE_MAX - self.size
            self._unpack(min(max(size - self.size, UNPACKED_BEGINNING_SIZE), room))

    def close(self) -> None:
        """Give the memory back."""
        os.close(self.descriptor)

    def _unpack(self, size: int) -> None:
        buffer = memoryview(bytearray(size))
        try:
            count = self._unpacking.read_into(buffer)
        except UnfitStream as failure:
            self.failure = failure
            return
        self.is_all = not count
        os.pwrite(self.descriptor, buffer[:count], self.size)
        self.size += count


def _memory_file() -> int:
    """A descriptor of a file that is nowhere, in memory where the system can do that."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("threadstore-log")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())
