"""One turn while it is folded: its fields, its items' ids and kinds, and the lines not yet handed out."""

import re
from collections.abc import Sequence
from zlib import crc32

from domain.history.rows import ItemKey, ItemKind, ItemLine, TurnRow, TurnStatus

NUMBERED = re.compile(r"item-(0|[1-9][0-9]{0,17})", re.ASCII)
"""Ids that the fold gives out; an id from a line may look the same (case call-id-like-an-item-number)."""


class Turn:
    """A turn at work. Items are known by position; their contents stay in the log."""

    __slots__ = (
        "agent_position",
        "cleared",
        "completed_at",
        "duration_ms",
        "first_number",
        "ids",
        "is_compacted",
        "is_explicit",
        "kinds",
        "last_parts",
        "lines",
        "numbered",
        "seq",
        "started_at",
        "status",
        "stored_item_count",
        "turn_id",
        "user_position",
    )

    def __init__(
        self, seq: int, turn_id: str, status: TurnStatus, started_at: int | None, *, is_explicit: bool
    ) -> None:
        self.seq = seq
        self.turn_id = turn_id
        self.status: int = status
        self.started_at = started_at
        self.completed_at: int | None = None
        self.duration_ms: int | None = None
        self.is_explicit = is_explicit
        self.is_compacted = False
        self.first_number = 0
        self.user_position: int | None = None
        self.agent_position: int | None = None
        self.kinds = bytearray()
        self.numbered: list[int] = []
        self.ids: dict[str, int] = {}
        self.last_parts = 0
        self.lines: list[ItemLine] = []
        self.cleared: set[int] = set()
        self.stored_item_count = 0

    @classmethod
    def stored(cls, row: TurnRow, keys: Sequence[ItemKey]) -> "Turn":
        """The turn of a row handed out before, ready to go on."""
        turn = cls(row.seq, row.turn_id, TurnStatus(row.status), row.started_at, is_explicit=row.is_explicit)
        turn.completed_at, turn.duration_ms = row.completed_at, row.duration_ms
        turn.is_compacted, turn.first_number = row.is_compacted, row.first_number
        turn.user_position, turn.agent_position = row.summary_first, row.summary_second
        for position, key in enumerate(keys):
            turn.kinds.append(key.kind)
            if key.number is not None:
                turn.numbered.append(position)
            else:
                turn.ids.setdefault(key.item_id or "", position)
            turn.last_parts = key.part_count
        turn.stored_item_count = len(turn.kinds)
        return turn

    def row(self) -> TurnRow:
        """The turn as it stands."""
        return TurnRow(
            self.seq,
            self.turn_id,
            self.status,
            self.started_at,
            self.completed_at,
            self.duration_ms,
            self.is_explicit,
            self.is_compacted,
            len(self.kinds),
            self.first_number,
            self.user_position,
            self.agent_position,
        )

    def end(self, status: TurnStatus, completed_at: int | None, duration_ms: int | None) -> None:
        """Take over the end that a line tells, absent values included."""
        self.status = status
        self.completed_at = completed_at
        self.duration_ms = duration_ms

    def append(self, kind: ItemKind, number: int | None, item_id: str | None, at: int, raw: bytes) -> None:
        """A new last item."""
        position = len(self.kinds)
        self.kinds.append(kind)
        if number is None:
            self.ids.setdefault(item_id or "", position)
        else:
            if not self.numbered:
                self.first_number = number
            self.numbered.append(position)
        if kind == ItemKind.AGENT_MESSAGE:
            self.agent_position = position
        elif kind == ItemKind.USER_MESSAGE and self.user_position is None:
            self.user_position = position
        self.last_parts = 1
        self.lines.append(ItemLine(self.seq, position, 0, kind, number, item_id, at, len(raw), crc32(raw)))

    def extend(self, at: int, raw: bytes) -> bool:
        """Add the line to the last item when that is a reasoning item; tells whether it was."""
        if not self.kinds or self.kinds[-1] != ItemKind.REASONING:
            return False
        position = len(self.kinds) - 1
        line = ItemLine(
            self.seq, position, self.last_parts, ItemKind.REASONING, None, None, at, len(raw), crc32(raw)
        )
        self.lines.append(line)
        self.last_parts += 1
        return True

    def upsert(self, kind: ItemKind, item_id: str, at: int, raw: bytes) -> bool:
        """Replace the first item of this id in place, whatever it was, or append; tells whether it is new."""
        position = self._position_of(item_id)
        if position is None:
            self.append(kind, None, item_id, at, raw)
            return True
        number = self._number_at(position)
        explicit_id = item_id if number is None else None
        self.cleared.add(position)
        self.lines = [line for line in self.lines if line.position != position]
        self.lines.append(
            ItemLine(self.seq, position, 0, kind, number, explicit_id, at, len(raw), crc32(raw))
        )
        self.kinds[position] = kind
        if position in (self.user_position, self.agent_position):
            self._find_summary()
        return False

    def _position_of(self, item_id: str) -> int | None:
        """Where the first item of this id is: numbers are consecutive within a turn."""
        position = self.ids.get(item_id)
        match = NUMBERED.fullmatch(item_id)
        if match and self.numbered:
            index = int(match[1]) - self.first_number
            if 0 <= index < len(self.numbered):
                numbered = self.numbered[index]
                return numbered if position is None else min(position, numbered)
        return position

    def _number_at(self, position: int) -> int | None:
        """The number of the item there, if its id is one; it keeps it whatever replaces the item."""
        if position not in self.numbered:
            return None
        return self.first_number + self.numbered.index(position)

    def _find_summary(self) -> None:
        """Find the summary's items anew after one of them was replaced by an item of another kind."""
        user = self.kinds.find(ItemKind.USER_MESSAGE)
        agent = self.kinds.rfind(ItemKind.AGENT_MESSAGE)
        self.user_position = None if user < 0 else user
        self.agent_position = None if agent < 0 else agent
