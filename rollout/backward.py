"""Finding lines of a log from its end, in bounded memory.

Blocks are searched for words as they stand in a line's type or its payload's, with their quotation marks:
inside a JSON text these are escaped, so that a log which tells of other logs is not taken for them. Only a
line that holds such a word is read in full, and only if its first bytes do not say it is of another kind.
"""

import re
from collections.abc import Iterator, Sequence

from domain.limits import BLOCK_SIZE, LINE_SIZE_MAX
from domain.lines import TAGGED
from domain.log import OpenLog

HEAD_SIZE = 256
"""Bytes of a line in which a writer of rollouts says its kind."""

_HEAD = re.compile(
    rb'\{"timestamp":"[^"\\]*",(?:"ordinal":\d+,)?"type":"(\w+)","payload":\{(?:"type":"(\w+)")?'
)


def lines_with(source: OpenLog, words: Sequence[bytes], end: int) -> Iterator[tuple[int, bytes]]:
    """The lines before the offset `end` that may be of these kinds, the last first: offset and bytes.

    `end` is where a line begins, or the end of the file, whose last line may be unfinished. Each word is the
    kind with its quotation marks. Lines over the limit do not count.
    """
    reach = max(map(len, words)) - 1
    while end > source.begin:
        start = max(source.begin, end - BLOCK_SIZE)
        block = source.read(start, end - start)
        end = start + reach if start > source.begin else start
        limit = len(block)
        while (found := max(block.rfind(word, 0, limit) for word in words)) >= 0:
            begin = _begin(source, start, block, found)
            raw = _line(source, words, begin, start + found)
            if raw is not None:
                yield begin, raw
            if begin <= start:
                end = begin
                break
            limit = begin - start


def _begin(source: OpenLog, start: int, block: bytes, place: int) -> int:
    """Where the line begins that holds this place of the block."""
    found = block.rfind(b"\n", 0, place)
    while found < 0 and start > source.begin:
        end, start = start, max(source.begin, start - BLOCK_SIZE)
        found = source.read(start, end - start).rfind(b"\n")
    return start + found + 1


def _line(source: OpenLog, words: Sequence[bytes], begin: int, place: int) -> bytes | None:
    """The line with its line feed; None when it is of another kind or too long."""
    head = _HEAD.match(source.read(begin, HEAD_SIZE))
    if head is not None and not _may_be(head, words):
        return None
    if place - begin > LINE_SIZE_MAX:
        return None
    end = _end(source, place, begin + LINE_SIZE_MAX)
    return None if end is None else source.read(begin, end - begin)


def _may_be(head: re.Match[bytes], words: Sequence[bytes]) -> bool:
    kind, inner = head.groups()
    if kind.decode() not in TAGGED:
        return b'"%b"' % kind in words
    return inner is None or b'"%b"' % inner in words


def _end(source: OpenLog, at: int, end_max: int) -> int | None:
    """The offset behind the line feed, or the end of the file; None when that is too far."""
    while at <= end_max:
        block = source.read(at, BLOCK_SIZE)
        found = block.find(b"\n") + 1
        if found or len(block) < BLOCK_SIZE:
            return at + (found or len(block))
        at += BLOCK_SIZE
    return None
