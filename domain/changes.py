"""What the journal of changes tells: which lines of which thread came or are void, and where that stands.

A position names a place in the journal of one index. It is opaque to clients: the identity of the index and
a number that only grows. An index that was deleted and built again is another one, with other positions.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

from domain.errors import InvalidPosition

BEGINNING = "beginning"
"""The position before everything that is kept."""

ARCHIVE_FOLDER = "archived_sessions"

_POSITION = re.compile(r"([0-9a-f]{16})-(0|[1-9][0-9]{0,17})", re.ASCII)

SeqRange = tuple[int, int]
"""Turns by their numbers, the first and the last."""


class ChangeKind(IntEnum):
    """What happened to the log of a thread.

    `FOUND`: its first lines. `APPENDED`: further ones. `REWRITTEN`: the file holds something else; all that
    was told of it is void. The rest is about where the file lies.
    """

    FOUND = 1
    APPENDED = 2
    REWRITTEN = 3
    ARCHIVED = 4
    UNARCHIVED = 5
    MOVED = 6
    REMOVED = 7

    @property
    def wire_name(self) -> str:
        """Its name in notifications."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Touched:
    """Turns that lines touched: their numbers, and how many turns the deepest rollback among them left."""

    seqs: tuple[SeqRange, ...] = ()
    kept_turns: int | None = None

    @property
    def count(self) -> int:
        """How many turns."""
        return sum(last - first + 1 for first, last in self.seqs)


class Span(NamedTuple):
    """A run of lines: the numbers of the first and the last, and the offsets where it begins and ends."""

    first_line: int
    last_line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Change:
    """An entry of the journal, `number` being its place there; `span` are the lines that came, if any did."""

    number: int
    file_id: int
    thread_id: UUID
    kind: ChangeKind
    span: Span | None
    touched: Touched


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the journal of one index: behind the change of this number."""

    index_id: str
    number: int

    def text(self) -> str:
        """The position as clients hold it."""
        return f"{self.index_id}-{self.number}"


def read_position(text: str) -> Position:
    """The position of a text that `Position.text` gave; InvalidPosition for others."""
    found = _POSITION.fullmatch(text)
    if found is None:
        raise InvalidPosition(text)
    return Position(found[1], int(found[2]))


def move_kind(before: str, after: str) -> ChangeKind:
    """What a move from one path to another is called."""
    was_archived, is_archived = (path.split("/")[-2:-1] == [ARCHIVE_FOLDER] for path in (before, after))
    if was_archived is is_archived:
        return ChangeKind.MOVED
    return ChangeKind.ARCHIVED if is_archived else ChangeKind.UNARCHIVED


def ranges_of(seqs: Sequence[int]) -> tuple[SeqRange, ...]:
    """Ascending numbers as ranges."""
    if not seqs:
        return ()
    breaks = [place for place, (one, other) in enumerate(pairwise(seqs), 1) if other != one + 1]
    starts, stops = [0, *breaks], [*breaks, len(seqs)]
    return tuple((seqs[start], seqs[stop - 1]) for start, stop in zip(starts, stops, strict=True))


def write_ranges(ranges: Iterable[SeqRange]) -> str:
    """Ranges as a short text: `3,7-9`."""
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)


def read_ranges(text: str) -> tuple[SeqRange, ...]:
    """The ranges of such a text."""
    return tuple(_read_ranges(text))


def _read_ranges(text: str) -> Iterator[SeqRange]:
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        yield int(first), int(last or first)
