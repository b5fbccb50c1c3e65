"""thread/read, thread/turns/list, thread/turns/items/list: one thread's history, in whole or by pages."""

from collections.abc import Iterable

import orjson

from api.clock import now_s
from api.showing.shown import nothing, shown
from api.showing.stored import refuse_empty
from api.wire.connection import Connection, InPieces, Params, Result
from domain.cursors import ItemCursor, SortDirection, TurnCursor
from domain.ids import parse_thread_id
from domain.limits import PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX, TURN_PAGE_SIZE_MAX
from domain.log import OpenLog
from domain.views import ItemsView
from projections.content import items_of, turns_json
from projections.pages import ItemPage, TurnPage, item_page, turn_page
from projections.plans import Plan
from projections.thread_pages import ThreadRecord, thread_record


def page_size(params: Params) -> int:
    """How many rows a page has: 25 unless asked, clamped into 1 to 100."""
    size: int = params.get("limit", PAGE_SIZE_DEFAULT)
    return max(1, min(size, PAGE_SIZE_MAX))


async def turns_list(connection: Connection, params: Params) -> Result:
    """A page of turns, newest first unless asked."""
    thread_id = parse_thread_id(params["threadId"])
    connection.context.live.refuse_unstored(thread_id, "thread/turns/list")
    direction = SortDirection(params.get("sortDirection", "desc"))
    view = ItemsView(params.get("itemsView", "summary"))

    def plan(file_id: int) -> Plan[tuple[ThreadRecord, TurnPage]]:
        record = yield from thread_record(file_id)
        if not record.is_readable:
            return record, TurnPage((), has_more=False)
        return record, (
            yield from turn_page(file_id, params.get("cursor"), page_size(params), direction, view)
        )

    def make(source: OpenLog, found: tuple[ThreadRecord, TurnPage]) -> Result:
        record, page = found
        refuse_empty(record)
        parts = _fitting(turns_json(source, [found], view)[1:-1] for found in page.turns)
        turns = [found.turn.turn_id for found in page.turns[: len(parts)]]
        has_more = page.has_more or len(parts) < len(page.turns)
        return {
            "data": _list_of(parts),
            "nextCursor": TurnCursor(turns[-1], include_anchor=False).text() if has_more else None,
            "backwardsCursor": TurnCursor(turns[0], include_anchor=True).text() if turns else None,
        }

    return await connection.context.engine.answer(thread_id, plan, make)


async def items_list(connection: Connection, params: Params) -> Result:
    """A page of one turn's items, oldest first unless asked."""
    thread_id = parse_thread_id(params["threadId"])
    connection.context.live.refuse_unstored(thread_id, "thread/turns/items/list")
    direction = SortDirection(params.get("sortDirection", "asc"))

    def plan(file_id: int) -> Plan[ItemPage]:
        return item_page(file_id, params["turnId"], params.get("cursor"), page_size(params), direction)

    def make(source: OpenLog, page: ItemPage) -> Result:
        items = {line.position: None for line in page.lines}
        parts = _fitting(orjson.dumps(item) for _, item in items_of(source, page.lines))
        places = [*items][: len(parts)]
        has_more = page.has_more or len(parts) < len(items)
        return {
            "data": _list_of(parts),
            "nextCursor": ItemCursor(places[-1], include_anchor=False).text() if has_more else None,
            "backwardsCursor": ItemCursor(places[0], include_anchor=True).text() if places else None,
        }

    return await connection.context.engine.answer(thread_id, plan, make)


def _fitting(parts: Iterable[bytes]) -> list[bytes]:
    """As many of these as stand in one page: at least one, then as long as all are small together."""
    fitting: list[bytes] = []
    size = 0
    for part in parts:
        size += len(part)
        if size > TURN_PAGE_SIZE_MAX and fitting:
            break
        fitting.append(part)
    return fitting


def _list_of(parts: Iterable[bytes]) -> orjson.Fragment:
    return orjson.Fragment(b"[%b]" % b",".join(parts))


async def read(connection: Connection, params: Params) -> Result | InPieces:
    """One thread, with all its turns if asked."""
    thread_id = parse_thread_id(params["threadId"])
    context = connection.context
    with_turns: bool = params.get("includeTurns", False)
    live = context.live.unstored(thread_id)
    if live is not None:
        if with_turns:
            context.live.refuse_unstored(thread_id, "includeTurns")
        return {"thread": live.thread_object(now_s())}
    place = await context.engine.find(thread_id)
    found = await shown(context, place, nothing, with_turns=with_turns, needs_head=False)
    return found.answer()
