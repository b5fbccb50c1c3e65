"""The service: which method is served by what."""

import gc
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from importlib import import_module
from uuid import UUID

from api.configuration.config import read_config
from api.configuration.surroundings import look_around
from api.context import Context
from api.handlers.refused import why_not_served
from api.unwatched import Unwatched
from api.wire.connection import Answer, Connection, Params, Send
from api.wire.lanes import Lanes
from api.wire.trust import Trust
from api.wire.turns import ADDING, Turns
from domain.durability import Durability
from domain.errors import NotServed
from domain.limits import UNWATCHED_SECONDS
from domain.listing.thread_object import Defaults
from domain.session.session import SessionBase
from rollout.finding.home import Home

Handler = Callable[[Connection, Params], Awaitable[Answer]]

SERVED_BY: dict[str, str] = {
    "initialize": "handshake.initialize",
    "thread/start": "starting.start",
    "thread/resume": "resuming.resume",
    "thread/fork": "forking.fork",
    "thread/archive": "archiving.archive",
    "thread/unarchive": "archiving.unarchive",
    "thread/unsubscribe": "loaded.unsubscribe",
    "thread/name/set": "describing.set_name",
    "thread/metadata/update": "describing.update_metadata",
    "thread/memoryMode/set": "describing.set_memory_mode",
    "thread/goal/get": "goals.get_goal",
    "thread/goal/set": "goals.set_goal",
    "thread/goal/clear": "goals.clear_goal",
    "thread/rollback": "changing.roll_back",
    "thread/inject_items": "changing.inject_items",
    "thread/list": "listing.threads_list",
    "thread/loaded/list": "loaded.loaded_list",
    "thread/read": "reading.read",
    "thread/turns/list": "reading.turns_list",
    "thread/turns/items/list": "reading.items_list",
    "thread/compact/start": "turns.compact",
    "thread/shellCommand": "turns.shell_command",
    "thread/backgroundTerminals/clean": "turns.clean_terminals",
    "thread/increment_elicitation": "turns.count_elicitation",
    "thread/decrement_elicitation": "turns.discount_elicitation",
    "turn/start": "turns.start_turn",
    "turn/steer": "turns.steer_turn",
    "turn/interrupt": "turns.interrupt_turn",
    "review/start": "turns.start_review",
    "account/read": "account.read",
    "account/rateLimits/read": "account.rate_limits",
    "getAuthStatus": "account.auth_status",
    "model/list": "models.list_models",
    "modelProvider/capabilities/read": "models.provider_capabilities",
    "collaborationMode/list": "models.list_modes",
    "experimentalFeature/list": "models.list_features",
    "thread/realtime/listVoices": "models.list_voices",
    "windowsSandbox/readiness": "models.sandbox_readiness",
    "config/read": "configuration.read",
    "configRequirements/read": "configuration.requirements",
    "skills/list": "catalogues.skills",
    "hooks/list": "catalogues.hooks",
    "plugin/list": "catalogues.plugins",
    "plugin/installed": "catalogues.installed_plugins",
    "app/list": "catalogues.apps",
    "mcpServerStatus/list": "catalogues.mcp_servers",
    "remoteControl/status/read": "remote_control.read_status",
    "remoteControl/disable": "remote_control.disable",
    "threadStore/describe": "thread_store.describe",
    "threadStore/append": "thread_store.append",
    "threadStore/load": "thread_store.load",
    "threadStore/persist": "thread_store.persist",
    "threadStore/flush": "thread_store.flush",
    "threadStore/shutdown": "thread_store.shutdown",
    "threadStore/discard": "thread_store.discard",
    "threadStore/subscribe": "thread_store.subscribe",
    "threadStore/unsubscribe": "thread_store.unsubscribe",
}
"""The methods that are served, each by a module of `api.handlers` and a function in it."""


def _later(place: str) -> Handler:
    """The function at this place, whose code is read when it is first called."""
    module, _, name = place.partition(".")
    is_known = False

    def handler(connection: Connection, params: Params) -> Awaitable[Answer]:
        nonlocal is_known
        serve: Handler = getattr(import_module(f"api.handlers.{module}"), name)
        if is_known:
            return serve(connection, params)
        is_known = True
        return _first(serve(connection, params))

    return handler


