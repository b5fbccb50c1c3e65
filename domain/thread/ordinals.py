"""The ordinals that the lines of a paginated log go on with (dialects.md, section 2)."""

from typing import Self

from domain.errors import UnknownHistoryMode
from domain.events import Payload, RolloutLine
from domain.history.base import base_named
from domain.history.dialect import dialect_of
from domain.history.ordinals import ordinal_of
from domain.history.rows import Dialect


class Ordinals:
    """The greatest ordinal that counted in a log; None where the dialect has none."""

    __slots__ = ("_is_unknown", "last")

    def __init__(self, last: int | None, *, is_unknown: bool = False) -> None:
        self.last = last
        self._is_unknown = is_unknown

    @classmethod
    def of_head(cls, line: RolloutLine, payload: Payload) -> Self:
        """Those of a log that has this head and nothing more."""
        dialect = dialect_of(payload)
        if dialect is not Dialect.PAGINATED:
            return cls(None, is_unknown=dialect is Dialect.UNKNOWN)
        base = base_named(line.raw)
        return cls(max(-1 if base is None else base.end_ordinal, _ordinal(line) or -1))

    def copy(self) -> "Ordinals":
        """The same, to go on from."""
        return Ordinals(self.last, is_unknown=self._is_unknown)

    def follow(self, line: RolloutLine) -> None:
        """Take note of a line behind the head."""
        if self.last is not None:
            self.last = max(self.last, _ordinal(line) or -1)

    def following(self, count: int) -> list[int | None]:
        """The ordinals of the next lines; UnknownHistoryMode when nobody here knows how they are written."""
        if self._is_unknown:
            raise UnknownHistoryMode
        if self.last is None:
            return [None] * count
        return list(range(self.last + 1, self.last + 1 + count))


def _ordinal(line: RolloutLine) -> int | None:
    return ordinal_of(0, line.raw + b"\n")
