"""One turn of a paginated log while it is folded.

Items are known by their ids and keep the place of their first line. Which two make the summary is settled by
the turn's first end; until then it is judged anew each time.
"""

from collections.abc import Iterable, Sequence

from domain.history.rows import ItemKey, ItemKind, ItemLine, LinePlace, TurnRow, TurnStatus


class PaginatedTurn:
    """A turn at work; one with a `seq` below 0 is not born yet: only items named it."""

    __slots__ = (
        "cleared",
        "completed_at",
        "duration_ms",
        "error",
        "kinds",
        "lines",
        "positions",
        "seq",
        "started_at",
        "status",
        "stored_item_count",
        "summary",
        "turn_id",
    )

    def __init__(self, seq: int, turn_id: str) -> None:
        self.seq = seq
        self.turn_id = turn_id
        self.status = TurnStatus.IN_PROGRESS
        self.started_at: int | None = None
        self.completed_at: int | None = None
        self.duration_ms: int | None = None
        self.error: LinePlace | None = None
        self.summary: tuple[int, ...] = ()
        self.kinds = bytearray()
        self.positions: dict[str, int] = {}
        self.lines: dict[int, ItemLine] = {}
        self.cleared: set[int] = set()
        self.stored_item_count = 0

    @classmethod
    def stored(cls, row: TurnRow, keys: Sequence[ItemKey]) -> "PaginatedTurn":
        """The turn of a row handed out before, ready to go on."""
        turn = cls(row.seq, row.turn_id)
        turn.status = TurnStatus(row.status)
        turn.started_at, turn.completed_at, turn.duration_ms = (
            row.started_at,
            row.completed_at,
            row.duration_ms,
        )
        if row.error_at is not None and row.error_size is not None and row.error_crc is not None:
            turn.error = LinePlace(row.error_at, row.error_size, row.error_crc)
        chosen = (row.summary_first, row.summary_second)
        turn.summary = tuple(position for position in chosen if position is not None)
        turn.kinds = bytearray(key.kind for key in keys)
        turn.positions = {key.item_id or "": position for position, key in enumerate(keys)}
        turn.stored_item_count = len(keys)
        return turn

    @property
    def is_born(self) -> bool:
        """Whether a start or an end named it."""
        return self.seq >= 0

    @property
    def has_ended(self) -> bool:
        """Whether its first end was met: what comes later does not change how it ended."""
        return self.status is not TurnStatus.IN_PROGRESS

    def row(self) -> TurnRow:
        """The turn as it stands."""
        summary = self.summary if self.has_ended else self._summary()
        return TurnRow(
            self.seq,
            self.turn_id,
            self.status,
            self.started_at,
            self.completed_at,
            self.duration_ms,
            is_explicit=True,
            is_compacted=False,
            item_count=len(self.kinds),
            first_number=0,
            summary_first=summary[0] if summary else None,
            summary_second=summary[1] if len(summary) > 1 else None,
            error_at=self.error and self.error.at,
            error_size=self.error and self.error.size,
            error_crc=self.error and self.error.crc,
        )

    def be_born(self, seq: int, stored: Iterable[ItemLine]) -> None:
        """Take its place among the turns; the lines stored under its former number are handed out anew."""
        lines = {line.position: line for line in stored} | self.lines
        self.lines = {position: line._replace(seq=seq) for position, line in lines.items()}
        self.seq = seq
        self.cleared = set()
        self.stored_item_count = 0

    def end(
        self,
        status: TurnStatus,
        started_at: int | None,
        completed_at: int | None,
        duration_ms: int | None,
        error: LinePlace | None,
    ) -> None:
        """Take over the first end, absent values included, and settle the summary."""
        self.status = status
        self.started_at = started_at
        self.completed_at = completed_at
        self.duration_ms = duration_ms
        self.error = error
        self.summary = self._summary()

    def put(self, kind: ItemKind, item_id: str, place: LinePlace) -> bool:
        """Add an item, or take the newer line of one that is there; tells whether it is new."""
        position = self.positions.setdefault(item_id, len(self.kinds))
        self.lines[position] = ItemLine(self.seq, position, 0, kind, None, item_id, *place)
        if position == len(self.kinds):
            self.kinds.append(kind)
            return True
        self.kinds[position] = kind
        if position < self.stored_item_count:
            self.cleared.add(position)
        return False

    def _summary(self) -> tuple[int, ...]:
        """The first user message and the last final answer, in item order.

        A turn that ended without a final answer has the last message of no phase instead.
        """
        user, answer = self.kinds.find(ItemKind.SAID_BY_USER), self.kinds.rfind(ItemKind.FINAL_ANSWER)
        if answer < 0 and self.has_ended:
            answer = self.kinds.rfind(ItemKind.SAID_WITHOUT_PHASE)
        return tuple(sorted(position for position in (user, answer) if position >= 0))
