"""Damaged lines in a row, and what was made out among them."""

from collections.abc import Sequence

from domain.damage.cutting import Part, PartKind
from domain.damage.finding import DamageClass
from domain.damage.grammar import Grammar
from domain.damage.survey import Place
from domain.limits import SALVAGE_HELD_SIZE, SALVAGE_LINES_MAX
from domain.lines import BYTE_ORDER_MARK

BLANK = b" \t\r\n"


class Stretch:
    """Damaged lines in a row, and their parts."""

    def __init__(self, data: bytes, number: int, offset: int, parts: list[Part]) -> None:
        self.data = data
        self.parts = parts
        self._number = number
        self._offset = offset
        self._counted = 0

    def place(self, part: Part) -> Place:
        """Where the part stands in the file; parts are asked for in order."""
        self._number += self.data.count(b"\n", self._counted, part.start)
        self._counted = part.start
        return Place(self._number, self._offset + part.start, part.end - part.start)

    def begins_line(self, part: Part) -> bool:
        """Whether nothing stands before it on its line."""
        return part.start == 0 or self.data[part.start - 1] == ord("\n")

    def following(self, index: int) -> bytes:
        """The record directly behind the part, on the same line."""
        if index + 1 == len(self.parts):
            return b""
        part, behind = self.parts[index], self.parts[index + 1]
        is_near = behind.kind is PartKind.RECORD and not self._is_parted(part, behind)
        return behind.data if is_near else b""

    def has_record_beside(self, index: int) -> bool:
        """Whether a record stands directly before or behind it, on the same line."""
        before = self.parts[index - 1] if index else None
        is_behind_one = (
            before is not None
            and before.kind is PartKind.RECORD
            and not self._is_parted(before, self.parts[index])
        )
        return is_behind_one or bool(self.following(index))

    def surroundings(self, index: int) -> DamageClass:
        """Why a record that is whole is on a damaged line."""
        beside = [self.parts[at] for at in (index - 1, index + 1) if 0 <= at < len(self.parts)]
        part = self.parts[index]
        near = [other for other in beside if not self._is_parted(*sorted((part, other), key=_start))]
        if any(other.kind is PartKind.RECORD for other in near):
            return DamageClass.GLUED_RECORDS
        if near and all(self.data[other.start : other.end] == BYTE_ORDER_MARK for other in near):
            return DamageClass.BYTE_ORDER_MARK
        return DamageClass.SURROUNDING_TEXT

    def _is_parted(self, first: Part, second: Part) -> bool:
        return self.data.find(b"\n", first.end, second.start) >= 0


def _start(part: Part) -> int:
    return part.start


def unfinished(data: bytes, parts: Sequence[Part], grammar: Grammar) -> int | None:
    """Where, on a line of its own, a record begins that may go on behind the bytes; None when none does.

    Not when it is longer than half of what can be held: then it is given up.
    """
    last = max((part.end for part in parts if part.kind is not PartKind.REST), default=0)
    for part in parts:
        if part.start < last or not grammar.starts.match(data, part.start):
            continue
        is_line = not data[data.rfind(b"\n", 0, part.start) + 1 : part.start].strip(BLANK)
        rest = data[part.start :]
        is_small = len(rest) <= SALVAGE_HELD_SIZE // 2 and rest.count(b"\n") <= SALVAGE_LINES_MAX // 2
        return part.start if is_line and is_small else None
    return None
