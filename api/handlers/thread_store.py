"""threadStore/…: the store for other agents: raw lines in and out, and a thread's life without a model."""

from asyncio import create_task
from collections.abc import Callable
from functools import partial
from uuid import UUID

import orjson

from api.clock import now_text
from api.context import Context
from api.live import NOT_LOADED
from api.showing.line_pages import LinePage, LinesAsked, LinesAt, line_page, lines_at
from api.wire.connection import Answer, Connection, Followed, Params, Result
from api.wire.lanes import release_lane
from api.wire.methods import NOT_OF_THREAD_STORE, OWN_METHODS
from domain.errors import EphemeralThread, StoredAlready, ThreadNotLoaded, VersionConflict
from domain.ids import parse_thread_id
from domain.limits import (
    CHANGES_KEPT,
    LINE_SIZE_MAX,
    LOAD_LINES_DEFAULT,
    LOAD_LINES_MAX,
    LOAD_SIZE_DEFAULT,
    LOAD_SIZE_MAX,
    MESSAGE_SIZE_MAX,
    SUBSCRIPTIONS_MAX,
)
from domain.log import OpenLog
from domain.thread.rollout_items import PersistencePolicy, read_items
from domain.thread.thread import Item, Thread
from domain.version import PROTOCOL_RELEASE, __version__
from projections.plans import Plan

VERSION_MAX = 2**62
"""A line number beyond all: what is asked for behind it is behind the end."""


async def describe(connection: Connection, _params: Params) -> Result:
    """What this store can do, and within which bounds."""
    context = connection.context
    return {
        "server": {"name": "threadstore", "version": __version__, "protocolRelease": PROTOCOL_RELEASE},
        "methods": list(OWN_METHODS),
        "instead": dict(NOT_OF_THREAD_STORE),
        "policies": [policy.value for policy in PersistencePolicy],
        "durability": context.durability.value,
        "features": {
            "expectedVersion": True,
            "rawLines": True,
            "resumableChanges": True,
            "titleSearch": True,
            "contentSearch": False,
            "deletion": False,
        },
        "limits": {
            "messageBytes": MESSAGE_SIZE_MAX,
            "lineBytes": LINE_SIZE_MAX,
            "loadItems": LOAD_LINES_MAX,
            "loadBytes": LOAD_SIZE_MAX,
            "changesKept": CHANGES_KEPT,
            "subscriptionsPerConnection": SUBSCRIPTIONS_MAX,
        },
    }


async def append(connection: Connection, params: Params) -> Result:
    """Add items to a thread; nothing is written when one of them, or the version, is not as it should be."""
    context = connection.context
    thread_id = parse_thread_id(params["threadId"])
    items = read_items(params["items"], PersistencePolicy(params.get("policy", "limited")))
    expected: int | None = params.get("expectedVersion")
    live = context.live.unstored(thread_id)
    if live is not None:
        if live.is_ephemeral:
            raise EphemeralThread("threadStore/append")
        if expected:
            raise VersionConflict(str(thread_id), expected, 0)
        await context.materialise(thread_id)
        expected = None
    place = await context.place_of(thread_id)
    command = partial(_appended, items=items, expected=expected, name=str(thread_id))
    saving = create_task(context.commands.run(place.thread_id, command))
    release_lane()
    version = await saving
    if items:
        context.engine.wrote([place.path])
    return {"threadId": str(thread_id), "version": version, "appended": len(items)}


def _appended(thread: Thread, items: list[Item], expected: int | None, name: str) -> int:
    if expected is not None and expected != thread.version:
        raise VersionConflict(name, expected, thread.version)
    thread.append(items, now_text())
    return thread.version


