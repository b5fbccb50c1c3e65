"""The service: which method is served by what."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from api.commanding.commands import Commands
from api.commanding.group_commit import GroupCommit
from api.commanding.naming import name_writer
from api.commanding.store import open_store
from api.configuration.config import read_config
from api.configuration.surroundings import look_around
from api.context import Context
from api.engine import Engine
from api.handlers import (
    archiving,
    changing,
    describing,
    forking,
    goals,
    handshake,
    listing,
    loaded,
    reading,
    resuming,
    starting,
    thread_store,
    turns,
)
from api.indexing.index_view import IndexView
from api.live import LiveThreads
from api.wire.connection import Answer, Connection, Params, Send
from api.wire.hub import Hub
from api.wire.lanes import Lanes
from domain.durability import Durability
from domain.errors import NotServed
from domain.listing.thread_object import Defaults
from domain.session.session import SessionBase
from rollout.finding.home import Home
from rollout.finding.paths import ThreadPaths
from rollout.recording.notes import open_notes
from rollout.recording.notes_reader import NotesReader

Handler = Callable[[Connection, Params], Awaitable[Answer]]

HANDLERS: dict[str, Handler] = {
    "initialize": handshake.initialize,
    "thread/start": starting.start,
    "thread/resume": resuming.resume,
    "thread/fork": forking.fork,
    "thread/archive": archiving.archive,
    "thread/unarchive": archiving.unarchive,
    "thread/unsubscribe": loaded.unsubscribe,
    "thread/name/set": describing.set_name,
    "thread/metadata/update": describing.update_metadata,
    "thread/memoryMode/set": describing.set_memory_mode,
    "thread/goal/get": goals.get_goal,
    "thread/goal/set": goals.set_goal,
    "thread/goal/clear": goals.clear_goal,
    "thread/rollback": changing.roll_back,
    "thread/inject_items": changing.inject_items,
    "thread/list": listing.threads_list,
    "thread/loaded/list": loaded.loaded_list,
    "thread/read": reading.read,
    "thread/turns/list": reading.turns_list,
    "thread/turns/items/list": reading.items_list,
    "thread/compact/start": turns.compact,
    "thread/shellCommand": turns.shell_command,
    "thread/backgroundTerminals/clean": turns.clean_terminals,
    "thread/increment_elicitation": turns.count_elicitation,
    "thread/decrement_elicitation": turns.discount_elicitation,
    "turn/start": turns.start_turn,
    "turn/steer": turns.steer_turn,
    "turn/interrupt": turns.interrupt_turn,
    "review/start": turns.start_review,
    **thread_store.HANDLERS,
}
"""The methods that are served."""

ADDS_LINES = frozenset({"thread/inject_items", "threadStore/append"})
"""Methods that let the next of their kind begin before they are done (`api.wire.lanes`)."""

BY_PATH = frozenset({"thread/resume", "thread/fork"})
"""Methods that may name a thread by the path of its file."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a service serves: what the command line says.

    A lasting service watches the home and fills its index from the first handshake on. Relative paths start
    at the working directory, and `~` is the user's home: those of the process unless given. `overrides` lie
    over the home's config.toml.
    """

    is_lasting: bool = False
    working_directory: str | None = None
    user_home: str | None = None
    durability: Durability = Durability.DISK
    overrides: Params = field(default_factory=dict)


class Service:
    """One home, served to any number of connections."""

    def __init__(self, home: Home, options: Options | None = None) -> None:
        """Serve this home."""
        options = options or Options()
        self._is_lasting = options.is_lasting
        self.context = _context(home, options)
        self._lanes = Lanes()

    def connect(self, send: Send) -> Connection:
        """A connection for one more client."""
        return Connection(self.context, self.begin, send)

    def begin(self, connection: Connection, method: str, params: Params) -> "asyncio.Task[Answer]":
        """Start a request, behind the last one of the same thread."""
        if method == "initialize" and self._is_lasting:
            self.context.engine.start()
        handler = HANDLERS.get(method)
        if handler is None:
            return asyncio.create_task(_refuse(method))
        return self._lanes.begin(
            _lane(method, params), lambda: handler(connection, params), adds_lines=method in ADDS_LINES
        )

    async def close(self) -> None:
        """Stop, leaving nothing open."""
        await self.context.close()


def _lane(method: str, params: Params) -> str:
    """What requests that wait for each other have in common; empty for one that waits for none."""
    lane = params.get("threadId") or (params.get("path") if method in BY_PATH else None)
    return lane if isinstance(lane, str) else ""


def _context(home: Home, options: Options) -> Context:
    config = read_config(home.root / "config.toml", options.overrides)
    engine = Engine(home.with_sqlite_home(config.sqlite_home), config)
    base = options.working_directory or os.getcwd()  # noqa: PTH109 - links stay
    user_home = options.user_home or os.path.expanduser("~")  # noqa: PTH111
    view, paths = IndexView(engine.home.index), ThreadPaths(engine.home)
    return Context(
        engine=engine,
        live=LiveThreads(),
        hub=Hub(),
        commands=Commands(open_store(engine.home, view, options.durability, paths)),
        names=GroupCommit(name_writer(engine.home, options.durability), "names"),
        notes=open_notes(engine.home, options.durability),
        noted=NotesReader(engine.home),
        durability=options.durability,
        defaults=Defaults(config.model_provider, base, user_home),
        base=SessionBase(base, str(home.root), user_home, os.environ.get("TMPDIR"), look_around(home.root)),
        view=view,
        paths=paths,
    )


async def _refuse(method: str) -> Answer:
    raise NotServed(method)
