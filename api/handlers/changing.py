"""thread/rollback and thread/inject_items: lines for a loaded thread."""

from asyncio import create_task
from uuid import UUID

from api.clock import now_text
from api.context import Context
from api.live import SYSTEM_ERROR, LiveThread
from api.showing.shown import nothing, shown
from api.wire.connection import Connection, InPieces, Params, Result
from api.wire.lanes import release_lane
from api.wire.schemas.items import RESPONSE_ITEM
from api.wire.validation import complaint
from domain.errors import (
    MustNotBeEmpty,
    RollbackFailed,
    ThreadNotFound,
    ThreadNotLoaded,
    TooFewTurns,
    UnfitResponseItem,
)
from domain.ids import parse_thread_id
from domain.log import RolloutPlace
from domain.policy import LIMITED
from domain.session.token_usage import recomputed_payload, token_usage_params
from rollout.ending import last_token_usage


async def roll_back(connection: Connection, params: Params) -> Result | InPieces:
    """Take the last turns of a loaded thread away; answers those that stay."""
    count: int = params["numTurns"]
    if count < 1:
        raise TooFewTurns
    thread_id = parse_thread_id(params["threadId"])
    context = connection.context
    live = loaded(context, thread_id)
    place = await _history_of(context, live)
    usage = await context.engine.files.read(place.path, last_token_usage)
    payload = recomputed_payload(usage)
    await context.commands.run(place.thread_id, lambda thread: thread.roll_back(count, payload, now_text()))
    context.engine.wrote([place.path])
    found = await shown(context, place, nothing, with_turns=True)
    usage = await context.engine.files.read(place.path, last_token_usage)
    if usage is not None:
        told = token_usage_params(thread_id, usage, found.turn_names)
        context.hub.tell_subscribers(thread_id, "thread/tokenUsage/updated", told)
    return found.answer()


async def inject_items(connection: Connection, params: Params) -> Result:
    """Add response items to a loaded thread."""
    thread_id = parse_thread_id(params["threadId"])
    context = connection.context
    loaded(context, thread_id)
    items = params["items"]
    if not items:
        raise MustNotBeEmpty("items")
    for place, item in enumerate(items):
        why = complaint(RESPONSE_ITEM, item)
        if why:
            raise UnfitResponseItem(place, why)
    kept = known_items(items)
    live = loaded(context, thread_id)
    if live.is_ephemeral:
        return {}
    await context.materialise(thread_id)
    where = await context.place_of(thread_id)
    if kept:
        saving = create_task(
            context.commands.run(where.thread_id, lambda thread: thread.inject(kept, now_text()))
        )
        release_lane()
        await saving
        context.engine.wrote([where.path])
    return {}


def known_items(items: list[Params]) -> list[Params]:
    """The response items that a log holds; those of unknown types are accepted and not written."""
    return [item for item in items if f"response_item:{item['type']}" in LIMITED]


def loaded(context: Context, thread_id: UUID) -> LiveThread:
    """The loaded thread; ThreadNotFound for every other."""
    live = context.live.get(thread_id)
    if live is None:
        raise ThreadNotFound(str(thread_id))
    return live


async def _history_of(context: Context, live: LiveThread) -> RolloutPlace:
    """The file of a loaded thread; one that is not stored has failed, as in release 0.131.0."""
    try:
        if live.is_stored:
            return await context.place_of(live.thread_id)
    except ThreadNotLoaded:
        pass
    live.status = SYSTEM_ERROR
    told = {"threadId": str(live.thread_id), "status": SYSTEM_ERROR}
    context.hub.tell_all("thread/status/changed", told)
    raise RollbackFailed(live.path or "")
