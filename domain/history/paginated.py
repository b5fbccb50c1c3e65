"""The fold of a paginated log: lines in, rows of turns and item lines out.

A paginated log (as the newer release writes it) names the turn in every line that matters, so there is no
open turn and nothing is implicit. The fold walks the lines once, in order, with this state:

- `head.last_ordinal`: a line counts when its ordinal is greater;
- `head.next_seq`: a turn takes the next place when a start or an end first names it;
- items that come before that wait in a turn numbered -1, -2, ... (`head.unborn` counts these), which nobody
  is shown; when the turn is born its lines are handed out anew under its place, and the old number dropped;
- `_turns` has the turns touched since the last hand-over; older ones are rows behind `StoredTurns`.

Nothing before the head of a log shows, and nothing in the head of a base counts: bases lie before offset 0.
A fold that starts from a head and rows goes on exactly as one that had read everything itself.
"""

from collections.abc import Callable, Iterable
from typing import Any
from zlib import crc32

from domain.history.metas import note_meta
from domain.history.ordinals import counted_after
from domain.history.paginated_turn import PaginatedTurn
from domain.history.ports import StoredTurns
from domain.history.rows import HistoryDelta, HistoryHead, ItemKind, ItemLine, LinePlace, TurnStatus
from domain.items.canonical import is_shown
from domain.lines import WHOLE_END, Recogniser, not_recognised, parse_at, silent_line
from domain.log import LogSlice

Payload = dict[str, Any]

SAID_IN_PHASE = {
    "final_answer": ItemKind.FINAL_ANSWER,
    "commentary": ItemKind.COMMENTARY,
    None: ItemKind.SAID_WITHOUT_PHASE,
}


def kind_of(item: Payload) -> ItemKind:
    """What the summary view has to know of an item."""
    if item["type"] == "UserMessage":
        return ItemKind.SAID_BY_USER
    return SAID_IN_PHASE[item.get("phase")] if item["type"] == "AgentMessage" else ItemKind.OTHER


