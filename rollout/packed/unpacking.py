"""Unpacking a zstd stream from its beginning, a bounded piece at a time."""

import os
from typing import IO, TYPE_CHECKING, cast

from domain.limits import UNPACKING_RATIO_MAX, UNPACKING_SIZE_ANYWAY, UNPACKING_WINDOW_MAX
from rollout.packed.frames import Frame, Frames, UnfitStream

CUT = "incomplete frame"

if TYPE_CHECKING:
    from zstandard import ZstdDecompressionReader


class Unpacking:
    """The plain bytes of an open packed file of this size, in their order.

    Memory is bounded by the window, and what comes out by a ratio to what goes in.
    """

    def __init__(self, descriptor: int, size: int) -> None:
        import zstandard  # noqa: PLC0415 - takes 7 ms, and most homes have nothing packed

        self.failure = zstandard.ZstdError
        self._descriptor = descriptor
        self._frames = Frames(descriptor, size)
        self._decompressor = zstandard.ZstdDecompressor(max_window_size=UNPACKING_WINDOW_MAX)
        self._reader: ZstdDecompressionReader | None = None
        self._is_whole = True
        self._count = 0
        self._count_max = max(UNPACKING_SIZE_ANYWAY, UNPACKING_RATIO_MAX * size)

    def read_into(self, buffer: memoryview) -> int:
        """How many further plain bytes were put there, 0 behind the last; UnfitStream if they end amiss."""
        while True:
            if self._reader is None and not self._open_next():
                return 0
            count = self._read(buffer)
            if count:
                self._count += count
                if self._count > self._count_max:
                    raise UnfitStream(f"it unpacks to more than {UNPACKING_RATIO_MAX} times its size")
                return count
            if not self._is_whole:
                raise UnfitStream(CUT)
            self._reader = None

    def _open_next(self) -> bool:
        """Whether there was another frame that holds something."""
        while (frame := self._frames.next()) is not None:
            self._is_whole = frame.is_whole
            if not frame.is_skippable:
                # Nothing but `read` is asked of it.
                source = cast("IO[bytes]", _FrameBytes(self._descriptor, frame))
                self._reader = self._decompressor.stream_reader(source)
                return True
            if not frame.is_whole:
                raise UnfitStream(CUT)
        return False

    def _read(self, buffer: memoryview) -> int:
        assert self._reader is not None
        try:
            return self._reader.readinto(buffer)
        except self.failure as error:
            raise UnfitStream(str(error)) from error


class _FrameBytes:
    """The bytes of one frame, as the library reads them."""

    def __init__(self, descriptor: int, frame: Frame) -> None:
        self._descriptor = descriptor
        self._at = frame.start
        self._end = frame.end

    def read(self, size: int) -> bytes:
        """At most so many further bytes."""
        data = os.pread(self._descriptor, min(size, self._end - self._at), self._at)
        self._at += len(data)
        return data


def check_frames(descriptor: int, size: int) -> None:
    """UnfitStream unless the file is whole frames and nothing else; what they hold is not looked at."""
    frames = Frames(descriptor, size)
    while (frame := frames.next()) is not None:
        if not frame.is_whole:
            raise UnfitStream(CUT)
