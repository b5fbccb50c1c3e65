"""The ordinals that the lines of a paginated log go on with (dialects.md, section 2)."""

from typing import Self

from domain.errors import OrdinalsUsedUp, UnknownHistoryMode
from domain.events import Payload, RolloutLine
from domain.history.base import base_named
from domain.history.dialect import dialect_of
from domain.history.ordinals import ordinal_of
from domain.history.rows import Dialect
from domain.limits import ORDINAL_MAX


class Ordinals:
    """The greatest ordinal that counted in a log; None where the dialect has none."""

    __slots__ = ("_is_unknown", "last")

    def __init__(self, last: int | None, *, is_unknown: bool = False) -> None:
        self.last = last
        self._is_unknown = is_unknown

    @classmethod
    def before_head(cls, payload: Payload) -> Self:
        """Those of a log that is to begin with this head: it goes on where its base was left, or from 0."""
        dialect = dialect_of(payload)
        if dialect is not Dialect.PAGINATED:
            return cls(None, is_unknown=dialect is Dialect.UNKNOWN)
        base = payload.get("history_base")
        return cls(-1 if base is None else base["end_ordinal_exclusive"] - 1)

    @classmethod
    def of_head(cls, line: RolloutLine, payload: Payload) -> Self:
        """Those of a log that has this head and nothing more."""
        dialect = dialect_of(payload)
        if dialect is not Dialect.PAGINATED:
            return cls(None, is_unknown=dialect is Dialect.UNKNOWN)
        base = base_named(line.raw)
        return cls(max(-1 if base is None else base.end_ordinal, _ordinal(line)))

    def copy(self) -> "Ordinals":
        """The same, to go on from."""
        return Ordinals(self.last, is_unknown=self._is_unknown)

    def follow(self, line: RolloutLine) -> bool:
        """Take note of a line behind the head; tells whether it counts, which without ordinals all do."""
        if self.last is None:
            return True
        ordinal = _ordinal(line)
        counts = ordinal > self.last
        self.last = max(self.last, ordinal)
        return counts

    def following(self, count: int) -> list[int | None]:
        """The ordinals of the next lines.

        UnknownHistoryMode when nobody here knows how they are written, OrdinalsUsedUp when a line has so
        great an ordinal that too few are left.
        """
        if self._is_unknown:
            raise UnknownHistoryMode
        if self.last is None:
            return [None] * count
        if self.last + count > ORDINAL_MAX:
            raise OrdinalsUsedUp(self.last)
        return list(range(self.last + 1, self.last + 1 + count))


def _ordinal(line: RolloutLine) -> int:
    """The ordinal of a line; -1 when it has none or is no line that counts."""
    ordinal = ordinal_of(0, line.raw + b"\n")
    return -1 if ordinal is None else ordinal
