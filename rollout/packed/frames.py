"""The frames of a zstd stream, found without unpacking it (RFC 8878, section 3).

The library unpacks frames but does not tell where they end, nor that the last one was cut: it then gives
what there is, without a word. So their ends are found here, from the sizes that stand before each block:
three bytes are read for some hundred thousand of the log.
"""

import os
import struct
from dataclasses import dataclass
from enum import IntEnum

from domain.limits import UNPACKING_BLOCKS_MAX, UNPACKING_FRAMES_MAX

MAGIC = 0xFD2FB528
SKIPPABLE_MAGIC, SKIPPABLE_MASK = 0x184D2A50, 0xFFFFFFF0
"""How frames begin; one that is skippable holds no log, and its size stands behind the magic number."""

HEADER_SIZE_MAX = 18
BLOCK_HEADER_SIZE = 3
CHECKSUM_SIZE = 4

WORD = struct.Struct("<I")


class Block(IntEnum):
    """Kinds of blocks: stored bytes, one byte many times, packed bytes."""

    RAW = 0
    REPEATED = 1
    PACKED = 2
    RESERVED = 3


class UnfitStream(Exception):
    """A file that is no whole zstd stream, or none that is unpacked here; the reason is its text."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame from the offset `start` to `end`; a skippable one holds nothing, one that was cut a part."""

    start: int
    end: int
    is_skippable: bool
    is_whole: bool = True


class Frames:
    """The frames of an open file of this size, one after the other."""

    def __init__(self, descriptor: int, size: int) -> None:
        self._descriptor = descriptor
        self._size = size
        self._at = 0
        self._count = 0
        self._block_count = 0

    def next(self) -> Frame | None:
        """The next one; None behind the last, UnfitStream where there is none that could be read."""
        start = self._at
        if start == self._size and self._count:
            return None
        self._count += 1
        if self._count > UNPACKING_FRAMES_MAX:
            raise UnfitStream(f"more than {UNPACKING_FRAMES_MAX} frames")
        head = os.pread(self._descriptor, HEADER_SIZE_MAX, start)
        is_skippable = _is_skippable(head)
        self._at = self._behind_skippable(head) if is_skippable else self._behind_blocks(head)
        if self._at > self._size:
            self._at = self._size
            return Frame(start, self._size, is_skippable, is_whole=False)
        return Frame(start, self._at, is_skippable)

    def _behind_skippable(self, head: bytes) -> int:
        if len(head) < 2 * WORD.size:
            raise UnfitStream("incomplete frame")
        return self._at + 2 * WORD.size + int(WORD.unpack_from(head, WORD.size)[0])

    def _behind_blocks(self, head: bytes) -> int:
        """Where the frame ends that begins with these bytes: behind its last block and its checksum.

        Somewhere behind the end of the file when it was cut.
        """
        size, has_checksum = _read_header(head)
        at, is_last = self._at + size, False
        while not is_last:
            self._block_count += 1
            if self._block_count > UNPACKING_BLOCKS_MAX:
                raise UnfitStream(f"more than {UNPACKING_BLOCKS_MAX} blocks")
            header = os.pread(self._descriptor, BLOCK_HEADER_SIZE, at)
            if len(header) < BLOCK_HEADER_SIZE:
                return self._size + 1
            bits = int.from_bytes(header, "little")
            is_last, kind, length = bool(bits & 1), Block(bits >> 1 & 3), bits >> 3
            if kind is Block.RESERVED:
                raise UnfitStream("corrupted block")
            at += BLOCK_HEADER_SIZE + (1 if kind is Block.REPEATED else length)
        return at + CHECKSUM_SIZE * has_checksum


def _is_skippable(head: bytes) -> bool:
    return len(head) >= WORD.size and WORD.unpack_from(head)[0] & SKIPPABLE_MASK == SKIPPABLE_MAGIC


def _read_header(head: bytes) -> tuple[int, bool]:
    """The size of a frame's header, and whether a checksum stands behind its blocks."""
    import zstandard  # noqa: PLC0415 - takes 7 ms, and most homes have nothing packed

    if not head:
        raise UnfitStream("the file is empty")
    if not WORD.pack(MAGIC).startswith(head[: WORD.size]):
        raise UnfitStream("unknown frame descriptor")
    try:
        return zstandard.frame_header_size(head), zstandard.get_frame_parameters(head).has_checksum
    except zstandard.ZstdError:
        raise UnfitStream("incomplete frame") from None
