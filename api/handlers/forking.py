"""thread/fork: a new thread that begins with the history of another."""

from asyncio import to_thread
from dataclasses import replace
from uuid import UUID

import orjson

from api.clock import now_text
from api.commanding.branching import write_branch
from api.commanding.storing import first_line
from api.configuration.settings import check_session_params, resolve
from api.context import Context
from api.handlers.starting import announcements, begin_draft, begun_facts
from api.live import LiveThread
from api.showing.shown import Shown
from api.showing.sources import LogEnds, read_source, source_of, usage_notice
from api.wire.connection import Connection, Followed, Params
from domain.errors import RolloutNotFound, ThreadNotLoaded
from domain.events import Payload
from domain.history.dialect import dialect_of
from domain.history.rows import Dialect
from domain.log import RolloutPlace
from domain.session.notices import deprecation_notices
from domain.session.session import Recorded, Session
from domain.thread.draft import Draft
from rollout.finding.paths import new_path
from rollout.writing.copying import copy_log


async def fork(connection: Connection, params: Params) -> Followed:
    """A new thread with the history of another, written at once unless it is ephemeral."""
    check_session_params(params)
    context = connection.context
    place = await source_of(connection, params)
    is_ephemeral: bool = params.get("ephemeral", False)
    with_turns = not params.get("excludeTurns", False)
    source = await read_source(context, place, with_turns=with_turns and is_ephemeral)
    base = replace(context.base, recorded=Recorded.forked(source.facts))
    session = await context.engine.files.run(resolve, params, context.engine.config, base)
    draft, path = _draft(connection, params, source, session, is_ephemeral=is_ephemeral)
    if path is None:
        found = _ephemeral(draft, source)
    else:
        await _write(context, place, source.extra.head, draft, path)
        found = await _written(context, draft, path, with_turns=with_turns)
    return _answer(connection, params, found, session, path)


def _draft(
    connection: Connection, params: Params, source: Shown[LogEnds], session: Session, *, is_ephemeral: bool
) -> tuple[Draft, str | None]:
    """The first line of the fork, and where it goes: instructions and tools are those of the source."""
    instructions = source.extra.head.get("base_instructions") or {}
    draft = replace(
        begin_draft(connection, params, session),
        forked_from_id=source.thread["id"],
        thread_source=params.get("threadSource"),
        base_instructions=params.get("baseInstructions", instructions.get("text")),
        dynamic_tools=source.extra.head.get("dynamic_tools") or (),
    )
    home = connection.context.engine.home
    return draft, None if is_ephemeral else new_path(home, UUID(draft.id))


async def _write(
    context: Context, place: RolloutPlace, source_head: Payload, draft: Draft, path: str
) -> None:
    """The log of the fork: a paginated one goes on from its source's, a legacy one begins with a copy."""
    try:
        if dialect_of(source_head) is Dialect.PAGINATED:
            await write_branch(context, place, source_head, draft, path)
        else:
            await _copy(context, place, draft, path)
    except (FileNotFoundError, ThreadNotLoaded):
        raise RolloutNotFound(draft.forked_from_id or "") from None


async def _copy(context: Context, place: RolloutPlace, draft: Draft, path: str) -> None:
    now = now_text()
    head = {"timestamp": now, "type": "session_meta", "payload": await first_line(context, draft)}
    await to_thread(copy_log, place.path, path, orjson.dumps(head), now, context.durability)


async def _written(context: Context, draft: Draft, path: str, *, with_turns: bool) -> Shown[LogEnds]:
    context.engine.wrote([path])
    fork = await context.engine.files.place(path, UUID(draft.id))
    assert fork is not None
    return await read_source(context, fork, with_turns=with_turns)


def _ephemeral(draft: Draft, source: Shown[LogEnds]) -> Shown[LogEnds]:
    """A fork that is held in memory alone: the turns of its source as they are now."""
    facts = begun_facts(draft, None) | {"preview": source.thread["preview"]}
    return replace(source, thread=facts)


def _answer(
    connection: Connection, params: Params, found: Shown[LogEnds], session: Session, path: str | None
) -> Followed:
    context = connection.context
    thread_id = UUID(found.thread["id"])
    thread = found.thread | {"turns": []}
    live = LiveThread(thread_id, session, path, thread)
    context.live.add(live)
    context.hub.subscribe(connection, thread_id)
    for method, told in deprecation_notices(params):
        connection.tell(method, told)
    thread = thread | {"status": live.status}
    return Followed(
        replace(found, thread=thread).answer(session.answer()),
        [*usage_notice(connection, found), *announcements(context, live, thread, session)],
    )
