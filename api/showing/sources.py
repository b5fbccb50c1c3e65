"""The thread that a resume or a fork begins from: named by its id, or by the path of its file."""

import os
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import UUID

from api.context import Context
from api.showing.shown import Shown, shown
from api.wire.connection import Connection, Params
from domain.errors import PathNotResolved, RolloutNotFound, ThreadNotLoaded, UnreadableThread
from domain.events import Payload
from domain.ids import parse_thread_id
from domain.log import OpenLog, RolloutPlace
from domain.session.token_usage import TokenUsage, token_usage_params
from projections.content import line_payload
from projections.thread_pages import ThreadRecord
from rollout.ending import last_token_usage, last_turn_context
from rollout.finding.home import Home

NIL = UUID(int=0)
"""Stands for the id of a file whose name tells none; what its log tells counts anyway."""


@dataclass(frozen=True, slots=True)
class LogEnds:
    """What the first and the last lines of a log say: its head, its last turn's settings, its token usage."""

    head: Payload
    turn_context: Payload | None
    usage: TokenUsage | None


async def source_of(context: Context, params: Params) -> RolloutPlace:
    """The file that the parameters name: by `path`, else by `threadId` among the stored threads.

    PathNotResolved, RolloutNotFound, InvalidThreadId or UnreadableThread.
    """
    path = params.get("path")
    if path is not None:
        return await _place_at(context, path)
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


def is_of_home(home: Home, path: str) -> bool:
    """Whether a file, its path without links, lies where the home keeps its threads."""
    folders = (os.path.realpath(folder) for folder in (home.sessions, home.archived))
    return any(path.startswith(f"{folder}/") for folder in folders)


async def _place_at(context: Context, path: str) -> RolloutPlace:
    """The file at a path, which starts at the home; links in it are resolved, as in release 0.131.0."""
    wanted = os.path.join(context.engine.home.root, path)  # noqa: PTH118 - the client's text stays in errors
    resolved = await context.engine.files.run(_resolved, wanted)
    place = await context.engine.files.place(resolved, NIL)
    if place is None:
        raise UnreadableThread(resolved, "not a regular file")
    return place


def _resolved(path: str) -> str:
    try:
        return str(Path(path).resolve(strict=True))
    except (OSError, ValueError, RuntimeError) as error:
        number = getattr(error, "errno", None)
        why = str(error) if number is None else f"{os.strerror(number)} (os error {number})"
        raise PathNotResolved(path, why) from None
