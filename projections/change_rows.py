"""What a change of a thread's log shows: the turns that its lines touched, and the items that they made.

The journal keeps places only, so a change is shown as the thread is when somebody asks: an item that later
lines replaced shows what they made of it, and one that a rollback took away is left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby
from typing import Any

from domain.changes import Change, Span
from domain.errors import StaleIndex
from domain.history.rows import ItemLine, TurnRow
from domain.limits import CHANGE_ITEMS_MAX, CHANGE_ITEMS_SIZE_MAX, CHANGE_TURNS_MAX
from domain.log import OpenLog
from domain.views import ItemsView, render_turn
from projections.changes import journal
from projections.content import items_of
from projections.plans import Plan, Statement

TURN = ", ".join(TurnRow._fields)
LINE = ", ".join(ItemLine._fields)

KEYS = (
    "SELECT DISTINCT seq, position FROM item_line WHERE file_id = ? AND seq BETWEEN ? AND ? "
    "AND at >= ? AND at < ? ORDER BY seq, position LIMIT ?"
)

Json = dict[str, Any]
Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ChangeRows:
    """The rows of a change, and the path of its file; no path when the file is known no more.

    `is_whole` tells whether these are all turns and items: those of a large change are left out.
    """

    path: str | None
    turns: Sequence[TurnRow] = ()
    lines: Sequence[ItemLine] = ()
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """A change as clients see it: turns without items, and items each with the id of its turn."""

    path: str | None
    turns: list[Json]
    items: list[Json]
    is_whole: bool


def change_rows(change: Change, index_id: str) -> Plan[ChangeRows]:
    """The rows of a change as they are now; StaleIndex when this is another index than the change's."""
    if (yield from journal()).index_id != index_id:
        raise StaleIndex
    found = yield Statement("SELECT path FROM rollout_file WHERE file_id = ?", (change.file_id,))
    path = found[0][0] if found else None
    if change.span is None:
        return ChangeRows(path)
    if path is None or change.touched.count > CHANGE_TURNS_MAX:
        return ChangeRows(path, is_whole=False)
    turns = yield from _turns(change)
    lines, is_whole = yield from _lines(change, change.span)
    return ChangeRows(path, turns, lines, is_whole)


def show(rows: ChangeRows, source: OpenLog) -> ChangeShown:
    """The change with what its lines say; StaleIndex when other bytes stand there by now."""
    return replace(without_items(rows, is_whole=rows.is_whole), items=list(_items(source, rows)))


def without_items(rows: ChangeRows, *, is_whole: bool) -> ChangeShown:
    """The change without what its lines say: it made no items, or they cannot be read."""
    turns = [render_turn(turn, [], ItemsView.NOT_LOADED) for turn in rows.turns]
    return ChangeShown(rows.path, turns, [], is_whole)


def _turns(change: Change) -> Plan[list[TurnRow]]:
    found = []
    for first, last in change.touched.seqs:
        sql = f"SELECT {TURN} FROM turn WHERE file_id = ? AND seq BETWEEN ? AND ? ORDER BY seq"  # noqa: S608
        rows = yield Statement(sql, (change.file_id, first, last))
        found += [TurnRow(*row) for row in rows]
    return found


def _lines(change: Change, span: Span) -> Plan[tuple[list[ItemLine], bool]]:
    """The lines of the items that have a line in the span; none, and false, when that is too much."""
    keys: list[Key] = []
    for first, last in change.touched.seqs:
        left = CHANGE_ITEMS_MAX + 1 - len(keys)
        rows = yield Statement(KEYS, (change.file_id, first, last, span.start, span.end, left))
        keys += [(seq, position) for seq, position in rows]
    if not keys:
        return [], True
    if len(keys) > CHANGE_ITEMS_MAX:
        return [], False
    marks = ", ".join(["(?, ?)"] * len(keys))
    rows = yield Statement(
        f"SELECT {LINE} FROM item_line WHERE file_id = ? AND (seq, position) IN (VALUES {marks}) "  # noqa: S608
        "ORDER BY seq, position, part",
        (change.file_id, *chain.from_iterable(keys)),
    )
    lines = [ItemLine(*row) for row in rows]
    is_whole = sum(line.size for line in lines) <= CHANGE_ITEMS_SIZE_MAX
    return (lines, True) if is_whole else ([], False)


def _items(source: OpenLog, rows: ChangeRows) -> Iterator[Json]:
    turn_ids = {turn.seq: turn.turn_id for turn in rows.turns}
    for seq, lines in groupby(rows.lines, key=lambda line: line.seq):
        for _, item in items_of(source, list(lines)):
            yield {"turnId": turn_ids[seq], "item": item}
