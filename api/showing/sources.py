"""The thread that a resume or a fork begins from: named by its id, or by the path of its file."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from api.context import Context
from api.showing.named_paths import place_at
from api.showing.shown import Shown, shown
from api.wire.connection import Connection, Params
from domain.errors import RolloutNotFound, ThreadNotLoaded
from domain.events import Payload
from domain.ids import parse_thread_id
from domain.log import OpenLog, RolloutPlace
from domain.session.token_usage import TokenUsage, token_usage_params
from projections.content import line_payload
from projections.thread_pages import ThreadRecord
from rollout.ending import last_token_usage, last_turn_context


@dataclass(frozen=True, slots=True)
class LogEnds:
    """What the first and the last lines of a log say: its head, its last turn's settings, its token usage."""

    head: Payload
    turn_context: Payload | None
    usage: TokenUsage | None


async def source_of(connection: Connection, params: Params) -> RolloutPlace:
    """The file that the parameters name: by `path`, else by `threadId` among the stored threads.

    PathNotResolved, RolloutNotFound, InvalidThreadId or UnreadableThread.
    """
    if params.get("path") is not None:
        return await place_at(connection, params)
    context = connection.context
    thread_id = parse_thread_id(params["threadId"])
    if context.live.unstored(thread_id) is not None:
        raise RolloutNotFound(str(thread_id))
    try:
        return await context.engine.find(thread_id)
    except ThreadNotLoaded:
        raise RolloutNotFound(str(thread_id)) from None


async def read_source(context: Context, place: RolloutPlace, *, with_turns: bool) -> Shown[LogEnds]:
    """The thread of a file, and the ends of its log."""
    return await shown(context, place, _ends, with_turns=with_turns)


def _ends(source: OpenLog, record: ThreadRecord) -> LogEnds:
    assert record.first_meta is not None
    head = line_payload(source, record.first_meta)
    return LogEnds(head, last_turn_context(source), last_token_usage(source))


def usage_notice(connection: Connection, found: Shown[LogEnds]) -> list[partial[None]]:
    """The last known token usage, told to the connection that asked for the turns too."""
    usage = found.extra.usage
    if usage is None or found.turns is None:
        return []
    params = token_usage_params(UUID(found.thread["id"]), usage, found.turn_names)
    return [partial(connection.tell, "thread/tokenUsage/updated", params)]