class PaginatedFold:
    """Folds the lines of one thread's paginated log, after those of its bases, into its turns.

    `is_passing` tells whether lines may be recognised by their first bytes. `is_cut` voids all rows stored so
    far: they were made before the log turned out to be paginated.
    """

    def __init__(
        self, head: HistoryHead, stored: StoredTurns, *, is_passing: bool = True, is_cut: bool = False
    ) -> None:
        self.head = head
        self._stored = stored
        self._recognise: Recogniser = silent_line if is_passing else not_recognised
        self._is_cut = is_cut
        self._is_base = False
        self._has_stored = not is_cut and head.next_seq + head.unborn > 0
        self._turns: dict[str, PaginatedTurn] = {}
        self._dropped: set[int] = set()
        self._place = LinePlace(0, 0, 0)

    # -- reading ------------------------------------------------------------------------------

    def begin_log(self, floor: int, *, is_base: bool) -> None:
        """The next lines are those of another log: of these count what has an ordinal above the floor."""
        self.head.last_ordinal = floor
        self._is_base = is_base

    def feed(self, piece: LogSlice) -> None:
        """Take a run of whole lines."""
        self.feed_lines(piece.start, piece.lines)
        self.head.damaged_count += piece.is_overlong

    def feed_lines(self, at: int, lines: Iterable[bytes]) -> None:
        """Take whole lines, the first of them beginning at this offset."""
        head, recognise, line = self.head, self._recognise, self.line
        for raw in lines:
            silent = recognise(raw)
            if silent is None or not raw.endswith(WHOLE_END):
                line(at, raw)
            elif (ordinal := int(silent[1])) > head.last_ordinal:
                head.last_ordinal = ordinal
            at += len(raw)

    def line(self, at: int, raw: bytes) -> bool:
        """Take one line, beginning at this offset; tells whether it counts."""
        head, value = self.head, parse_at(at, raw)
        if value is None:
            head.damaged_count += not raw.isspace()
            return False
        is_in_base = self._is_base or at < 0
        awaits_head = head.thread_id is None and not is_in_base
        topic, head.last_ordinal = counted_after(value, head.last_ordinal, awaits_head=awaits_head)
        if topic is None:
            return False
        handler = HANDLERS.get(topic)
        may_show = not is_in_base if topic == "session_meta" else not awaits_head
        if handler is not None and may_show:
            self._place = LinePlace(at, len(raw), crc32(raw))
            handler(self, value["payload"])
        return True

    def take(self) -> HistoryDelta:
        """What changed since the last time; the caller stores it with `head`."""
        turns = sorted(self._turns.values(), key=lambda turn: turn.seq)
        delta = HistoryDelta(
            cut=0 if self._is_cut else None,
            cleared=frozenset((turn.seq, position) for turn in turns for position in turn.cleared),
            turns=tuple(turn.row() for turn in turns),
            lines=tuple(turn.lines[position] for turn in turns for position in sorted(turn.lines)),
            dropped=frozenset(self._dropped),
        )
        self._turns = {}
        self._dropped = set()
        self._is_cut = False
        self._has_stored = self.head.next_seq + self.head.unborn > 0
        return delta

    # -- turns --------------------------------------------------------------------------------

    def _find(self, turn_id: str) -> PaginatedTurn | None:
        """The turn with this id, born or not."""
        turn = self._turns.get(turn_id)
        if turn is None and self._has_stored:
            row = self._stored.first(turn_id, self.head.next_seq)
            if row is not None:
                turn = PaginatedTurn.stored(row, self._stored.item_keys(row.seq))
                self._turns[turn_id] = turn
        return turn

    def _named(self, turn_id: str) -> PaginatedTurn:
        """The turn that a start or an end names: from now on it has its place."""
        turn = self._find(turn_id)
        if turn is not None and turn.is_born:
            return turn
        head = self.head
        if turn is None:
            turn = self._turns[turn_id] = PaginatedTurn(head.next_seq, turn_id)
        else:
            self._bear(turn)
        head.next_seq += 1
        return turn

    def _bear(self, turn: PaginatedTurn) -> None:
        """Give a turn its place of which only items were seen."""
        waiting: Iterable[ItemLine] = ()
        if turn.stored_item_count:
            waiting = self._stored.lines_of(turn.seq)
            self._dropped.add(turn.seq)
        turn.be_born(self.head.next_seq, waiting)
        self.head.item_count += len(turn.kinds)

    # -- what each kind of line does ----------------------------------------------------------

    def session_meta(self, payload: Payload) -> None:
        """The first names the thread; later ones of the same id restate its facts."""
        note_meta(self.head, payload, self._place)

    def task_started(self, payload: Payload) -> None:
        """A start gives a turn its place; until it has ended the last start counts."""
        turn = self._named(payload["turn_id"])
        if not turn.has_ended:
            turn.started_at = payload.get("started_at")

    def task_complete(self, payload: Payload) -> None:
        """An end completes the turn, or tells why it failed."""
        has_failed = payload.get("error") is not None
        self._end(payload, TurnStatus.FAILED if has_failed else TurnStatus.COMPLETED)

    def turn_aborted(self, payload: Payload) -> None:
        """An abort is an end as well, if it names its turn."""
        if payload.get("turn_id") is not None:
            self._end(payload, TurnStatus.INTERRUPTED)

    def _end(self, payload: Payload, status: TurnStatus) -> None:
        turn = self._named(payload["turn_id"])
        if not turn.has_ended:
            turn.end(
                status,
                payload.get("started_at"),
                payload.get("completed_at"),
                payload.get("duration_ms"),
                self._place if status is TurnStatus.FAILED else None,
            )

    def item_completed(self, payload: Payload) -> None:
        """An item goes to the turn it names, whenever that begins or ended."""
        item, turn_id = payload["item"], payload["turn_id"]
        if not is_shown(item):
            return
        turn = self._find(turn_id)
        if turn is None:
            self.head.unborn += 1
            turn = self._turns[turn_id] = PaginatedTurn(-self.head.unborn, turn_id)
        is_new = turn.put(kind_of(item), item["id"], self._place)
        self.head.item_count += is_new and turn.is_born


HANDLERS: dict[str, Callable[[PaginatedFold, Payload], None]] = {
    "session_meta": PaginatedFold.session_meta,
    "event_msg:task_started": PaginatedFold.task_started,
    "event_msg:task_complete": PaginatedFold.task_complete,
    "event_msg:turn_aborted": PaginatedFold.turn_aborted,
    "event_msg:item_completed": PaginatedFold.item_completed,
}
"""What a line that counts does; of the others only their ordinals count."""
