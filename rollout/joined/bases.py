"""What a log goes on from: the logs that its head names, found by their rollout ids.

A log that is missing, cannot be read, is a legacy one or was met before ends the row: what is there counts.
How much of a base counts is told by an ordinal; the offset told beside it is used where it agrees.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import accumulate
from uuid import UUID

from domain.errors import UnreadableThread
from domain.history.base import BaseNamed, base_named
from domain.history.dialect import dialect_of
from domain.history.ordinals import ordinal_of
from domain.history.rows import Dialect
from domain.limits import BASES_MAX
from domain.lines import parse_at
from domain.log import Base, Bases, Log, LogSlice, OpenLog, RolloutPlace
from domain.shapes.paginated import counted_topic

FindLog = Callable[[UUID], RolloutPlace | None]

NAMED = b'"history_base"'
"""Stands in every head that names a base, unless it is spelt with escapes: no writer does that."""

LAST_LINE_SIZE = 64 * 1024
"""Bytes before the told offset in which the last line that counts is looked for."""


def find_bases(log: Log, find_log: FindLog, first: LogSlice) -> Bases:
    """All that the log beginning with these lines goes on from, the oldest first."""
    found: list[Base] = []
    named = _named_by(first.lines[0])
    while named is not None:
        place = find_log(named.rollout_id)
        if place is None:
            found.append(_unusable(named, None))
            break
        if len(found) == BASES_MAX or any(base.rollout_id == named.rollout_id for base in found):
            found.append(_unusable(named, place))
            break
        base, named = _look(log, place, named)
        found.append(base)
    found.reverse()
    ends = list(accumulate(base.size for base in reversed(found)))[::-1]
    return tuple(replace(base, start=-end) for base, end in zip(found, ends, strict=True))


def _named_by(first_line: bytes) -> BaseNamed | None:
    """What the first line of a log names; None when it is no head, or names nothing."""
    return base_named(first_line) if NAMED in first_line else None


def renewed(log: Log, find_log: FindLog, bases: Bases) -> Bases | None:
    """The bases where they lie now; None when one does not hold what it held, or came or went."""
    found = []
    for base in bases:
        place = find_log(base.rollout_id)
        if place is None or base.path is None:
            if place is not None or base.path is not None:
                return None
            found.append(base)
        elif (place.path, place.state) == (base.path, base.state):
            found.append(base)
        elif base.is_whole and _is_same(log, place, base):
            found.append(replace(base, path=place.path, state=place.state))
        else:
            return None
    return tuple(found)


def _is_same(log: Log, place: RolloutPlace, base: Base) -> bool:
    try:
        with log.open(place.path) as source:
            return source.size >= base.size - 1 and source.seam(base.size) == base.seam
    except (FileNotFoundError, UnreadableThread):
        return False


def _unusable(named: BaseNamed, place: RolloutPlace | None) -> Base:
    """A base of which nothing counts; looked at again when its file is another one."""
    path, state = (None, None) if place is None else (place.path, place.state)
    return Base(named.rollout_id, path, state, 0, 0, 0, -1, named.end_ordinal, is_whole=False)


def _look(log: Log, place: RolloutPlace, named: BaseNamed) -> tuple[Base, BaseNamed | None]:
    """A base as far as it counts, and what it goes on from itself."""
    try:
        with log.open(place.path) as source:
            first = next(iter(source.slices(0, 1)), None)
            if first is not None and _is_of_another_dialect(first.lines[0]):
                return _unusable(named, place), None
            older = None if first is None else _named_by(first.lines[0])
            floor = -1 if older is None else older.end_ordinal
            size, is_whole = _cut(source, named, floor)
            seam = source.seam(size)
            base = Base(
                named.rollout_id, place.path, place.state, seam, 0, size, floor, named.end_ordinal, is_whole
            )
            return base, older
    except (FileNotFoundError, UnreadableThread):
        return _unusable(named, place), None


def _is_of_another_dialect(first_line: bytes) -> bool:
    """Whether the head of a log says that it is no paginated one: its ordinals mean nothing then."""
    value = parse_at(0, first_line)
    is_head = value is not None and counted_topic(value) == "session_meta"
    return value is not None and is_head and dialect_of(value["payload"]) is not Dialect.PAGINATED


def _cut(source: OpenLog, named: BaseNamed, floor: int) -> tuple[int, bool]:
    """How many bytes of a log count, and whether they reach the ordinal at which it was left.

    They end behind the last line that counts: what a writer adds there changes nothing of them. The head is
    among them, as it tells what comes before.
    """
    if _agrees(source, named):
        return named.end_offset, True
    last, end = floor, 0
    for at, raw in _lines(source):
        end = end or len(raw)
        ordinal = ordinal_of(at, raw)
        if ordinal is not None and ordinal > last:
            if ordinal >= named.end_ordinal:
                return end, True
            last, end = ordinal, at + len(raw)
    return end, last == named.end_ordinal - 1


def _agrees(source: OpenLog, named: BaseNamed) -> bool:
    """Whether the line that ends at the told offset is the last that counts."""
    end = named.end_offset
    if not 0 < end <= source.size:
        return False
    start = max(0, end - LAST_LINE_SIZE)
    block = source.read(start, end - start)
    begin = block.rfind(b"\n", 0, -1) + 1
    if not block.endswith(b"\n") or (begin == 0 and start > 0):
        return False
    return ordinal_of(start + begin, block[begin:]) == named.end_ordinal - 1


def _lines(source: OpenLog) -> Iterator[tuple[int, bytes]]:
    """All lines with their offsets, a last one without line feed as if it had one."""
    end = 0
    for piece in source.slices(0, 1):
        at = piece.start
        for raw in piece:
            yield at, raw
            at += len(raw)
        end = piece.end
    tail = source.tail(end)
    if tail and ordinal_of(end, tail) is not None:
        yield end, tail + b"\n"