async def load(connection: Connection, params: Params) -> Result:
    """Lines of a thread as they stand in its log."""
    context = connection.context
    thread_id = parse_thread_id(params["threadId"])
    if context.live.unstored(thread_id) is not None:
        return _loaded(thread_id, LinePage([], 0, None))
    asked = LinesAsked(
        first_line=max(1, min(params.get("fromVersion", 1), VERSION_MAX)),
        count_max=max(1, min(params.get("limit", LOAD_LINES_DEFAULT), LOAD_LINES_MAX)),
        size_max=min(params.get("maxBytes", LOAD_SIZE_DEFAULT), LOAD_SIZE_MAX),
    )

    def plan(file_id: int) -> Plan[LinesAt]:
        return lines_at(file_id, asked.first_line)

    def make(source: OpenLog, at: LinesAt) -> Result:
        return _loaded(thread_id, line_page(source, asked, at))

    return await context.engine.answer(thread_id, plan, make)


def _loaded(thread_id: UUID, page: LinePage) -> Result:
    return {
        "threadId": str(thread_id),
        "version": page.line_count,
        "items": orjson.Fragment(b"[" + b",".join(page.items) + b"]"),
        "nextVersion": page.next_line,
    }


async def persist(connection: Connection, params: Params) -> Result:
    """Store a started thread now; one that is stored already stays as it is."""
    context = connection.context
    thread_id = parse_thread_id(params["threadId"])
    live = context.live.unstored(thread_id)
    if live is not None and live.is_ephemeral:
        raise EphemeralThread("threadStore/persist")
    await context.materialise(thread_id)
    place = await context.place_of(thread_id)
    return {"threadId": str(thread_id), "path": place.path}


async def flush(connection: Connection, params: Params) -> Result:
    """Wait until what was accepted before is as durable as this server makes it."""
    text: str | None = params.get("threadId")
    if text is not None:
        await _refuse_unknown(connection.context, parse_thread_id(text))
    await connection.context.commands.settle()
    return {}


async def shutdown(connection: Connection, params: Params) -> Answer:
    """Unload a thread once its writes are done; what was never stored of it is gone."""
    context = connection.context
    thread_id = parse_thread_id(params["threadId"])
    if context.live.get(thread_id) is None:
        await _refuse_unknown(context, thread_id)
        return {"status": "notLoaded"}
    await context.commands.settle()
    return Followed({"status": "unloaded"}, _unloaded(context, thread_id))


async def discard(connection: Connection, params: Params) -> Answer:
    """Drop a started thread that was never stored."""
    context = connection.context
    thread_id = parse_thread_id(params["threadId"])
    if context.live.unstored(thread_id) is None:
        await _refuse_unknown(context, thread_id)
        raise StoredAlready(str(thread_id))
    return Followed({}, _unloaded(context, thread_id))


def _unloaded(context: Context, thread_id: UUID) -> list[Callable[[], None]]:
    """Unload the thread now; gives how everyone is told."""
    context.live.remove(thread_id)
    context.hub.forget(thread_id)
    context.paths.release(thread_id)
    named = {"threadId": str(thread_id)}
    return [
        partial(context.hub.tell_all, "thread/status/changed", named | {"status": NOT_LOADED}),
        partial(context.hub.tell_all, "thread/closed", named),
    ]


async def _refuse_unknown(context: Context, thread_id: UUID) -> None:
    """ThreadNotLoaded when the thread is neither loaded nor stored."""
    if context.live.get(thread_id) is None and await context.engine.files.find(thread_id) is None:
        raise ThreadNotLoaded(str(thread_id))


async def subscribe(connection: Connection, params: Params) -> Followed:
    """Tell this connection of changes, from a position on."""
    text: str | None = params.get("threadId")
    thread_id = None if text is None else parse_thread_id(text)
    engine = connection.context.engine
    engine.start()  # a server that serves one question watches nothing
    made = await engine.feed.subscribe(connection, params.get("position"), thread_id)
    told = {"subscriptionId": made.id, "position": made.position.text()}
    return Followed(told, [partial(engine.feed.begin, made)])


async def unsubscribe(connection: Connection, params: Params) -> Result:
    """Tell this connection of these changes no more."""
    was_subscribed = connection.context.engine.feed.unsubscribe(connection, params["subscriptionId"])
    return {"status": "unsubscribed" if was_subscribed else "notSubscribed"}
