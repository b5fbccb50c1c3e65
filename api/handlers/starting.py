"""thread/start: a thread that exists in this server and is written nowhere yet."""

from functools import partial
from secrets import randbits
from uuid import UUID

from api.clock import local_time, now_ms, now_s
from api.connection import Connection, Followed, Params, Result
from api.context import Context
from api.live import LiveThread
from api.settings import resolve
from domain.draft import Draft
from domain.dynamic_tools import check_dynamic_tools
from domain.ids import new_thread_id
from domain.notices import deprecation_notices, policy_warnings
from domain.rollout_name import write_rollout_name
from domain.session import Session
from domain.times import write_milliseconds
from domain.version import PROTOCOL_RELEASE
from rollout.home import Home


async def start(connection: Connection, params: Params) -> Followed:
    """A new thread, told to everyone."""
    context = connection.context
    session = await context.engine.files.run(resolve, params, context.engine.config, context.base)
    tools = params.get("dynamicTools") or ()
    check_dynamic_tools(tools)
    thread_id, started_ms = new_id()
    draft = Draft(
        id=str(thread_id),
        timestamp=write_milliseconds(started_ms),
        cwd=session.cwd,
        originator=connection.client_name,
        model_provider=session.model_provider,
        thread_source=params.get("threadSource"),
        base_instructions=params.get("baseInstructions"),
        dynamic_tools=tools,
    )
    is_ephemeral: bool = params.get("ephemeral", False)
    path = None if is_ephemeral else new_path(context.engine.home, thread_id, started_ms)
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


def new_id() -> tuple[UUID, int]:
    """The id of a new thread, and the moment in it, in milliseconds since 1970."""
    started_ms = now_ms()
    return new_thread_id(started_ms, randbits(74)), started_ms


def new_path(home: Home, thread_id: UUID, started_ms: int) -> str:
    """Where the file of a thread that starts at this moment goes, by the writer's clock."""
    local = local_time(started_ms)
    return str(home.sessions / f"{local:%Y/%m/%d}" / write_rollout_name(local, thread_id))


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
