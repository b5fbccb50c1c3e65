"""The file that a path from a client names: which files it may be depends on who the client is.

The user may name any rollout that the user can read. Whoever came in by a port names files that its
`threadId` leads to as well, below the folders of the home; all else is to it as if it were not there.
"""

import errno
import os
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from api.context import Context
from api.wire.connection import Connection, Params
from api.wire.trust import Trust
from domain.errors import PathNotResolved, UnreadableThread
from domain.ids import parse_thread_id
from domain.limits import EXTERNAL_SIZE_MAX
from domain.log import RolloutPlace
from domain.rollout_name import log_path, packed_path, read_rollout_name
from rollout.finding.beneath import state_beneath
from rollout.finding.home import Home

NIL = UUID(int=0)
"""Stands for the id of a file, where that does not count."""

ABSENT = f"{os.strerror(errno.ENOENT)} (os error {errno.ENOENT})"


async def place_at(connection: Connection, params: Params) -> RolloutPlace:
    """The file that `path` names; relative ones start at the home.

    PathNotResolved; for the user UnreadableThread too, for others InvalidThreadId.
    """
    context, path = connection.context, params["path"]
    if connection.trust is Trust.USER:
        return await _of_user(context, path)
    thread_id = parse_thread_id(params["threadId"])
    place = await context.engine.files.run(_of_remote, context, path, thread_id)
    if place is None:
        raise PathNotResolved(path, ABSENT)
    return place


def is_of_home(home: Home, path: str) -> bool:
    """Whether a file lies where the home keeps its threads, links resolved."""
    folders = (os.path.realpath(folder) for folder in (home.sessions, home.archived))
    return any(os.path.realpath(path).startswith(f"{folder}/") for folder in folders)


async def _of_user(context: Context, path: str) -> RolloutPlace:
    """A regular file with the name of a rollout; links are resolved, as in release 0.131.0."""
    wanted = os.path.join(context.engine.home.root, path)  # noqa: PTH118 - the client's text stays in errors
    resolved = await context.engine.files.run(_resolved, wanted)
    place = await context.engine.files.place(resolved, NIL)
    if place is None:
        raise UnreadableThread(resolved, "not a regular file")
    if read_rollout_name(resolved.rpartition("/")[2]) is None:
        raise UnreadableThread(resolved, "its name is not that of a rollout file")
    if place.state.size > EXTERNAL_SIZE_MAX and not is_of_home(context.engine.home, resolved):
        raise UnreadableThread(resolved, f"a file outside the home may have {EXTERNAL_SIZE_MAX} bytes")
    return place


def _resolved(path: str) -> str:
    """The path of a log without links on its way, also where only its packed file is there."""
    try:
        return log_path(_real(path))
    except (OSError, ValueError, RuntimeError) as error:
        with suppress(OSError, ValueError, RuntimeError):
            return log_path(_real(packed_path(path) or path))
        number = getattr(error, "errno", None)
        why = str(error) if number is None else f"{os.strerror(number)} (os error {number})"
        raise PathNotResolved(path, why) from None


def _real(path: str) -> str:
    return str(Path(path).resolve(strict=True))


def _of_remote(context: Context, path: str, thread_id: UUID) -> RolloutPlace | None:
    """The thread's file, if that is what the path names; None for whatever else, without telling why."""
    home = context.engine.home
    folder, *parts = log_path(path).removeprefix(f"{home.root}/").split("/")
    if folder not in {home.sessions.name, home.archived.name} or not parts:
        return None
    named = read_rollout_name(parts[-1])
    if named is None or named.thread_id != thread_id:
        return None
    above, name = parts[:-1], parts[-1]
    root = str(home.root / folder)
    state = state_beneath(root, [*above, name]) or state_beneath(root, [*above, packed_path(name) or name])
    place = context.engine.files.place_now("/".join([root, *parts]), thread_id)
    return place if place is not None and state is not None and place.state.is_same_file(state) else None
