"""A log in memory and the fold over it: rows in dictionaries, and a note of every count asked for."""

import copy
from collections.abc import Sequence
from enum import StrEnum
from itertools import accumulate

from domain.history.fold import HistoryFold
from domain.history.rows import HistoryDelta, HistoryHead, ItemKey, ItemKind, ItemLine, TurnRow, TurnStatus
from domain.lines import PASSED_OVER, parse
from domain.log import LogSlice
from domain.shapes.kept import kept_topic


class Handing(StrEnum):
    """How lines reach the fold, and what becomes of its rows between them."""

    WHOLE = "all lines at once"
    BY_LINE = "a line at a time"
    TAKEN = "rows taken after each line"
    RELOADED = "a new fold for each line"


class MemoryTurns:
    """The rows of all deltas, written as `HistoryDelta` says."""

    def __init__(self) -> None:
        self.rows: dict[int, TurnRow] = {}
        self.lines: dict[tuple[int, int, int], ItemLine] = {}

    def write(self, delta: HistoryDelta) -> None:
        """Cut, clear, then replace or add."""
        if delta.cut is not None:
            self.rows = {seq: row for seq, row in self.rows.items() if seq < delta.cut}
            self.lines = {key: line for key, line in self.lines.items() if key[0] < delta.cut}
        self.rows = {seq: row for seq, row in self.rows.items() if seq not in delta.dropped}
        gone = delta.dropped
        self.lines = {
            key: line
            for key, line in self.lines.items()
            if key[0] not in gone and key[:2] not in delta.cleared
        }
        self.rows |= {row.seq: row for row in delta.turns}
        self.lines |= {(line.seq, line.position, line.part): line for line in delta.lines}

    def turn(self, seq: int) -> TurnRow | None:
        """The turn with this number."""
        return self.rows.get(seq)

    def first(self, turn_id: str, below: int) -> TurnRow | None:
        """The first turn with this id among those numbered below `below`."""
        found = (row for seq, row in sorted(self.rows.items()) if row.turn_id == turn_id and seq < below)
        return next(found, None)

    def lines_of(self, seq: int) -> list[ItemLine]:
        """The item lines of a turn, by position and part."""
        return [line for key, line in sorted(self.lines.items()) if key[0] == seq]

    def item_keys(self, seq: int) -> Sequence[ItemKey]:
        """The items of a turn, in order."""
        items = self.items(seq)
        return [ItemKey(lines[0].kind, lines[0].number, lines[0].item_id, len(lines)) for lines in items]

    def item_count(self, start: int, stop: int) -> int:
        """How many items the turns numbered `start` to `stop - 1` hold."""
        return sum(row.item_count for seq, row in self.rows.items() if start <= seq < stop)

    def items(self, seq: int) -> list[list[ItemLine]]:
        """The lines of each item of a turn; positions and parts are without gaps."""
        items: dict[int, list[ItemLine]] = {}
        for (turn, position, part), line in sorted(self.lines.items()):
            if turn == seq:
                assert part == len(items.setdefault(position, []))
                items[position].append(line)
        assert list(items) == list(range(len(items)))
        return list(items.values())


class FoldedLog:
    """One thread's log, folded as it grows."""

    def __init__(
        self, handing: Handing = Handing.WHOLE, passed_over: tuple[bytes, ...] = PASSED_OVER
    ) -> None:
        self.data = b""
        self.stored = MemoryTurns()
        self.counted: list[tuple[int, int]] = []
        self.handing = handing
        self._passed_over = passed_over
        self._line_count = 0
        self.fold = self._fold_from(HistoryHead())

    def _fold_from(self, head: HistoryHead) -> HistoryFold:
        return HistoryFold(head, self.stored, self._kept_between, self._passed_over)

    def _kept_between(self, start: int, end: int) -> int:
        self.counted.append((start, end))
        values = map(parse, self.data[start:end].splitlines(keepends=True))
        return sum(value is not None and kept_topic(value) is not None for value in values)

    @property
    def head(self) -> HistoryHead:
        """The fold's head as it stands."""
        return self.fold.head

    def add(self, *lines: bytes) -> list[int]:
        """Grow by these lines and fold them; the offset of each."""
        starts = list(accumulate(map(len, lines), initial=len(self.data)))
        if self.handing is Handing.WHOLE:
            self._feed(b"".join(lines))
        else:
            for line in lines:
                self._feed(line)
                self._after_line()
        return starts[:-1]

    def _feed(self, data: bytes) -> None:
        start = len(self.data)
        self.data += data
        self.fold.feed(LogSlice(start, len(self.data), self._line_count + 1, data))
        self._line_count += data.count(b"\n")

    def _after_line(self) -> None:
        if self.handing is Handing.TAKEN:
            self.take()
        if self.handing is Handing.RELOADED:
            self.reload()

    def add_unread(self, size: int) -> None:
        """Grow by one line over the size limit: an empty slice."""
        start = len(self.data)
        self.data += b" " * (size - 1) + b"\n"
        self.fold.feed(LogSlice(start, len(self.data), self._line_count + 1, b""))
        self._line_count += 1

    def take(self) -> HistoryDelta:
        """Take what changed, and store it."""
        delta = self.fold.take()
        self.stored.write(delta)
        return delta

    def reload(self) -> None:
        """Store what changed, and go on with a new fold that knows the head and the rows alone."""
        self.take()
        self.fold = self._fold_from(copy.deepcopy(self.head))

    def rows(self) -> list[TurnRow]:
        """All turns in order, numbered without gaps and with as many items as they say."""
        self.take()
        rows = [row for _, row in sorted(self.stored.rows.items())]
        assert [row.seq for row in rows] == list(range(len(rows)))
        assert [row.item_count for row in rows] == [len(self.stored.items(row.seq)) for row in rows]
        assert self.head.item_count == sum(row.item_count for row in rows)
        assert self.head.next_seq + self.head.is_open == len(rows)
        return rows

    def told(self) -> list[str]:
        """Each turn in a few words: `t1 completed: item-1 user_message, call file_change`."""
        return [
            f"{row.turn_id} {TurnStatus(row.status).name.lower()}: {', '.join(self.told_items(row.seq))}"
            for row in self.rows()
        ]

    def told_items(self, seq: int) -> list[str]:
        """The items of a turn in a few words, with `+1` for each further line of an item."""
        return [_told_item(lines) for lines in self.stored.items(seq)]

    def text_of(self, seq: int, position: int) -> list[bytes]:
        """The lines that an item is made of, read from the log."""
        self.take()
        return [self.data[line.at : line.at + line.size] for line in self.stored.items(seq)[position]]


def _told_item(lines: Sequence[ItemLine]) -> str:
    first = lines[0]
    item_id = first.item_id if first.number is None else f"item-{first.number}"
    more = f" +{len(lines) - 1}" if len(lines) > 1 else ""
    return f"{item_id} {ItemKind(first.kind).name.lower()}{more}"


def told_in_every_handing(*lines: bytes) -> list[str]:
    """What the lines give, which is the same however they are handed in and over."""
    told = [_told(handing, lines) for handing in Handing]
    assert [each for each in told if each != told[0]] == []
    return told[0]


def _told(handing: Handing, lines: Sequence[bytes]) -> list[str]:
    log = FoldedLog(handing)
    log.add(*lines)
    return log.told()
