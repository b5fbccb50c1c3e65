"""Reading a rollout file in slices of whole lines, with bounded memory.

Lines end at a line feed and at nothing else. Blocks are read with `pread`, never mapped: a file that is
cut short meanwhile ends the scan instead of the process.
"""

import errno
import os
from collections.abc import Iterator

from domain.limits import BLOCK_SIZE, LINE_SIZE_MAX
from domain.log import LogSlice


def scan(
    descriptor: int, start: int = 0, first_line: int = 1, end: int | None = None, block_size: int = BLOCK_SIZE
) -> Iterator[LogSlice]:
    """The whole lines from the offset `start` (the beginning of line `first_line`) up to `end`.

    Stops before a last line without a line feed. A line longer than the limit comes as an empty one: it
    keeps its number and its place, and its bytes are never held.
    """
    while block := _read(descriptor, start, block_size, end):
        cut = block.rfind(b"\n") + 1
        if cut:
            data = block if cut == len(block) else block[:cut]
            piece = LogSlice(start, start + cut, first_line, data)
        elif long := _long_line(descriptor, start, end):
            piece = LogSlice(start, long[0], first_line, long[1])
        else:
            return
        yield piece
        first_line += piece.line_count
        start = piece.end


ZEROS = bytes(BLOCK_SIZE)
"""What a lost block, or a file made longer without data, reads as."""


def _long_line(descriptor: int, start: int, end: int | None) -> tuple[int, bytes] | None:
    """The end and the bytes of a line that is longer than a block; None while it has no line feed.

    A line over the limit, or with a block of zeros in it, which no JSON has, comes as an empty one.
    """
    held: bytearray | None = bytearray()
    at = start
    while block := _read(descriptor, at, BLOCK_SIZE, end):
        if block == ZEROS:
            held, at = None, _behind_hole(descriptor, at + len(block))
            continue
        cut = block.find(b"\n") + 1
        at += cut or len(block)
        if held is not None:
            held += block[:cut] if cut else block
            if len(held) > LINE_SIZE_MAX:
                held = None
        if cut:
            return at, b"\n" if held is None else bytes(held)
    return None


def _behind_hole(descriptor: int, at: int) -> int:
    """The next offset that may have data: what was never written takes no reading."""
    try:
        return os.lseek(descriptor, at, os.SEEK_DATA)  # nobody reads from the descriptor's own place
    except OSError as error:
        if error.errno == errno.ENXIO:  # no data up to the end
            return max(at, os.fstat(descriptor).st_size)
        return at


def tail(descriptor: int, start: int, size: int) -> bytes:
    """The bytes from `start` to `size`: a last line without line feed.

    Empty when it is over the limit, or ends with a block of zeros: neither can be a line.
    """
    if size - start > LINE_SIZE_MAX:
        return b""
    if size - start > BLOCK_SIZE and _read(descriptor, size - BLOCK_SIZE, BLOCK_SIZE, size) == ZEROS:
        return b""
    return _read_fully(descriptor, start, size - start)


def read_range(descriptor: int, at: int, size: int) -> bytes:
    """Exactly these bytes, or fewer when the file has become shorter."""
    return _read_fully(descriptor, at, size)


def _read(descriptor: int, start: int, size: int, end: int | None) -> bytes:
    wanted = size if end is None else min(size, end - start)
    return os.pread(descriptor, wanted, start) if wanted > 0 else b""


def _read_fully(descriptor: int, at: int, size: int) -> bytes:
    data = os.pread(descriptor, size, at)
    if len(data) == size or not data:
        return data
    parts = [data]
    got = len(data)
    while got < size and (more := os.pread(descriptor, size - got, at + got)):
        parts.append(more)
        got += len(more)
    return b"".join(parts)
