"""The legacy fold: lines in, rows of turns and item lines out.

This is the fold of legacy logs; `paginated` has that of the newer dialect, `log_fold` chooses.
A legacy log (as release 0.131.0 writes it) is a sequence of kept lines. Some of them open and close
turns, some are items of the turn that is open, some name an older turn that they belong to, and a
rollback takes the last turns away. The fold walks the lines once, in order, with this state:

- at most one turn is *open*; it is *explicit* when a start line opened it, else *implicit*;
- `head` has the counters: the next turn's place, the next item number, the kept lines so far;
- `_turns` has the turns touched since the last hand-over; older ones are rows behind `StoredTurns`.

`take` hands out what changed. A fold that starts from a head and rows goes on exactly as one that had
read everything itself, at any line: that is how catching up, bulk and a line at a time give equal rows.

The number of an implicit turn is the count of kept lines before it. Lines passed over unread are not
counted while nobody asks; the first implicit turn behind them has them counted (`KeptBetween`), once.
"""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import NAMESPACE_OID, uuid5
from zlib import crc32

from domain.history.dialect import dialect_of
from domain.history.metas import note_meta
from domain.history.ports import KeptBetween, StoredTurns
from domain.history.rows import HistoryDelta, HistoryHead, ItemKind, LinePlace, TurnStatus
from domain.history.turns import Turn
from domain.hooks import fragments_of, may_hold_prompt
from domain.lines import PASSED_OVER, PREFIX_AT, parse_at
from domain.log import LogSlice
from domain.shapes.kept import kept_topic

Payload = dict[str, Any]


