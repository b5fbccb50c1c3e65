"""thread/archive and thread/unarchive: where a thread's files lie."""

import time
from asyncio import to_thread
from collections.abc import Callable
from functools import partial
from uuid import UUID

from api.clock import now_ms
from api.context import Context
from api.live import NOT_LOADED
from api.showing.shown import nothing, shown
from api.wire.connection import Connection, Followed, Params
from domain.errors import (
    ArchivedRolloutNotFound,
    RolloutNotFound,
    ThreadNotLoaded,
    ThreadstoreError,
    UnreadableUnarchived,
)
from domain.ids import parse_thread_id
from domain.log import RolloutPlace
from projections.thread_pages import children_of
from rollout.finding.home import Home
from rollout.writing.moving import archive_logs, unarchive_logs
from rollout.writing.thread_locks import ThreadLocks


async def archive(connection: Connection, params: Params) -> Followed:
    """Move a thread to the archive, and with it the threads that it spawned; everyone is told of each."""
    thread_id = parse_thread_id(params["threadId"])
    context = connection.context
    await _archive(context, thread_id)
    archived = [thread_id]
    for descendant in reversed(await _descendants(context, thread_id)):
        try:
            await _archive(context, descendant)
        except ThreadstoreError:  # it is archived already, or gone: the others go on
            continue
        archived.append(descendant)
    told = [{"threadId": str(one)} for one in archived]
    return Followed({}, [partial(context.hub.tell_all, "thread/archived", one) for one in told])


async def unarchive(connection: Connection, params: Params) -> Followed:
    """Move a thread back under its day; everyone is told."""
    thread_id = parse_thread_id(params["threadId"])
    context = connection.context
    place = await _found(context, thread_id)
    if place is None or not place.is_archived:
        raise ArchivedRolloutNotFound(str(thread_id))
    former = (await _with_others(context, place))[::-1]
    now_seconds = time.time()
    paths = await to_thread(
        _locked,
        context,
        thread_id,
        lambda home: unarchive_logs(home, former, now_seconds, context.durability),
    )
    await to_thread(context.notes.unarchive, thread_id, now_ms())
    context.engine.wrote([*former, *paths])
    path = paths[0]
    now = await context.engine.files.place(path, place.thread_id)
    if now is None:
        raise UnreadableUnarchived(path)
    found = await shown(context, now, nothing, with_turns=False)
    if not found.thread["preview"]:
        raise UnreadableUnarchived(path)
    told = {"threadId": str(thread_id)}
    return Followed(found.answer(), [partial(context.hub.tell_all, "thread/unarchived", told)])


async def _archive(context: Context, thread_id: UUID) -> None:
    place = None if context.live.unstored(thread_id) else await _found(context, thread_id)
    if place is None or place.is_archived:
        raise RolloutNotFound(str(thread_id))
    former = await _with_others(context, place)
    paths = await to_thread(
        _locked, context, thread_id, lambda home: archive_logs(home, former, context.durability)
    )
    unload(context, thread_id)
    await to_thread(context.notes.archive, thread_id, now_ms())
    context.engine.wrote([*former, *paths])


def _locked(context: Context, thread_id: UUID, move: Callable[[Home], list[str]]) -> list[str]:
    """Move files of a thread that no other program keeps; ActiveWriter when one does."""
    with ThreadLocks(context.engine.home).held(thread_id):
        return move(context.engine.home)


async def _with_others(context: Context, place: RolloutPlace) -> list[str]:
    """The paths of the thread's logs that lie where its current one does, which is the last."""
    logs = await context.engine.files.logs_of(place.thread_id)
    others = [log.path for log in logs if log.is_archived is place.is_archived and log.path != place.path]
    return [*others, place.path]


def unload(context: Context, thread_id: UUID) -> None:
    """Hold a thread no more, and tell everyone."""
    if context.live.remove(thread_id) is None:
        return
    context.hub.forget(thread_id)
    context.paths.release(thread_id)
    told = {"threadId": str(thread_id), "status": NOT_LOADED}
    context.hub.tell_all("thread/status/changed", told)


async def _found(context: Context, thread_id: UUID) -> RolloutPlace | None:
    try:
        return await context.engine.find(thread_id)
    except ThreadNotLoaded:
        return None


async def _descendants(context: Context, thread_id: UUID) -> list[UUID]:
    """The threads that were spawned by this one or by one of its own, each behind the one that spawned it."""
    await context.engine.reconciler.read_all(archived=False)
    found: list[UUID] = []
    waiting = [thread_id]
    while waiting:
        parent = waiting.pop(0)
        children = await context.engine.keeper.ask(children_of(str(parent)))
        new = [child for child in map(UUID, children) if child not in found and child != thread_id]
        found += new
        waiting += new
    return found
