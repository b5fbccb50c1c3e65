"""A paginated log in memory, the fold over it, and the turns that come out as the protocol shows them."""

import copy
import json
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from domain.history.log_fold import LogFold
from domain.history.rows import HistoryDelta, HistoryHead, TurnRow
from domain.lines import PASSED_OVER, parse
from domain.log import LogSlice
from domain.shapes.kept import kept_topic
from domain.views import ItemsView
from projections.content import turns_json
from projections.pages import TurnLines
from tests.domain.memory_turns import Handing, MemoryTurns
from tests.home import THREAD, line, meta

Json = dict[str, Any]
Numbered = Callable[[int], bytes]
"""A line that still has to be given its ordinal."""


def paginated_meta(ordinal: object = 0, thread_id: UUID = THREAD, **fields: object) -> bytes:
    """The head of a paginated log."""
    told = json.loads(meta(thread_id, **{"history_mode": "paginated", "cli_version": "0.169.0"} | fields))
    return line("session_meta", told["payload"], ordinal=ordinal)


def numbered(kind: str, /, **payload: object) -> Numbered:
    """An event."""
    return lambda ordinal: line("event_msg", {"type": kind, **payload}, ordinal=ordinal)


def start(turn_id: object = "t", **fields: object) -> Numbered:
    """The start of a turn."""
    return numbered("task_started", turn_id=turn_id, **fields)


def end(turn_id: object = "t", **fields: object) -> Numbered:
    """The completion of a turn."""
    return numbered("task_complete", turn_id=turn_id, **fields)


def abort(turn_id: object = "t", reason: str = "interrupted", **fields: object) -> Numbered:
    """The abortion of a turn."""
    return numbered("turn_aborted", turn_id=turn_id, reason=reason, **fields)


def item(kind: str, item_id: object, turn_id: object = "t", /, **fields: object) -> Numbered:
    """The completion of an item."""
    told = {"type": kind, "id": item_id, **fields}
    return numbered("item_completed", thread_id=str(THREAD), turn_id=turn_id, item=told)


def user(item_id: str = "u", turn_id: str = "t", text: str = "u") -> Numbered:
    """A user message."""
    return item("UserMessage", item_id, turn_id, content=[{"type": "text", "text": text}])


def agent(
    item_id: str = "a", turn_id: str = "t", text: str = "a", phase: str | None = "final_answer"
) -> Numbered:
    """An agent message."""
    content = [{"type": "Text", "text": text}]
    return item("AgentMessage", item_id, turn_id, content=content, phase=phase)


def plan(item_id: str = "p", turn_id: str = "t", text: str = "p") -> Numbered:
    """A plan."""
    return item("Plan", item_id, turn_id, text=text)


def tokens(ordinal: int) -> bytes:
    """A line that shows nothing, as the writer writes it."""
    return line("event_msg", {"type": "token_count", "info": None, "rate_limits": None}, ordinal=ordinal)


def in_order(lines: Iterable[Numbered | bytes], first: int = 1) -> list[bytes]:
    """The lines with ordinals from `first` on; lines of bytes have what they have."""
    return [told if isinstance(told, bytes) else told(first + at) for at, told in enumerate(lines)]


class MemoryLog:
    """The bytes of a log, read by offset; those below 0 are the base's."""

    def __init__(self, data: bytes, begin: int = 0) -> None:
        self.data = data
        self.begin = begin

    def read(self, at: int, size: int) -> bytes:
        """These bytes."""
        return self.data[at - self.begin : at - self.begin + size]


