"""Pages of turns and of items, by their keys: what a page costs depends on the page alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from domain.cursors import ItemCursor, SortDirection, read_item_cursor, read_turn_cursor
from domain.errors import AnchorGone, StaleIndex, TurnNotFound, UnknownHistoryMode
from domain.history.rows import Dialect, ItemLine, TurnRow
from domain.views import ItemsView
from projections.plans import Plan, Statement

TURN = ", ".join(f"page.{name}" for name in TurnRow._fields)
LINE = ", ".join(f"line.{name}" for name in ItemLine._fields)
TURN_WIDTH = len(TurnRow._fields)

BY_ID = "FROM turn INDEXED BY turn_by_id WHERE file_id = ? AND turn_id = ? AND seq >= 0 ORDER BY seq LIMIT 1"
"""The first turn with an id. Left alone, SQLite would walk all turns in their order."""

BORN = "AND seq >= 0"
"""Leaves out the turns of which only items were seen (`TurnRow`)."""

JOINS = {
    ItemsView.NOT_LOADED: "",
    ItemsView.SUMMARY: (
        "LEFT JOIN item_line AS line ON line.file_id = page.file_id AND line.seq = page.seq "
        "AND line.position IN (page.summary_first, page.summary_second)"
    ),
    ItemsView.FULL: "LEFT JOIN item_line AS line ON line.file_id = page.file_id AND line.seq = page.seq",
}
"""Which item lines a view reads."""

ORDERS = {
    SortDirection.ASCENDING: ("ASC", ">", ">="),
    SortDirection.DESCENDING: ("DESC", "<", "<="),
}
"""Direction of the keys, and what lies behind an anchor without and with it."""


@dataclass(frozen=True, slots=True)
class TurnLines:
    """A turn and the lines of the items that its view shows."""

    turn: TurnRow
    lines: Sequence[ItemLine]


@dataclass(frozen=True, slots=True)
class TurnPage:
    """A page of turns; `has_more` tells whether turns follow in its direction."""

    turns: Sequence[TurnLines]
    has_more: bool


@dataclass(frozen=True, slots=True)
class ItemPage:
    """A page of one turn's items: their lines, position by position."""

    turn: TurnRow
    lines: Sequence[ItemLine]
    has_more: bool


def turn_page(
    file_id: int, cursor_text: str | None, limit: int | None, direction: SortDirection, view: ItemsView
) -> Plan[TurnPage]:
    """The page behind a cursor; AnchorGone when its turn is no more, StaleIndex when the file's rows are.

    Without turns the cursor is not looked at (case page-empty-thread); without a limit all are given.
    """
    last = yield Statement(
        "SELECT next_seq - 1 + is_open, dialect FROM history WHERE file_id = ?", (file_id,)
    )
    if not last:
        raise StaleIndex
    last_seq: int = last[0][0]
    refuse_unknown(last[0][1])
    if last_seq < 0:
        return TurnPage((), has_more=False)
    order, behind, from_anchor = ORDERS[direction]
    where, parameters = BORN, [file_id]
    if cursor_text is not None:
        cursor = read_turn_cursor(cursor_text)
        sql = f"SELECT seq {BY_ID}"
        anchor = yield Statement(sql, (file_id, cursor.turn_id))
        if not anchor:
            raise AnchorGone("turn")
        is_up = direction is SortDirection.ASCENDING  # with two lower bounds SQLite would look for the lesser
        born = "" if is_up else BORN
        where = f"AND seq {from_anchor if cursor.include_anchor else behind} ? {born}"
        parameters.append(anchor[0][0])
    sql = (
        f"WITH page AS (SELECT * FROM turn WHERE file_id = ? {where} "  # noqa: S608
        f"ORDER BY seq {order} LIMIT ?) "
        f"SELECT {TURN}{f', {LINE}' if JOINS[view] else ''} FROM page {JOINS[view]} "
        f"ORDER BY page.seq {order}{', line.position, line.part' if JOINS[view] else ''}"
    )
    rows = yield Statement(sql, (*parameters, -1 if limit is None else limit))
    turns = _grouped(rows)
    end = last_seq if direction is SortDirection.ASCENDING else 0
    return TurnPage(turns, has_more=bool(turns) and turns[-1].turn.seq != end)


def refuse_unknown(dialect: int) -> None:
    """UnknownHistoryMode when nobody here can read such a log."""
    if dialect == Dialect.UNKNOWN:
        raise UnknownHistoryMode


def _grouped(rows: Sequence[Sequence[Any]]) -> list[TurnLines]:
    """Turns with their lines, from joined rows in page order."""
    turns = []
    for _, group in groupby(rows, key=lambda row: row[0]):
        members = [tuple(row) for row in group]
        lines = [
            ItemLine(*row[TURN_WIDTH:])
            for row in members
            if len(row) > TURN_WIDTH and row[TURN_WIDTH] is not None
        ]
        turns.append(TurnLines(TurnRow(*members[0][:TURN_WIDTH]), lines))
    return turns


def item_page(
    file_id: int, turn_id: str, cursor_text: str | None, limit: int, direction: SortDirection
) -> Plan[ItemPage]:
    """A page of the items of the first turn with this id; TurnNotFound when there is none."""
    names = ", ".join(TurnRow._fields)
    sql = f"SELECT {names} {BY_ID}"
    found = yield Statement(sql, (file_id, turn_id))
    if not found:
        if not (yield Statement("SELECT 1 FROM history WHERE file_id = ?", (file_id,))):
            raise StaleIndex
        raise TurnNotFound(turn_id)
    turn = TurnRow(*found[0])
    if not turn.item_count:
        return ItemPage(turn, (), has_more=False)
    cursor = None if cursor_text is None else read_item_cursor(cursor_text)
    start, stop = _positions(turn.item_count, cursor, limit, direction)
    names = ", ".join(ItemLine._fields)
    sql = (
        f"SELECT {names} FROM item_line WHERE file_id = ? AND seq = ? AND position >= ? AND position < ? "  # noqa: S608
        f"ORDER BY position {ORDERS[direction][0]}, part"
    )
    rows = yield Statement(sql, (file_id, turn.seq, start, stop))
    is_ascending = direction is SortDirection.ASCENDING
    return ItemPage(
        turn, [ItemLine(*row) for row in rows], stop < turn.item_count if is_ascending else start > 0
    )


def _positions(
    count: int, cursor: ItemCursor | None, limit: int, direction: SortDirection
) -> tuple[int, int]:
    """The run of positions that a page shows: they have no gaps."""
    if cursor is not None and cursor.position >= count:
        raise AnchorGone("item")
    if direction is SortDirection.ASCENDING:
        start = 0 if cursor is None else cursor.position + (not cursor.include_anchor)
        return start, min(start + limit, count)
    stop = count if cursor is None else cursor.position + cursor.include_anchor
    return max(0, stop - limit), stop
