"""Cursors of turn and item pages: an anchor, and whether the page begins with it or behind it.

At the wire a turn cursor is the text `{"turnId":<id>,"includeAnchor":<bool>}`, as release 0.131.0 writes
it; an item cursor has `itemPosition`, the item's place in its turn, instead. The direction belongs to the
request: any cursor works both ways.
"""

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson

from domain.errors import InvalidCursor
from domain.rollout_name import PLAIN
from domain.times import day_number, day_of_time, read_cursor_time_ns, write_time_ns

PAIR = 2


class SortDirection(StrEnum):
    """Which way a page runs."""

    ASCENDING = "asc"
    DESCENDING = "desc"


@dataclass(frozen=True, slots=True)
class TurnCursor:
    """A page of turns begins at, or behind, the turn with this id."""

    turn_id: str
    include_anchor: bool

    def text(self) -> str:
        """The cursor at the wire."""
        return orjson.dumps({"turnId": self.turn_id, "includeAnchor": self.include_anchor}).decode()


@dataclass(frozen=True, slots=True)
class ItemCursor:
    """A page of items begins at, or behind, this place of the turn."""

    position: int
    include_anchor: bool

    def text(self) -> str:
        """The cursor at the wire."""
        return orjson.dumps({"itemPosition": self.position, "includeAnchor": self.include_anchor}).decode()


def read_turn_cursor(text: str) -> TurnCursor:
    """The turn cursor of this text: an object, or a list of its two members; InvalidCursor otherwise."""
    anchor, include = _members(text, "turnId")
    if not isinstance(anchor, str):
        raise InvalidCursor(text)
    return TurnCursor(anchor, include)


def read_item_cursor(text: str) -> ItemCursor:
    """The item cursor of this text; InvalidCursor otherwise."""
    anchor, include = _members(text, "itemPosition")
    if not isinstance(anchor, int) or isinstance(anchor, bool) or not 0 <= anchor < 2**63:
        raise InvalidCursor(text)
    return ItemCursor(anchor, include)


def _members(text: str, anchor: str) -> tuple[Any, bool]:
    """The anchor and the flag of the text; a member given twice is refused (case page-cursor-forms)."""
    try:
        value = orjson.loads(text)
        if isinstance(value, dict):
            pairs = json.loads(text, object_pairs_hook=list)
            if [key for key, _ in pairs].count(anchor) != 1:
                raise InvalidCursor(text)
            value = [inner for name in (anchor, "includeAnchor") for key, inner in pairs if key == name]
    except (ValueError, RecursionError):
        raise InvalidCursor(text) from None
    if not isinstance(value, list) or len(value) != PAIR or not isinstance(value[1], bool):
        raise InvalidCursor(text)
    return value[0], value[1]


LOWEST_ID, HIGHEST_ID = UUID(int=0), UUID(int=2**128 - 1)
"""The first and the last id there could be: where a cursor that is a bare time stands among equal times."""

BEHIND, AT = "/", "@"
"""What stands between time and id: the page begins behind that thread, or with it."""


@dataclass(frozen=True, slots=True)
class ThreadCursor:
    """A page of threads begins at or behind this time, in nanoseconds since 1970, and id.

    At the wire `<RFC 3339 time>/<id>`, `@` in the place of `/` when the page begins with the thread itself,
    and `/<year>.<month>.<day>` at the end for a thread whose folder is not that of its time. A bare time, as
    release 0.131.0 writes it, is read too and stands behind every thread of that time. (That release refuses
    `<time>|<id>`, the later releases' form.)
    """

    time_ns: int
    thread_id: UUID | None
    includes_anchor: bool = False
    day: int | None = None

    def text(self) -> str:
        """The cursor at the wire."""
        time = write_time_ns(self.time_ns)
        if self.thread_id is None:
            return time
        text = f"{time}{AT if self.includes_anchor else BEHIND}{self.thread_id}"
        if self.day is None or self.day == day_of_time(self.time_ns):
            return text
        return f"{text}/{self.day >> 16}.{self.day >> 8 & 0xFF}.{self.day & 0xFF}"

    @property
    def folder_day(self) -> int:
        """The day whose folder the cursor stands in."""
        return day_of_time(self.time_ns) if self.day is None else self.day

    def place(self, direction: SortDirection, unit_ns: int) -> tuple[int, UUID, bool]:
        """The time in whole units and the id where the page begins, and whether it begins with it.

        Between two units a page that goes back begins with the earlier one.
        """
        units, rest_ns = divmod(self.time_ns, unit_ns)
        if rest_ns or self.thread_id is None:
            is_before = direction is SortDirection.DESCENDING and not rest_ns
            return units, LOWEST_ID if is_before else HIGHEST_ID, bool(rest_ns)
        return units, self.thread_id, self.includes_anchor


FOLDER = r"/([0-9]{1,5})\.([0-9]{1,3})\.([0-9]{1,3})"
THREAD_CURSOR = re.compile(rf"(.+)([/@])({PLAIN})(?:{FOLDER})?", re.ASCII)


def read_thread_cursor(text: str) -> ThreadCursor:
    """The thread cursor of this text; InvalidCursor otherwise."""
    match = THREAD_CURSOR.fullmatch(text)
    if match is None:
        time_ns = read_cursor_time_ns(text)
        if time_ns is None:
            raise InvalidCursor(text)
        return ThreadCursor(time_ns, None)
    time, mark, thread_id, *numbers = match.groups()
    time_ns = read_cursor_time_ns(time)
    if time_ns is None:
        raise InvalidCursor(text)
    day = day_number(*map(int, numbers)) if numbers[0] else None
    return ThreadCursor(time_ns, UUID(thread_id), mark == AT, day)
