"""What a fold asks of others: rows it handed out before, and lines it passed over."""

from collections.abc import Callable, Sequence
from typing import Protocol

from domain.history.rows import ItemKey, ItemLine, TurnRow

KeptBetween = Callable[[int, int], int]
"""How many lines between two offsets are kept, counted by reading them in full."""


class StoredTurns(Protocol):
    """The rows of earlier deltas, as they were handed out last."""

    def turn(self, seq: int) -> TurnRow | None:
        """The turn with this number."""

    def first(self, turn_id: str, below: int) -> TurnRow | None:
        """The first turn with this id among those numbered below `below`."""

    def item_keys(self, seq: int) -> Sequence[ItemKey]:
        """The items of a turn, in order."""

    def lines_of(self, seq: int) -> Sequence[ItemLine]:
        """The item lines of a turn, by position and part."""

    def item_count(self, start: int, stop: int) -> int:
        """How many items the turns numbered `start` to `stop - 1` hold."""
