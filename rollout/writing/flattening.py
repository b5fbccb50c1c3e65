"""Copying a paginated log together with all that it goes on from, as one log that goes on from nothing.

So a fork is made of a log that cannot be named as its base: one outside the home, or one that goes on from
too many others. Every line is taken over that counts, in its order, with a new ordinal and otherwise as it
is.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import orjson

from domain.durability import Durability
from domain.history.ordinals import counted_after
from domain.lines import parse_at
from domain.log import Bases, HomeLog, OpenLog
from domain.thread.thread import Item, raw_line
from domain.topics import HEAD
from rollout.writing.new_log import NewLog

_BEGIN = re.compile(rb'(\{"timestamp":"[^"\\]*","ordinal":)\d+(?=,"type":")')


@dataclass(frozen=True, slots=True)
class Flattened:
    """What a copy does not take over: its head, and its end; `now` is RFC 3339 with milliseconds and Z."""

    head: Item
    endings: Sequence[Item]
    now: str


def flatten_log(log: HomeLog, source: str, target: str, told: Flattened, durability: Durability) -> int:
    """Writes the copy's file and gives its bytes.

    FileNotFoundError when the source is gone, UnreadableThread when it or what it goes on from cannot be
    read, ForkFailed when the file cannot be written; the copy is not there then, unless that says so.
    """
    with log.open(source) as reader:
        first = next(iter(reader.slices(0, 1)), None)
        bases = () if first is None else log.bases_of(first)
        with log.joined(reader, bases) as whole:
            return NewLog(target, durability).write(_lines(whole, bases, told))


def _lines(source: OpenLog, bases: Bases, told: Flattened) -> Iterator[bytes]:
    yield raw_line(told.head, 0, told.now)
    ordinal = 1
    for at, raw in _counted(source, bases):
        yield _renumbered(at, raw, ordinal)
        ordinal += 1
    for item in told.endings:
        yield raw_line(item, ordinal, told.now)
        ordinal += 1


def _counted(source: OpenLog, bases: Bases) -> Iterator[tuple[int, bytes]]:
    """The lines that count, but for heads, with their offsets."""
    floors = {base.start: base.floor for base in bases} | {0: bases[-1].end_ordinal if bases else -1}
    last = -1
    for at, raw in _all(source):
        last = floors.get(at, last)
        value = parse_at(at, raw)
        if value is not None:
            topic, last = counted_after(value, last, awaits_head=False)
            if topic not in (None, HEAD):
                yield at, raw


def _all(source: OpenLog) -> Iterator[tuple[int, bytes]]:
    """All lines with their offsets; the last one may lack its line feed."""
    end = source.begin
    for piece in source.slices(end, 1):
        at = piece.start
        for raw in piece:
            yield at, raw
            at += len(raw)
        end = piece.end
    yield end, source.tail(end)


def _renumbered(at: int, raw: bytes, ordinal: int) -> bytes:
    """The line with another ordinal, without its line feed."""
    changed, count = _BEGIN.subn(rb"\g<1>%d" % ordinal, raw, count=1)
    if count:
        return changed.rstrip()
    value = parse_at(at, raw)
    assert value is not None
    return orjson.dumps(value | {"ordinal": ordinal})
