"""Marks: where some lines of a long run begin, so that any line is found by reading little.

A mark is (line number, offset). There is one about every `MARK_STRIDE` bytes. Counting and searching run
over whole blocks in C; nothing here looks at single lines.
"""

import struct
from bisect import bisect_right
from operator import itemgetter

from domain.limits import MARK_STRIDE
from domain.log import LogSlice

Mark = tuple[int, int]
Marks = tuple[Mark, ...]

_MARK_SIZE = struct.calcsize("<2Q")


def marks_of(piece: LogSlice, last: int | None = None) -> Marks:
    """The marks inside the slice; `last` is the offset of the mark before it, else its own start counts."""
    data = piece.data
    marks: list[Mark] = []
    line, at = piece.first_line, 0
    wanted = MARK_STRIDE if last is None else last + MARK_STRIDE - piece.start
    if wanted <= 0:
        marks.append((line, piece.start))
        wanted = MARK_STRIDE
    while 0 < (begin := data.find(b"\n", wanted - 1) + 1) < len(data):
        line += lines_in(data[at:begin])
        marks.append((line, piece.start + begin))
        at, wanted = begin, begin + MARK_STRIDE
    return tuple(marks)


def lines_in(data: bytes) -> int:
    """How many line feeds there are; on lines of usual length several times as fast as `count`."""
    return len(data) - len(data.replace(b"\n", b""))


def nearest(marks: Marks, line: int) -> Mark | None:
    """The last mark at or before the line."""
    index = bisect_right(marks, line, key=itemgetter(0))
    return marks[index - 1] if index else None


def pack(marks: Marks) -> bytes:
    """The marks as the catalogue stores them: all line numbers, then all offsets."""
    numbers = [line for line, _ in marks] + [offset for _, offset in marks]
    return struct.pack(f"<{len(numbers)}Q", *numbers)


def unpack(blob: bytes) -> Marks:
    """The marks that were packed."""
    count = len(blob) // _MARK_SIZE
    numbers = struct.unpack(f"<{2 * count}Q", blob)
    return tuple(zip(numbers[:count], numbers[count:], strict=True))
