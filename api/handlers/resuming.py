"""thread/resume: a stored thread is loaded, or a new one goes on from a given history.

A file outside the folders of the home is nobody's to write here, however it is named: what goes on is a
copy of it, a thread of its own in the home, as if a fork had been asked for. `--allow-external-rollouts`
lets the user's own clients go on in such a file where it is.
"""

from dataclasses import replace
from uuid import UUID

from api.clock import now_text
from api.commanding.storing import first_line
from api.configuration.settings import check_session_params, resolve
from api.context import Context
from api.handlers.changing import known_items
from api.handlers.forking import fork
from api.handlers.goals import goal_snapshot
from api.handlers.starting import begin_draft, begun_facts
from api.live import IDLE, LiveThread
from api.showing.named_paths import is_of_home
from api.showing.shown import Shown
from api.showing.sources import LogEnds, read_source, source_of, usage_notice
from api.wire.connection import Connection, Followed, InPieces, Params, Result
from domain.errors import AlreadyRunning, InvalidThreadId, MustNotBeEmpty, StalePath
from domain.ids import parse_thread_id
from domain.log import RolloutPlace
from domain.session.notices import deprecation_notices, policy_warnings
from domain.session.session import Recorded
from domain.thread.thread import Thread
from rollout.finding.paths import new_path


async def resume(connection: Connection, params: Params) -> Followed:
    """Load a thread; everyone is told when it was not loaded before."""
    check_session_params(params)
    if "history" in params:
        return await _resume_history(connection, params)
    context = connection.context
    place = await source_of(connection, params)
    with_turns = not params.get("excludeTurns", False)
    found = await read_source(context, place, with_turns=with_turns)
    thread_id = UUID(found.thread["id"])
    live = context.live.get(thread_id)
    if live is not None and live.path != place.path:
        raise StalePath(str(thread_id), place.path, live.path or "")
    if "path" in params and not await _may_go_on(context, place):
        return await fork(connection, params)
    is_new = live is None
    if live is None:
        live = await _load(context, params, place, found)
    context.hub.subscribe(connection, thread_id)
    _announce(connection, params, live, is_new=is_new)
    answer = _with_status(found, live).answer(live.session.answer())
    return Followed(answer, [*usage_notice(connection, found), *await goal_snapshot(context, thread_id)])


async def _may_go_on(context: Context, place: RolloutPlace) -> bool:
    """Whether the file that a client named is ours to write."""
    return context.allows_external_rollouts or await context.engine.files.run(
        is_of_home, context.engine.home, place.path
    )


async def _load(context: Context, params: Params, place: RolloutPlace, found: Shown[LogEnds]) -> LiveThread:
    recorded = Recorded.resumed(found.facts, found.extra.turn_context)
    base = replace(context.base, recorded=recorded)
    session = await context.engine.files.run(resolve, params, context.engine.config, base)
    live = LiveThread(UUID(found.thread["id"]), session, place.path, found.thread)
    context.live.add(live)
    return live


def _announce(connection: Connection, params: Params, live: LiveThread, *, is_new: bool) -> None:
    """What is told before the answer."""
    hub, thread_id = connection.context.hub, live.thread_id
    for method, told in deprecation_notices(params):
        connection.tell(method, told)
    if not is_new:
        return
    for method, told in policy_warnings(str(thread_id), live.session.approval_policy):
        hub.tell_subscribers(thread_id, method, told)
    hub.tell_all("thread/status/changed", {"threadId": str(thread_id), "status": IDLE})


def _with_status(found: Shown[LogEnds], live: LiveThread) -> Shown[LogEnds]:
    """The thread as it was read, in the state and with the settings that it has now that it is loaded."""
    told: Result = {"status": live.status, "modelProvider": live.session.model_provider}
    return replace(found, thread=found.thread | told)


async def _resume_history(connection: Connection, params: Params) -> Followed:
    """A new thread that begins with the given items, stored at once; it has no turns."""
    context = connection.context
    _refuse_running(context, params["threadId"])
    history = params["history"]
    if not history:
        raise MustNotBeEmpty("history")
    session = await context.engine.files.run(resolve, params, context.engine.config, context.base)
    draft = begin_draft(connection, params, session)
    thread_id = UUID(draft.id)
    path = new_path(context.engine.home, thread_id)
    head, items = await first_line(context, draft), known_items(history)
    await context.commands.run(
        thread_id,
        lambda thread: thread.inject(items, now_text()),
        begin=lambda: Thread.start(thread_id, head, now_text()),
    )
    context.engine.wrote([path])
    facts = begun_facts(draft, path) | {"preview": _first_text(items)}
    live = LiveThread(thread_id, session, path, facts)
    context.live.add(live)
    context.hub.subscribe(connection, thread_id)
    _announce(connection, params, live, is_new=True)
    answer: Result | InPieces = {"thread": live.thread_object()} | session.answer()
    return Followed(answer, await goal_snapshot(context, thread_id))


def _refuse_running(context: Context, text: str) -> None:
    """The id beside a history is not asked for, unless it is that of a loaded thread."""
    try:
        thread_id = parse_thread_id(text)
    except InvalidThreadId:
        return
    if context.live.get(thread_id) is not None:
        raise AlreadyRunning(str(thread_id))


def _first_text(items: list[Params]) -> str:
    """The first text of the user among response items."""
    for item in items:
        if item.get("type") == "message" and item.get("role") == "user":
            for part in item["content"]:
                if part.get("type") == "input_text" and part["text"]:
                    text: str = part["text"]
                    return text
    return ""
