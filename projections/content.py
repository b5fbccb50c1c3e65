"""Turns and items as JSON, from the lines of the log that their rows name.

A range is trusted only when its bytes have the checksum that was stored for them; otherwise the file
was changed behind our back, and StaleIndex has it folded anew.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any
from zlib import crc32

import orjson

from domain.errors import StaleIndex
from domain.history.rows import ItemLine, LinePlace, TurnRow
from domain.items.render import render_item
from domain.items.turn_error import turn_error
from domain.lines import parse_at
from domain.log import OpenLog
from domain.views import ItemsView, render_turn, summary_order
from projections.pages import ItemPage, TurnLines

PIECE_TURNS = 100
"""Turns made at once where there are many: some hundred kilobytes of JSON."""


def turns_json(source: OpenLog, turns: Sequence[TurnLines], view: ItemsView) -> bytes:
    """The list of turns in this view."""
    return b"".join(turns_in_pieces(source, turns, view))


def turns_in_pieces(source: OpenLog, turns: Sequence[TurnLines], view: ItemsView) -> Iterator[bytes]:
    """The list of turns in this view, some at a time."""
    yield b"["
    for start in range(0, len(turns), PIECE_TURNS):
        some = [orjson.dumps(_turn(source, turn, view)) for turn in turns[start : start + PIECE_TURNS]]
        yield (b"," if start else b"") + b",".join(some)
    yield b"]"


def items_json(source: OpenLog, page: ItemPage) -> bytes:
    """The list of items of a page."""
    return orjson.dumps([item for _, item in items_of(source, page.lines)])


def _turn(source: OpenLog, found: TurnLines, view: ItemsView) -> dict[str, Any]:
    items = dict(items_of(source, found.lines))
    order = summary_order(found.turn) if view is ItemsView.SUMMARY else sorted(items)
    shown = [items[position] for position in order if position in items]
    return render_turn(found.turn, shown, view, _error(source, found.turn))


def _error(source: OpenLog, turn: TurnRow) -> dict[str, Any] | None:
    """Why the turn failed, if its log tells; every view shows it."""
    if turn.error_at is None or turn.error_size is None or turn.error_crc is None:
        return None
    return turn_error(line_payload(source, LinePlace(turn.error_at, turn.error_size, turn.error_crc)))


def items_of(source: OpenLog, lines: Sequence[ItemLine]) -> Iterable[tuple[int, dict[str, Any]]]:
    """Each item of a turn with its position, in the order of the lines."""
    for position, group in groupby(lines, key=lambda line: line.position):
        parts = list(group)
        first = parts[0]
        item_id = f"item-{first.number}" if first.number is not None else first.item_id or ""
        yield position, render_item(first.kind, item_id, [_payload(source, part) for part in parts])


def _payload(source: OpenLog, line: ItemLine) -> dict[str, Any]:
    return line_payload(source, LinePlace(line.at, line.size, line.crc))


def line_payload(source: OpenLog, place: LinePlace) -> dict[str, Any]:
    """The payload of the kept line at this place; StaleIndex when other bytes stand there now."""
    raw = source.read(place.at, place.size)
    value = parse_at(place.at, raw) if len(raw) == place.size and crc32(raw) == place.crc else None
    if value is None:
        raise StaleIndex
    payload: dict[str, Any] = value["payload"]
    return payload