class HistoryFold:
    """Folds the lines of one thread's log into its turns."""

    def __init__(
        self,
        head: HistoryHead,
        stored: StoredTurns,
        kept_between: KeptBetween,
        passed_over: tuple[bytes, ...] = PASSED_OVER,
    ) -> None:
        self.head = head
        self._stored = stored
        self._kept_between = kept_between
        self._passed_over = passed_over
        self._turns: dict[int, Turn] = {}
        self._first: dict[str, int] = {}
        self._base = head.next_seq
        self._cut: int | None = None
        self._at = 0
        self._raw = b""
        self._open: Turn | None = self._load(head.next_seq) if head.is_open else None

    # -- reading ------------------------------------------------------------------------------

    def feed(self, piece: LogSlice) -> None:
        """Take a run of whole lines."""
        at = self.feed_lines(piece.start, piece.lines)
        self.head.damaged_count += piece.is_overlong
        if self.head.kept_to == at:
            self.head.kept_to = piece.end

    def feed_lines(self, at: int, lines: Iterable[bytes]) -> int:
        """Take whole lines, the first of them beginning at this offset; the offset behind the last."""
        passed_over, line = self._passed_over, self.line
        for raw in lines:
            if not raw.startswith(passed_over, PREFIX_AT):
                line(at, raw)
            at += len(raw)
        return at

    def line(self, at: int, raw: bytes) -> bool:
        """Take one line, beginning at this offset; tells whether it counts."""
        head = self.head
        value = parse_at(at, raw)
        topic = None
        if value is None:
            head.damaged_count += not raw.isspace()
        else:
            topic = kept_topic(value)
            if topic is not None and (handler := HANDLERS.get(topic)) is not None:
                self._at, self._raw = at, raw
                handler(self, value["payload"])
        if head.kept_to == at:
            head.kept_to = at + len(raw)
            head.kept += topic is not None
        return topic is not None

    def take(self) -> HistoryDelta:
        """What changed since the last time; the caller stores it with `head`."""
        turns = sorted(self._turns.values(), key=lambda turn: turn.seq)
        delta = HistoryDelta(
            cut=self._cut,
            cleared=frozenset((turn.seq, position) for turn in turns for position in turn.cleared),
            turns=tuple(turn.row() for turn in turns),
            lines=tuple(line for turn in turns for line in turn.lines),
        )
        self._turns = {}
        self._first = {}
        self._cut = None
        self._base = self.head.next_seq
        if self._open is not None:
            self._keep_open(self._open)
        return delta

    def _keep_open(self, turn: Turn) -> None:
        turn.lines = []
        turn.cleared = set()
        turn.stored_item_count = len(turn.kinds)
        self._turns[turn.seq] = turn

    # -- turns --------------------------------------------------------------------------------

    def _load(self, seq: int) -> Turn | None:
        row = self._stored.turn(seq)
        if row is None:
            return None
        turn = Turn.stored(row, self._stored.item_keys(seq))
        self._turns[seq] = turn
        return turn

    def _open_turn(self, turn: Turn) -> Turn:
        self._open = self._turns[turn.seq] = turn
        self.head.is_open = True
        return turn

    def _need_turn(self) -> Turn:
        """The open turn; an implicit one named after this line when none is open."""
        if self._open is not None:
            return self._open
        turn_id = f"rollout-{self._kept_before()}"
        return self._open_turn(
            Turn(self.head.next_seq, turn_id, TurnStatus.COMPLETED, None, is_explicit=False)
        )

    def _kept_before(self) -> int:
        """How many kept lines there are before the one at work."""
        head = self.head
        if head.kept_to != self._at:
            head.kept += self._kept_between(head.kept_to, self._at)
            head.kept_to = self._at
        return head.kept

    def _finish(self) -> None:
        """Close the open turn. It has items, is explicit or compacted: others are never opened here."""
        if self._open is None:
            return
        self._first.setdefault(self._open.turn_id, self._open.seq)
        self._open = None
        self.head.is_open = False
        self.head.next_seq += 1

    def _find(self, turn_id: str) -> Turn | None:
        """The open turn if it has this id, else the first finished one that has."""
        if self._open is not None and self._open.turn_id == turn_id:
            return self._open
        below = self._base if self._cut is None else min(self._base, self._cut)
        row = self._stored.first(turn_id, below)
        if row is not None:
            return self._turns.get(row.seq) or self._load(row.seq)
        seq = self._first.get(turn_id)
        return None if seq is None else self._turns[seq]

    # -- items --------------------------------------------------------------------------------

    def _numbered(self, kind: ItemKind) -> None:
        """A new item with the next number, in the open turn."""
        self._need_turn().append(kind, self.head.next_number, None, self._at, self._raw)
        self.head.next_number += 1
        self.head.item_count += 1

    def _named(self, turn: Turn, kind: ItemKind, item_id: str) -> None:
        """An item with an id of its own, in this turn."""
        self.head.item_count += turn.upsert(kind, item_id, self._at, self._raw)

    # -- what each kind of line does ----------------------------------------------------------

    def session_meta(self, payload: Payload) -> None:
        """The first names the thread and the dialect; later ones of the same id restate its facts."""
        head = self.head
        if head.thread_id is None:
            head.dialect = dialect_of(payload)
        note_meta(head, payload, LinePlace(self._at, len(self._raw), crc32(self._raw)))

    def hook_prompt(self, payload: Payload) -> None:
        """A user message of hook prompts alone is an item, always a new one; any other shows nothing."""
        if not may_hold_prompt(self._raw) or fragments_of(payload) is None:
            return
        item_id = payload.get("id")
        if item_id is None:
            item_id = str(uuid5(NAMESPACE_OID, f"{self._at}:{self._raw.rstrip().hex()}"))
        self._need_turn().append(ItemKind.HOOK_PROMPT, None, item_id, self._at, self._raw)
        self.head.item_count += 1

    def compacted(self, _payload: Payload) -> None:
        """A compaction falls into a turn and keeps it, even without items."""
        self._need_turn().is_compacted = True

    def task_started(self, payload: Payload) -> None:
        """A start closes what was open and opens an explicit turn."""
        self._finish()
        turn_id, started_at = payload["turn_id"], payload.get("started_at")
        self._open_turn(
            Turn(self.head.next_seq, turn_id, TurnStatus.IN_PROGRESS, started_at, is_explicit=True)
        )

    def task_complete(self, payload: Payload) -> None:
        """An end closes the turn it names, or the open one when there is none of that name."""
        turn = self._find(payload["turn_id"]) or self._open
        if turn is None:
            return
        is_interrupted = turn.status == TurnStatus.INTERRUPTED
        status = TurnStatus.INTERRUPTED if is_interrupted else TurnStatus.COMPLETED
        turn.end(status, payload.get("completed_at"), payload.get("duration_ms"))
        if turn is self._open:
            self._finish()

    def turn_aborted(self, payload: Payload) -> None:
        """An abort marks the turn it names, or the open one, which stays open."""
        turn_id = payload.get("turn_id")
        turn = (self._find(turn_id) if turn_id is not None else None) or self._open
        if turn is not None:
            turn.end(TurnStatus.INTERRUPTED, payload.get("completed_at"), payload.get("duration_ms"))

    def thread_rolled_back(self, payload: Payload) -> None:
        """The last turns go, the open one counting as the last; item numbers go on from what is left."""
        self._finish()
        head = self.head
        keep = max(0, head.next_seq - payload["num_turns"])
        if keep < head.next_seq:
            head.item_count -= self._items_from(keep)
            self._drop_from(keep)
            head.next_seq = keep
        head.next_number = head.item_count + 1

    def _items_from(self, keep: int) -> int:
        """How many items the turns from `keep` on hold."""
        touched = [turn for seq, turn in self._turns.items() if seq >= keep]
        changed = sum(len(turn.kinds) - turn.stored_item_count for turn in touched)
        return changed + self._stored.item_count(keep, self._stored_below())

    def _stored_below(self) -> int:
        """Turns numbered below this are stored; above, rows are void or were never handed out."""
        return self._base + 1 if self._cut is None else self._cut

    def _drop_from(self, keep: int) -> None:
        for seq in [seq for seq in self._turns if seq >= keep]:
            del self._turns[seq]
        self._first = {turn_id: seq for turn_id, seq in self._first.items() if seq < keep}
        self._cut = keep if self._cut is None else min(self._cut, keep)

    def user_message(self, _payload: Payload) -> None:
        """A user message ends an implicit turn that already says something."""
        turn = self._open
        if turn is not None and not turn.is_explicit and (turn.kinds or not turn.is_compacted):
            self._finish()
        self._numbered(ItemKind.USER_MESSAGE)

    def agent_message(self, payload: Payload) -> None:
        """What the agent said, unless that is nothing."""
        if payload["message"]:
            self._numbered(ItemKind.AGENT_MESSAGE)

    def reasoning(self, payload: Payload) -> None:
        """Thoughts join the thoughts right before them."""
        if not payload["text"]:
            return
        if self._open is None or not self._open.extend(self._at, self._raw):
            self._numbered(ItemKind.REASONING)

    def plan(self, payload: Payload) -> None:
        """A plan goes into the turn it names and nowhere else."""
        item = payload["item"]
        turn = self._find(payload["turn_id"]) if item["text"] else None
        if turn is not None:
            self._named(turn, ItemKind.PLAN, item["id"])

    def patch_apply_end(self, payload: Payload) -> None:
        """File changes go into the turn they name; without a name into the open one."""
        turn_id = payload.get("turn_id")
        turn = self._find(turn_id) if turn_id else self._need_turn()
        if turn is not None:
            self._named(turn, ItemKind.FILE_CHANGE, payload["call_id"])

    def context_compacted(self, _payload: Payload) -> None:
        """The visible mark of a compaction."""
        self._numbered(ItemKind.CONTEXT_COMPACTION)

    def entered_review_mode(self, _payload: Payload) -> None:
        """A review begins."""
        self._numbered(ItemKind.ENTERED_REVIEW_MODE)

    def exited_review_mode(self, _payload: Payload) -> None:
        """A review ends."""
        self._numbered(ItemKind.EXITED_REVIEW_MODE)

    def mcp_tool_call_end(self, payload: Payload) -> None:
        """A call of an MCP tool."""
        self._named(self._need_turn(), ItemKind.MCP_TOOL_CALL, payload["call_id"])

    def web_search_end(self, payload: Payload) -> None:
        """A web search."""
        self._named(self._need_turn(), ItemKind.WEB_SEARCH, payload["call_id"])

    def image_generation_end(self, payload: Payload) -> None:
        """A generated image."""
        self._named(self._need_turn(), ItemKind.IMAGE_GENERATION, payload["call_id"])


