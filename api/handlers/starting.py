"""thread/start: a thread that exists in this server and is written nowhere yet."""

from dataclasses import replace
from functools import partial
from secrets import randbits
from uuid import UUID

from api.clock import now_ms, now_s
from api.configuration.settings import resolve
from api.context import Context
from api.live import LiveThread
from api.wire.connection import Connection, Followed, Params, Result
from domain.ids import new_thread_id
from domain.session.dynamic_tools import check_dynamic_tools
from domain.session.notices import deprecation_notices, policy_warnings
from domain.session.session import Session
from domain.thread.draft import Draft
from domain.times import write_milliseconds
from domain.version import PROTOCOL_RELEASE
from rollout.finding.paths import new_path


async def start(connection: Connection, params: Params) -> Followed:
    """A new thread, told to everyone."""
    context = connection.context
    session = await context.engine.files.run(resolve, params, context.engine.config, context.base)
    tools = params.get("dynamicTools") or ()
    check_dynamic_tools(tools)
    draft = replace(
        begin_draft(connection, params, session),
        thread_source=params.get("threadSource"),
        dynamic_tools=tools,
    )
    thread_id = UUID(draft.id)
    is_ephemeral: bool = params.get("ephemeral", False)
    path = None if is_ephemeral else new_path(context.engine.home, thread_id)
    live = LiveThread(thread_id, session, path, begun_facts(draft, path), draft)
    context.live.add(live)
    context.hub.subscribe(connection, thread_id)
    for method, told in deprecation_notices(params):
        connection.tell(method, told)
    thread = live.thread_object()
    return Followed({"thread": thread} | session.answer(), announcements(context, live, thread, session))


def announcements(
    context: Context, live: LiveThread, thread: Result, session: Session
) -> list[partial[None]]:
    """What is told behind the answer that brought a thread into being."""
    hub, thread_id = context.hub, live.thread_id
    warnings = policy_warnings(str(thread_id), session.approval_policy)
    return [
        partial(hub.tell_all, "thread/started", {"thread": thread}),
        *(partial(hub.tell_subscribers, thread_id, method, told) for method, told in warnings),
    ]


def begin_draft(connection: Connection, params: Params, session: Session) -> Draft:
    """The first line of a thread that begins now, by what every beginning says."""
    started_ms = now_ms()
    return Draft(
        id=str(new_thread_id(started_ms, randbits(74))),
        timestamp=write_milliseconds(started_ms),
        cwd=session.cwd,
        originator=connection.client_name,
        model_provider=session.model_provider,
        base_instructions=params.get("baseInstructions"),
    )


def begun_facts(draft: Draft, path: str | None) -> Result:
    """The Thread object of a thread that no file tells yet."""
    return {
        "id": draft.id,
        "sessionId": draft.id,
        "forkedFromId": draft.forked_from_id,
        "preview": "",
        "ephemeral": path is None,
        "modelProvider": draft.model_provider,
        "createdAt": now_s(),
        "updatedAt": now_s(),
        "path": path,
        "cwd": draft.cwd,
        "cliVersion": PROTOCOL_RELEASE,
        "source": draft.source,
        "threadSource": draft.thread_source,
        "agentNickname": None,
        "agentRole": None,
        "gitInfo": None,
        "name": None,
        "turns": [],
    }