async def _first(answer: Awaitable[Answer]) -> Answer:
    """The first answer of a method; what was read for it stays.

    Python's collector does not look through it again, during which it would answer nobody: 100 ms, measured.
    """
    try:
        return await answer
    finally:
        gc.freeze()


HANDLERS = {method: _later(place) for method, place in SERVED_BY.items()}
"""What serves each of them."""

BY_PATH = frozenset({"thread/resume", "thread/fork"})
"""Methods that may name a thread by the path of its file."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a service serves: what the command line says.

    A lasting service watches the home and fills its index from the first handshake on. Relative paths start
    at the working directory, and `~` is the user's home: those of the process unless given. `overrides` lie
    over the home's config.toml. `allows_external_rollouts` lets the user's own clients go on in a rollout
    outside the home where it is, instead of in a copy. A loaded thread is unloaded when nobody was subscribed
    to it and asked about it for `unwatched_seconds`.
    """

    is_lasting: bool = False
    working_directory: str | None = None
    user_home: str | None = None
    durability: Durability = Durability.DISK
    overrides: Params = field(default_factory=dict)
    allows_external_rollouts: bool = False
    unwatched_seconds: float = UNWATCHED_SECONDS


class Service:
    """One home, served to any number of connections."""

    def __init__(self, home: Home, options: Options | None = None) -> None:
        """Serve this home."""
        self.options = options or Options()
        self.context = _context(home, self.options)
        self._lanes = Lanes()
        self._turns = Turns(time.monotonic)
        self._unwatched = Unwatched(self.options.unwatched_seconds, self._close_unwatched)
        self.context.hub.left.append(self._unwatched.left)
        self.context.hub.watched.append(self._unwatched.watched)

    def connect(self, send: Send, trust: Trust = Trust.USER) -> Connection:
        """A connection for one more client, who is trusted as its door says."""
        return Connection(self.context, self.begin, send, self._turns.place(), trust)

    def begin(self, connection: Connection, method: str, params: Params) -> Awaitable[Answer]:
        """A request, to be awaited at once: it stands behind the last one of the same thread from now on."""
        handler = HANDLERS.get(method)
        if handler is None:
            return _refuse(method)

        def work() -> Awaitable[Answer]:
            return _left() if connection.is_abandoned else handler(connection, params)

        lane = _lane(method, params)
        self._unwatched.touched(lane)
        return self._lanes.begin(lane, work, adds_lines=method in ADDING)

    async def close(self) -> None:
        """Stop, leaving nothing open."""
        self._unwatched.close()
        await self.context.close()

    def _close_unwatched(self, thread_id: UUID) -> None:
        import_module("api.handlers.closing").close(self.context, thread_id)


def _lane(method: str, params: Params) -> str:
    """What requests that wait for each other have in common; empty for one that waits for none."""
    lane = params.get("threadId") or (params.get("path") if method in BY_PATH else None)
    return lane if isinstance(lane, str) else ""


def _context(home: Home, options: Options) -> Context:
    config = read_config(home.root / "config.toml", options.overrides)
    base = options.working_directory or os.getcwd()  # noqa: PTH109 - links stay
    user_home = options.user_home or os.path.expanduser("~")  # noqa: PTH111
    return Context(
        home=home.with_sqlite_home(config.sqlite_home),
        config=config,
        durability=options.durability,
        overrides=options.overrides,
        defaults=Defaults(config.model_provider, base, user_home),
        base=SessionBase(base, str(home.root), user_home, os.environ.get("TMPDIR"), look_around(home.root)),
        is_lasting=options.is_lasting,
        allows_external_rollouts=options.allows_external_rollouts,
    )


async def _left() -> Answer:
    """What becomes of a request that was not begun when its client went: nothing, and nobody hears of it."""
    return {}


async def _refuse(method: str) -> Answer:
    raise NotServed(method, why_not_served(method))
