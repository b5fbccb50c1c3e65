"""What the records of one rollout say together: its head, its turns, its ordinals, lines nobody reads.

Records come in the order of the file, those that were salvaged among them. Nothing here changes a record:
what a record says may be odd, but it parses, so it stays.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import orjson

from domain.damage.finding import Action, DamageClass, Finding, finding
from domain.damage.head import Named, Payload, fragment_fields, is_usable, made_up, without_ordinal
from domain.damage.ordinals import Ordinals
from domain.damage.turn_marks import TurnMarks
from domain.history.ordinals import ordinal_in
from domain.rollout_name import written_uuid
from domain.shapes import events, response_items
from domain.shapes.kept import WHOLE, kept_topic
from domain.shapes.paginated import counted_topic
from domain.times import read_time_ns
from domain.topics import HEAD

KNOWN = {
    "event_msg": frozenset(events.EVENTS) | frozenset(events.ALIASES),
    "response_item": frozenset(response_items.RESPONSE_ITEMS) | frozenset(response_items.ALIASES),
}
"""The payload types that release 0.131.0 reads."""

COUNTED = frozenset({DamageClass.CRLF, DamageClass.UNKNOWN_TYPE, DamageClass.ODD_TIMESTAMP})
"""Kinds told once a file, with their number: every line may have them."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands in the file."""

    line: int
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Head:
    """The session_meta to be written before everything else, without line feed, and where it comes from."""

    data: bytes
    action: Action
    damage: DamageClass
    place: Place


