"""thread/name/set, thread/metadata/update, thread/memoryMode/set: what is remembered of a thread."""

import time
from asyncio import to_thread
from functools import partial
from uuid import UUID

from api.clock import now_ms, now_text
from api.context import Context
from api.showing.shown import nothing, shown
from api.wire.connection import Connection, Followed, InPieces, Params, Result
from domain.errors import (
    EmptyGitInfo,
    EphemeralMetadata,
    MustNotBeEmpty,
    RolloutNotFound,
    ThreadNotFound,
    ThreadNotLoaded,
)
from domain.ids import parse_thread_id
from domain.log import RolloutPlace
from domain.text import is_blank, trim
from domain.thread.thread_name import thread_name
from projections.thread_pages import title_at
from rollout.writing.naming import NameEntry

GIT_NAMES = {"sha": "commit_hash", "branch": "branch", "originUrl": "repository_url"}
"""Git facts at the wire, and in the log."""


async def set_name(connection: Connection, params: Params) -> Followed:
    """Name a thread; everyone is told."""
    thread_id = parse_thread_id(params["threadId"])
    name = thread_name(params["name"])
    context = connection.context
    place = await stored_place(context, thread_id, is_active=True)
    await context.engine.keeper.renew_rows([place])
    if await context.engine.keeper.ask(title_at(place.path)):
        await to_thread(context.notes.note_name, thread_id, now_ms())
    await context.names.run("names", NameEntry(thread_id, name, time.time_ns()))
    told = {"threadId": str(thread_id), "threadName": name}
    return Followed({}, [partial(context.hub.tell_all, "thread/name/updated", told)])


async def update_metadata(connection: Connection, params: Params) -> Result | InPieces:
    """Replace or clear git facts; answers the thread with the merged ones."""
    thread_id = parse_thread_id(params["threadId"])
    changes = _git_changes(params.get("gitInfo"))
    context = connection.context
    place = await stored_place(context, thread_id, is_active=False)
    await context.commands.run(place.thread_id, lambda thread: thread.restate_git(changes, now_text()))
    context.engine.wrote([place.path])
    return (await shown(context, place, nothing, with_turns=False, needs_head=False)).answer()


async def set_memory_mode(connection: Connection, params: Params) -> Result:
    """Replace the memory mode."""
    thread_id = parse_thread_id(params["threadId"])
    mode: str = params["mode"]
    context = connection.context
    place = await stored_place(context, thread_id, is_active=True)
    await context.commands.run(place.thread_id, lambda thread: thread.restate_memory_mode(mode, now_text()))
    context.engine.wrote([place.path])
    return {}


async def stored_place(context: Context, thread_id: UUID, *, is_active: bool) -> RolloutPlace:
    """The file of a thread, stored for this if it was not; an archived one may be no place for it."""
    live = context.live.get(thread_id)
    if live is not None and live.is_ephemeral:
        raise EphemeralMetadata(str(thread_id))
    await context.materialise(thread_id)
    try:
        place = await context.place_of(thread_id)
    except ThreadNotLoaded:
        raise ThreadNotFound(str(thread_id)) from None
    if is_active and place.is_archived:
        raise RolloutNotFound(str(thread_id))
    return place


def _git_changes(asked: Params | None) -> dict[str, str | None]:
    """The git facts to be replaced, None for those to be cleared, by their names in the log."""
    told = {name: value for name, value in (asked or {}).items() if name in GIT_NAMES}
    if not told:
        raise EmptyGitInfo
    for name in GIT_NAMES:
        value = told.get(name)
        if value is not None and is_blank(value):
            raise MustNotBeEmpty(f"gitInfo.{name}")
    return {GIT_NAMES[name]: None if value is None else trim(value) for name, value in told.items()}