HANDLERS: dict[str, Callable[[HistoryFold, Payload], None]] = {
    "session_meta": HistoryFold.session_meta,
    "compacted": HistoryFold.compacted,
    "response_item:message": HistoryFold.hook_prompt,
    "event_msg:task_started": HistoryFold.task_started,
    "event_msg:task_complete": HistoryFold.task_complete,
    "event_msg:turn_aborted": HistoryFold.turn_aborted,
    "event_msg:thread_rolled_back": HistoryFold.thread_rolled_back,
    "event_msg:user_message": HistoryFold.user_message,
    "event_msg:agent_message": HistoryFold.agent_message,
    "event_msg:agent_reasoning": HistoryFold.reasoning,
    "event_msg:agent_reasoning_raw_content": HistoryFold.reasoning,
    "event_msg:item_completed": HistoryFold.plan,
    "event_msg:patch_apply_end": HistoryFold.patch_apply_end,
    "event_msg:context_compacted": HistoryFold.context_compacted,
    "event_msg:entered_review_mode": HistoryFold.entered_review_mode,
    "event_msg:exited_review_mode": HistoryFold.exited_review_mode,
    "event_msg:mcp_tool_call_end": HistoryFold.mcp_tool_call_end,
    "event_msg:web_search_end": HistoryFold.web_search_end,
    "event_msg:image_generation_end": HistoryFold.image_generation_end,
}
"""What a kept line does; the others count and show nothing."""
