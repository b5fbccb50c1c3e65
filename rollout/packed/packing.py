"""Packing plain bytes, and holding packed ones against them."""

import os
from collections.abc import Iterator
from hashlib import blake2b

from domain.limits import PACKED_FRAME_SIZE, UNPACKING_CHUNK_SIZE
from rollout.packed.frames import UnfitStream
from rollout.packed.unpacking import Unpacking

LEVEL_DEFAULT = 3
LEVEL_MAX = 19
"""How hard zstd tries: its own default, 300 MB/s of log, and the most that needs no memory to speak of."""


class Digest:
    """A digest of plain bytes, and how many they were."""

    def __init__(self) -> None:
        self.size = 0
        self._hash = blake2b()

    def add(self, data: bytes | memoryview) -> None:
        """Take these too."""
        self.size += len(data)
        self._hash.update(data)

    def value(self) -> tuple[int, bytes]:
        """What is equal for equal bytes alone."""
        return self.size, self._hash.digest()


def packed_frames(descriptor: int, level: int, digest: Digest) -> Iterator[bytes]:
    """The whole file in frames of bounded length, each with its content's size and a checksum."""
    import zstandard  # noqa: PLC0415 - takes 7 ms, and only packing needs it

    compressor = zstandard.ZstdCompressor(level=level, write_checksum=True, write_content_size=True)
    for data in _pieces(descriptor, PACKED_FRAME_SIZE):
        digest.add(data)
        yield compressor.compress(data)


def unpacked_digest(descriptor: int) -> Digest | None:
    """The digest of what a packed file unpacks to; None when it does not unpack."""
    digest = Digest()
    try:
        for data in _unpacked(descriptor):
            digest.add(data)
    except UnfitStream:
        return None
    return digest


def is_beginning(packed: int, plain: int) -> bool:
    """Whether a packed file unpacks to what the plain file is, or to what that begins with."""
    at = 0
    try:
        for data in _unpacked(packed):
            if os.pread(plain, len(data), at) != data:
                return False
            at += len(data)
    except UnfitStream:
        return False
    return True


def _unpacked(descriptor: int) -> Iterator[memoryview]:
    """What a packed file unpacks to, each piece good until the next."""
    unpacking = Unpacking(descriptor, os.fstat(descriptor).st_size)
    buffer = memoryview(bytearray(UNPACKING_CHUNK_SIZE))
    while count := unpacking.read_into(buffer):
        yield buffer[:count]


def _pieces(descriptor: int, size: int) -> Iterator[bytes]:
    """The file in pieces of this size, the last one shorter."""
    at = 0
    while piece := _piece(descriptor, at, size):
        yield piece
        at += len(piece)


def _piece(descriptor: int, at: int, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size and (data := os.pread(descriptor, size - len(parts), at + len(parts))):
        parts += data
    return bytes(parts)
