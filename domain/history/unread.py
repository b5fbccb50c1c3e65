"""The fold of a log whose mode nobody knows: it has no turns."""

from collections.abc import Iterable

from domain.history.rows import HistoryDelta
from domain.log import LogSlice


class UnreadFold:
    """Takes lines and makes nothing of them; `is_cut` voids what was stored before the mode was met."""

    def __init__(self, *, is_cut: bool) -> None:
        self._is_cut = is_cut

    def feed(self, piece: LogSlice) -> None:
        """Take a run of whole lines."""

    def feed_lines(self, at: int, lines: Iterable[bytes]) -> None:
        """Take whole lines."""

    def line(self, _at: int, _raw: bytes) -> bool:
        """Take one line, which does not count."""
        return False

    def take(self) -> HistoryDelta:
        """No turns."""
        cut = 0 if self._is_cut else None
        self._is_cut = False
        return HistoryDelta(cut=cut, cleared=frozenset(), turns=(), lines=())