class PaginatedLog:
    """One thread's log, folded as it grows; `base` bytes lie before its own."""

    def __init__(
        self, handing: Handing = Handing.WHOLE, passed_over: tuple[bytes, ...] = PASSED_OVER, base: int = 0
    ) -> None:
        self.data = b""
        self.begin = -base
        self.stored = MemoryTurns()
        self.handing = handing
        self.deltas: list[HistoryDelta] = []
        self._passed_over = passed_over
        self.fold = self._fold_from(HistoryHead())

    def _fold_from(self, head: HistoryHead) -> LogFold:
        return LogFold(head, self.stored, self._kept_between, self._passed_over)

    def _kept_between(self, start: int, end: int) -> int:
        values = map(parse, self.data[start - self.begin : end - self.begin].splitlines(keepends=True))
        return sum(value is not None and kept_topic(value) is not None for value in values)

    @property
    def head(self) -> HistoryHead:
        """The fold's head as it stands."""
        return self.fold.head

    def add(self, *lines: bytes) -> None:
        """Grow by these lines and fold them."""
        if self.handing is Handing.WHOLE:
            self._feed(b"".join(lines))
            return
        for raw in lines:
            self._feed(raw)
            if self.handing is Handing.TAKEN:
                self.take()
            if self.handing is Handing.RELOADED:
                self.reload()

    def _feed(self, data: bytes) -> None:
        start = self.begin + len(self.data)
        self.data += data
        if data:
            self.fold.feed(LogSlice(start, start + len(data), 1, data))

    def take(self) -> HistoryDelta:
        """Take what changed, and store it."""
        delta = self.fold.take()
        self.deltas.append(delta)
        self.stored.write(delta)
        return delta

    def reload(self) -> None:
        """Store what changed, and go on with a new fold that knows the head and the rows alone."""
        self.take()
        self.fold = self._fold_from(copy.deepcopy(self.head))

    def rows(self) -> list[TurnRow]:
        """All turns that are shown, in order, numbered without gaps and with as many items as they say."""
        self.take()
        rows = [row for seq, row in sorted(self.stored.rows.items()) if seq >= 0]
        assert [row.seq for row in rows] == list(range(len(rows)))
        assert all(row.item_count == len(self.stored.items(seq)) for seq, row in self.stored.rows.items())
        assert {key[0] for key in self.stored.lines} <= set(self.stored.rows)
        assert self.head.item_count == sum(row.item_count for row in rows)
        assert self.head.next_seq == len(rows)
        assert not self.head.is_open
        return rows

    def turns(self, view: ItemsView = ItemsView.FULL) -> list[Json]:
        """All turns as the protocol shows them."""
        found = [TurnLines(row, self.stored.lines_of(row.seq)) for row in self.rows()]
        if view is ItemsView.NOT_LOADED:
            found = [TurnLines(turn.turn, ()) for turn in found]
        source: Any = MemoryLog(self.data, self.begin)
        told: list[Json] = json.loads(turns_json(source, found, view))
        return told

    def told(self, view: ItemsView = ItemsView.FULL) -> list[str]:
        """Each turn in a few words: `t completed: u a`."""
        return [
            f"{turn['id']} {turn['status']}:{''.join(' ' + item['id'] for item in turn['items'])}"
            for turn in self.turns(view)
        ]


def all_rows(log: PaginatedLog) -> tuple[object, ...]:
    """Everything that the fold handed out and goes on from."""
    log.take()
    return log.stored.rows, log.stored.lines, log.head


def folded(*lines: Numbered | bytes, handing: Handing = Handing.WHOLE) -> PaginatedLog:
    """A paginated log with a head and these lines."""
    log = PaginatedLog(handing)
    log.add(paginated_meta(), *in_order(lines))
    return log


def told_in_every_handing(*lines: Numbered | bytes, view: ItemsView = ItemsView.FULL) -> list[str]:
    """What the lines give: the same however they are handed in and over, with and without shortcuts."""
    told = []
    for handing in Handing:
        for passed_over in (PASSED_OVER, ()):
            log = PaginatedLog(handing, passed_over)
            log.add(paginated_meta(), *in_order(lines))
            told.append(log.told(view))
    assert [each for each in told if each != told[0]] == []
    return told[0]