class Survey:
    """The records of one file so far. A file that `is_headless` is no thread's: its records only count."""

    def __init__(self, file: str, named: Named) -> None:
        self._file = file
        self._named = named
        self._turns = TurnMarks()
        self._ordinals = Ordinals()
        self._counts: Counter[DamageClass] = Counter()
        self._first_places: dict[DamageClass, Place] = {}
        self._first: Payload | None = None
        self._is_paginated = False
        self._head: tuple[Payload, bytes, Place] | None = None
        self._unusable: tuple[Payload, Place] | None = None
        self._fragment: Payload = {}
        self._context: Payload = {}
        self._last_hash = 0
        self._is_first_unread = False
        self.is_headless = False
        self.records = 0

    @property
    def has_open_turn(self) -> bool:
        """Whether the last turn so far has no end: something may be missing behind it."""
        return self._turns.has_open_turn

    @property
    def thread_id(self) -> str | None:
        """The id of the head, as it is written there."""
        return None if self._head is None else self._head[0]["id"]

    @property
    def timestamp(self) -> str | None:
        """The time in the head."""
        return None if self._head is None else self._head[0]["timestamp"]

    def take(self, value: Payload, raw: bytes, place: Place) -> Iterator[Finding]:
        """One more record; what is odd about it."""
        if self.is_headless:
            self.records += 1
            return
        is_first = self._first is None
        self._first = value if self._first is None else self._first
        self.records += 1
        payload = value.get("payload")
        if value.get("type") == HEAD and isinstance(payload, dict):
            if _is_head(value):
                yield from self._take_head(payload, raw, place, is_first=is_first)
            else:
                self._unusable = self._unusable or (payload, place)
        elif value.get("type") == "turn_context" and isinstance(payload, dict):
            self._context = self._context or payload
        for damage in self._odd(value, raw, place, is_first=is_first):
            if damage in COUNTED:
                self.count(damage, place)
            else:
                yield self._told(damage, place, Action.KEPT)

    def take_unread(self) -> None:
        """One more record, too long to be looked into."""
        self._is_first_unread = self._is_first_unread or self._first is None
        self.records += 1

    def count(self, damage: DamageClass, place: Place) -> None:
        """One more line that is odd in a way that is told once a file."""
        self._counts[damage] += 1
        self._first_places.setdefault(damage, place)

    def take_fragment(self, raw: bytes) -> None:
        """A piece of a record that stood before the first one: it may be the torn head."""
        if self._head is None and not self._fragment:
            self._fragment = fragment_fields(raw)

    def finish(self) -> Iterator[Finding]:
        """What is to be said of the file as a whole."""
        if not self.records or self.is_headless:
            return
        for damage, number in self._counts.items():
            note = f"{number} lines, the first of them here"
            yield self._told(damage, self._first_places[damage], Action.KEPT, note=note)
        yield from self._of_head()
        if self._turns.has_open_turn:
            yield self._told(DamageClass.TURN_OPEN, Place(0, 0, 0), Action.NONE)

    def new_head(self) -> Head | None:
        """The session_meta that has to be put before the first record; None when one stands there."""
        if self._first is None or self._is_first_unread or self._is_first_usable():
            return None
        if self._head is not None and self._is_of_this_thread(self._head[0]):
            payload, raw, place = self._head
            return Head(_movable(raw, payload), Action.MOVED, DamageClass.META_NOT_FIRST, place)
        told, place = self._unusable or (self._fragment, Place(0, 0, 0))
        data = made_up(self._named, told, self._context, self._first)
        damage = DamageClass.META_MISSING if self._unusable is None else DamageClass.META_UNUSABLE
        return None if data is None else Head(data, Action.SYNTHESISED, damage, place)

    def _take_head(self, payload: Payload, raw: bytes, place: Place, *, is_first: bool) -> Iterator[Finding]:
        if is_first or (self._head is None and self._is_of_this_thread(payload)):
            self._head = (payload, raw, place)
            self._is_paginated = payload.get("history_mode") == "paginated"
            if read_time_ns(payload["timestamp"]) is None:
                yield self._told(DamageClass.META_BAD_TIME, place, Action.KEPT)
        elif self._head is not None and written_uuid(payload["id"]) != written_uuid(self._head[0]["id"]):
            yield self._told(DamageClass.META_FOREIGN, place, Action.KEPT)

    def _is_of_this_thread(self, payload: Payload) -> bool:
        """Whether the name does not speak against it."""
        return self._named.thread_id in {None, written_uuid(payload["id"])}

    def _is_first_usable(self) -> bool:
        return self._first is not None and _is_head(self._first)

    def _odd(self, value: Payload, raw: bytes, place: Place, *, is_first: bool) -> Iterator[DamageClass]:
        if raw.endswith(b"\r"):
            yield DamageClass.CRLF
        digest = hash(raw)
        if digest == self._last_hash and value.get("type") != HEAD:
            yield DamageClass.DUPLICATE_LINE
        self._last_hash = digest
        unread = self._unread(value)
        if unread is not None:
            yield unread
            return
        if self._is_paginated and (
            wrong := self._ordinals.take(ordinal_in(value), place.offset, is_head=is_first)
        ):
            yield wrong
        if read_time_ns(value["timestamp"]) is None:
            yield DamageClass.ODD_TIMESTAMP
        if value["type"] == "event_msg" and (mark := self._turns.take(value["payload"])) is not None:
            yield mark

    def _unread(self, value: Payload) -> DamageClass | None:
        """Why readers pass the line over; None when they do not."""
        kind, payload = value.get("type"), value.get("payload")
        if not isinstance(kind, str) or not isinstance(payload, dict):
            return DamageClass.MISSING_FIELDS
        if not isinstance(value.get("timestamp"), str):
            return DamageClass.MISSING_FIELDS
        if self._is_paginated:
            return None if counted_topic(value) is not None else DamageClass.UNKNOWN_TYPE
        if kind == HEAD or kind in WHOLE or (kind in KNOWN and _is_known(kind, payload)):
            is_read = kind == HEAD or kept_topic(value) is not None or _is_never_kept(kind, payload)
            return None if is_read else DamageClass.MISSING_FIELDS
        return DamageClass.UNKNOWN_TYPE

    def _of_head(self) -> Iterator[Finding]:
        head = self.new_head()
        if head is not None:
            note = "" if head.action is Action.MOVED else "one is made up from the name and the contents"
            is_lossless = head.action is Action.MOVED
            yield self._told(head.damage, head.place, head.action, is_lossless=is_lossless, note=note)
        elif not self._is_first_unread and not self._is_first_usable():
            yield self._told(DamageClass.META_MISSING, Place(0, 0, 0), Action.NONE, is_lossless=False)
        elif self.records == 1:
            yield self._told(DamageClass.META_ONLY, Place(1, 0, 0), Action.NONE)

    def _told(
        self, damage: DamageClass, place: Place, action: Action, *, is_lossless: bool = True, note: str = ""
    ) -> Finding:
        return finding(
            self._file,
            self._named.thread_id or _uuid_of(self.thread_id),
            damage,
            line=place.line,
            offset=place.offset,
            length=place.length,
            action=action,
            is_lossless=is_lossless,
            note=note,
        )


def _is_head(value: Payload) -> bool:
    """Whether the record is a session_meta that readers take for a thread's head."""
    payload = value.get("payload")
    is_read = value.get("type") == HEAD and isinstance(value.get("timestamp"), str)
    return is_read and isinstance(payload, dict) and is_usable(payload)


def _uuid_of(text: str | None) -> UUID | None:
    return None if text is None else written_uuid(text)


def _is_known(kind: str, payload: Payload) -> bool:
    name = payload.get("type")
    return isinstance(name, str) and name in KNOWN[kind]


def _is_never_kept(kind: str, payload: Payload) -> bool:
    """An item that completed is kept when it is a plan; the others are of the newer dialect."""
    return kind == "event_msg" and payload.get("type") == "item_completed"


def _movable(raw: bytes, payload: Payload) -> bytes:
    """The line to stand first: in a paginated log the ordinal of its old place would hide others."""
    if payload.get("history_mode") != "paginated":
        return raw.strip(b" \t\r\n")
    return without_ordinal(orjson.loads(raw))
