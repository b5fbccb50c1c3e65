"""A stored thread as answers show it: its Thread object, its turns if asked, and what else its log says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from api.context import Context
from api.showing.stored import refuse_empty, refuse_headless, stored_facts, stored_object
from api.wire.connection import InPieces, Result
from api.wire.jsonrpc import Pieces
from domain.cursors import SortDirection
from domain.history.rows import TurnStatus
from domain.log import OpenLog, RolloutPlace
from domain.session.token_usage import TurnName
from domain.views import STATUS_NAMES, ItemsView
from projections.content import turns_in_pieces
from projections.pages import TurnPage, turn_page
from projections.plans import Plan
from projections.thread_pages import ThreadRecord, thread_record

Extra = TypeVar("Extra")
Look = Callable[[OpenLog, ThreadRecord], Extra]


@dataclass(frozen=True, slots=True)
class Shown(Generic[Extra]):
    """A thread without turns, the facts it is made of, its turns in pieces, and what `look` found.

    `turn_names` are the ids and states of its turns, where these are asked for.
    """

    thread: Result
    facts: dict[str, Any]
    turns: Pieces | None
    extra: Extra
    turn_names: Sequence[TurnName] = ()

    def answer(self, more: Mapping[str, Any] | None = None) -> Result | InPieces:
        """`{thread}` with these members beside it."""
        told = dict(more or {})
        if self.turns is None:
            return {"thread": self.thread} | told
        return InPieces({"thread": self.thread | {"turns": self.turns.fragment}} | told, self.turns)


def nothing(source: OpenLog, record: ThreadRecord) -> None:
    """Look at nothing more."""


async def shown(
    context: Context, place: RolloutPlace, look: Look[Extra], *, with_turns: bool, needs_head: bool = True
) -> Shown[Extra]:
    """The thread of this file as of now.

    UnreadableThread when no line tells what thread it is and a head is needed; without one a thread that has
    a preview shows what its file's name tells (case read-damaged).
    """
    names = await context.engine.files.refresh_names()

    def plan(file_id: int) -> Plan[tuple[ThreadRecord, TurnPage]]:
        record = yield from thread_record(file_id)
        if not with_turns or not record.is_readable:
            return record, TurnPage((), has_more=False)
        return record, (yield from turn_page(file_id, None, None, SortDirection.ASCENDING, ItemsView.FULL))

    def make(source: OpenLog, found: tuple[ThreadRecord, TurnPage]) -> Shown[Extra]:
        record, page = found
        if needs_head:
            refuse_headless(record)
        elif with_turns or not record.row.preview:
            refuse_empty(record)
        facts = stored_facts(source, record)
        thread = stored_object(record, facts, context, names)
        turns = Pieces(list(turns_in_pieces(source, page.turns, ItemsView.FULL))) if with_turns else None
        named = [TurnName(one.turn.turn_id, STATUS_NAMES[TurnStatus(one.turn.status)]) for one in page.turns]
        return Shown(thread, facts, turns, look(source, record), named)

    return await context.engine.answer_at(place, plan, make)
