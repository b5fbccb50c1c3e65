"""The lines of a file with their places, in bounded memory; one too long to be held comes without bytes."""

from collections.abc import Callable, Iterator

from domain.damage.steps import Line, LongLine
from domain.limits import SALVAGE_HELD_SIZE

BLOCK = 256 * 1024
"""Bytes read at once."""

Read = Callable[[int, int], bytes]
"""Gives at most so many bytes from an offset on."""


def raw_lines(read: Read, size: int) -> Iterator[Line | LongLine]:
    """Every line up to `size`, a last one without line feed too."""
    held = bytearray()
    number, offset, at = 1, 0, 0
    length = 0
    while at < size and (block := read(min(BLOCK, size - at), at)):
        at += len(block)
        pieces = block.split(b"\n")
        for piece in pieces[:-1]:
            length += len(piece)
            yield _line(number, offset, held, piece, length, is_ended=True)
            number, offset = number + 1, offset + length + 1
            held.clear()
            length = 0
        length += len(pieces[-1])
        if length <= SALVAGE_HELD_SIZE:
            held += pieces[-1]
        else:
            held.clear()
    if length:
        yield _line(number, offset, held, b"", length, is_ended=False)


def _line(
    number: int, offset: int, held: bytearray, piece: bytes, length: int, *, is_ended: bool
) -> Line | LongLine:
    if length > SALVAGE_HELD_SIZE:
        return LongLine(number, offset, length, is_ended)
    return Line(number, offset, bytes(held) + piece if held else piece, is_ended)
