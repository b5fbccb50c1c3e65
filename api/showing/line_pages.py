"""Pages of a log's raw lines by their numbers, read from the nearest place that the catalogue knows."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import orjson

from domain.errors import StaleIndex
from domain.lines import BYTE_ORDER_MARK, parse_at
from domain.log import OpenLog
from projections.plans import Plan, Statement
from rollout.catalogue.marks import Mark, nearest, unpack

SEGMENT = (
    "SELECT first_line, start, marks FROM segment WHERE file_id = ? AND first_line <= ? "
    "ORDER BY first_line DESC LIMIT 1"
)

VERSION_MEMBER = b'"version"'


@dataclass(frozen=True, slots=True)
class LinesAsked:
    """A page that is wanted: from this line on, at most so many lines and bytes, but one line at least."""

    first_line: int
    count_max: int
    size_max: int


@dataclass(frozen=True, slots=True)
class LinesAt:
    """How many lines a log has, and the nearest known beginning of a line at or before the first wanted."""

    line_count: int
    mark: Mark


@dataclass(frozen=True, slots=True)
class LinePage:
    """Lines as JSON, each with its number; `next_line` is None when none follows."""

    items: list[bytes]
    line_count: int
    next_line: int | None


def lines_at(file_id: int, first_line: int) -> Plan[LinesAt]:
    """Where a line is; StaleIndex when the file's rows are gone."""
    counted = yield Statement("SELECT line_count FROM history WHERE file_id = ?", (file_id,))
    if not counted:
        raise StaleIndex
    rows = yield Statement(SEGMENT, (file_id, first_line))
    mark = (1, 0)
    for first, start, marks in rows:
        mark = nearest(unpack(marks), first_line) or (first, start)
    return LinesAt(counted[0][0], mark)


def line_page(source: OpenLog, asked: LinesAsked, at: LinesAt) -> LinePage:
    """The page, read from the mark to its last line and no further than the block that this one is in."""
    items: list[bytes] = []
    size = 0
    for number, offset, raw, line_size in islice(_lines(source, at, asked.first_line), asked.count_max):
        size += line_size
        if items and size > asked.size_max:
            break
        items.append(_item(number, offset, raw, line_size))
    following = asked.first_line + len(items)
    return LinePage(items, at.line_count, following if following <= at.line_count else None)


def _lines(source: OpenLog, at: LinesAt, first_line: int) -> Iterator[tuple[int, int, bytes, int]]:
    """Number, offset, bytes and size of the lines; one over the size limit has no bytes but its size."""
    number, start = at.mark
    if first_line > at.line_count:
        return
    for piece in source.slices(start, number):
        offset = piece.start
        for number, raw in enumerate(piece, piece.first_line):
            size = piece.end - piece.start if piece.is_overlong else len(raw)
            if number > at.line_count:
                return
            if number >= first_line:
                yield number, offset, raw, size
            offset += size


def _item(number: int, offset: int, raw: bytes, size: int) -> bytes:
    """The line with its number in front, byte for byte; of a damaged one its size."""
    value = parse_at(offset, raw)
    if value is None:
        return orjson.dumps({"version": number, "damaged": True, "size": size})
    if not value or VERSION_MEMBER in raw:  # the number must be the only member of that name
        return orjson.dumps({**value, "version": number})
    whole = raw.removeprefix(BYTE_ORDER_MARK).strip()
    return b'{"version":%d,%s' % (number, whole[1:])
