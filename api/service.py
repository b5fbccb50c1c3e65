"""The service: which method is served by what, and in which order requests run.

Requests that name the same thread run one after the other, in the order they came; all others side by
side.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable

from api.connection import Answer, Connection, Params, Send
from api.context import Context
from api.engine import Engine
from api.handlers import handshake, listing, reading, starting
from api.live import LiveThreads
from domain.errors import NotServed
from domain.thread_object import Defaults
from rollout.home import Home

Handler = Callable[[Connection, Params], Awaitable[Answer]]

HANDLERS: dict[str, Handler] = {
    "initialize": handshake.initialize,
    "thread/start": starting.start,
    "thread/list": listing.threads_list,
    "thread/loaded/list": starting.loaded_list,
    "thread/read": reading.read,
    "thread/turns/list": reading.turns_list,
    "thread/turns/items/list": reading.items_list,
}
"""The methods that are served."""


class Service:
    """One home, served to any number of connections."""

    def __init__(self, home: Home, working_directory: str | None = None) -> None:
        """Serve this home; relative paths start at the working directory, the process's unless given."""
        engine = Engine(home)
        base = working_directory or os.getcwd()  # noqa: PTH109 - links stay
        defaults = Defaults(engine.config.model_provider, base, os.path.expanduser("~"))  # noqa: PTH111
        self.context = Context(engine, LiveThreads(), defaults)
        self._last: dict[str, asyncio.Task[Answer]] = {}

    def connect(self, send: Send) -> Connection:
        """A connection for one more client."""
        return Connection(self.context, self.begin, send)

    def begin(self, connection: Connection, method: str, params: Params) -> "asyncio.Task[Answer]":
        """Start a request, behind the last one of the same thread."""
        handler = HANDLERS.get(method)
        if handler is None:
            return asyncio.create_task(_refuse(method))
        lane = params.get("threadId")
        if not isinstance(lane, str):
            return asyncio.create_task(_run(handler, connection, params))
        task = asyncio.create_task(_run(handler, connection, params, self._last.get(lane)))
        self._last[lane] = task
        task.add_done_callback(lambda done: self._leave(lane, done))
        return task

    async def close(self) -> None:
        """Stop, leaving nothing open."""
        await self.context.engine.close()

    def _leave(self, lane: str, task: "asyncio.Task[Answer]") -> None:
        if self._last.get(lane) is task:
            del self._last[lane]


async def _run(
    handler: Handler, connection: Connection, params: Params, before: "asyncio.Task[Answer] | None" = None
) -> Answer:
    if before is not None:
        await asyncio.wait([before])
    return await handler(connection, params)


async def _refuse(method: str) -> Answer:
    raise NotServed(method)
