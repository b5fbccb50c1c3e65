"""The fold of any log: it begins as a legacy one, until the first session_meta says what it is.

What came before that line shows nothing in a log that turns out to be paginated, and nothing of a log shows
whose mode is unknown. Once the dialect is settled, slices go straight to its fold.
"""

from dataclasses import fields

from domain.history.fold import HistoryFold
from domain.history.paginated import PaginatedFold
from domain.history.ports import KeptBetween, StoredTurns
from domain.history.rows import Dialect, HistoryDelta, HistoryHead
from domain.history.unread import UnreadFold
from domain.lines import PASSED_OVER, PREFIX_AT
from domain.log import LogSlice

Fold = HistoryFold | PaginatedFold | UnreadFold


class LogFold:
    """Folds the lines of one thread's log, and of the logs that it goes on from, into its turns."""

    def __init__(
        self,
        head: HistoryHead,
        stored: StoredTurns,
        kept_between: KeptBetween,
        passed_over: tuple[bytes, ...] = PASSED_OVER,
    ) -> None:
        self.head = head
        self._stored = stored
        self._passed_over = passed_over
        self._fold: Fold = HistoryFold(head, stored, kept_between, passed_over)
        if head.dialect is not Dialect.LEGACY:
            self._fold = self._of_dialect(is_cut=False)

    def _of_dialect(self, *, is_cut: bool) -> Fold:
        if self.head.dialect is Dialect.UNKNOWN:
            return UnreadFold(is_cut=is_cut)
        return PaginatedFold(self.head, self._stored, is_passing=bool(self._passed_over), is_cut=is_cut)

    @property
    def _is_settled(self) -> bool:
        return self.head.thread_id is not None or self.head.dialect is not Dialect.LEGACY

    def begin_log(self, floor: int, *, is_base: bool) -> None:
        """The next lines are those of another log: of these count what has an ordinal above the floor.

        A log that goes on from another is paginated, whatever its head will say.
        """
        if is_base and not self._is_settled:
            self._turn_to(Dialect.PAGINATED)
        if isinstance(self._fold, PaginatedFold):
            self._fold.begin_log(floor, is_base=is_base)

    def feed(self, piece: LogSlice) -> None:
        """Take a run of whole lines."""
        if self._is_settled or piece.is_overlong:
            self._fold.feed(piece)
            return
        at = piece.start
        for index, raw in enumerate(piece.lines):
            if self._is_settled:
                self._fold.feed_lines(at, piece.lines[index:])
                break
            if not raw.startswith(self._passed_over, PREFIX_AT):
                self.line(at, raw)
            at += len(raw)

    def line(self, at: int, raw: bytes) -> bool:
        """Take one line, beginning at this offset; tells whether it counts."""
        if self._is_settled:
            return self._fold.line(at, raw)
        counts = self._fold.line(at, raw)
        if self.head.dialect is Dialect.LEGACY:
            return counts
        self._turn_to(self.head.dialect)
        return self._fold.line(at, raw)

    def take(self) -> HistoryDelta:
        """What changed since the last time; the caller stores it with `head`."""
        return self._fold.take()

    def _turn_to(self, dialect: Dialect) -> None:
        """Drop what was folded as a legacy log, and go on in this dialect."""
        head = self.head
        is_cut = head.next_seq > 0 or head.is_open or self._fold.take().cut is not None
        fresh = HistoryHead(dialect=dialect, damaged_count=head.damaged_count)
        for item in fields(HistoryHead):
            setattr(head, item.name, getattr(fresh, item.name))
        self._fold = self._of_dialect(is_cut=is_cut)
