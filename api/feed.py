"""The feed: changes of the home's threads, told to whoever subscribed, each once and in order.

A subscription is a place in the journal of changes that moves on as it is told. Nothing is queued for it:
while its client is slow it waits, and reads the journal from where it stands when there is room again. So a
subscription costs the same however much happens, and a client that comes back with the last position it
was told goes on there, whoever wrote meanwhile and whether or not a server ran.

Writes of this server wake the subscriptions; for those of others they look once a second.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from itertools import count
from typing import Protocol
from uuid import UUID

from eventsourcing.persistence import PersistenceError

from api.files import Files
from api.indexing.keeper import IndexKeeper
from domain.changes import BEGINNING, Change, Position, read_position
from domain.errors import PositionGone, StaleIndex, ThreadstoreError, TooManySubscriptions
from domain.limits import CHANGES_AT_ONCE, FEED_POLL_SECONDS, SUBSCRIPTIONS_MAX
from projections.change_rows import ChangeShown, change_rows, show, without_items
from projections.changes import changes_after, has_told, journal
from projections.plans import Plan

LOG = logging.getLogger("threadstore")

CHANGED = "threadStore/changed"
ENDED = "threadStore/subscriptionEnded"

PASSING = (OSError, ThreadstoreError, StaleIndex, sqlite3.Error, PersistenceError)
"""What may go wrong for a moment: nothing was told, and it is tried again."""

SHOW_TRIES = 3
"""How often a change is looked up again because its file moved or changed meanwhile."""


class Subscriber(Protocol):
    """A connection, as the feed sees it."""

    closing: dict[str, Callable[[], None]]
    is_closed: bool
    wait_for_room: Callable[[], Awaitable[None]]

    def tell(self, method: str, params: object) -> None:
        """Send a notification."""


class Subscription:
    """A place in the journal that moves on, for one client; `thread_id` None means all threads."""

    def __init__(
        self, subscriber: Subscriber, number: int, position: Position, thread_id: UUID | None
    ) -> None:
        self.subscriber = subscriber
        self.id = f"changes-{number}"
        self.position = position
        self.thread_id = thread_id
        self.woken = asyncio.Event()
        self.task: asyncio.Task[None] | None = None


class Feed:
    """The subscriptions of a service; `refresh` brings the rows of a thread up to date."""

    def __init__(
        self, keeper: IndexKeeper, files: Files, refresh: Callable[[UUID], Awaitable[object]]
    ) -> None:
        self._keeper = keeper
        self._files = files
        self._refresh = refresh
        self._subscriptions: dict[str, Subscription] = {}
        self._numbers = count(1)
        keeper.written.append(self.wake)

    # -- asked by handlers ----------------------------------------------------------------------

    async def subscribe(
        self, subscriber: Subscriber, text: str | None, thread_id: UUID | None
    ) -> Subscription:
        """A subscription from a position on, or from now; it rests until it is begun.

        InvalidPosition for what is none; PositionGone for one of another index, or no longer kept.
        """
        if len(self._of(subscriber)) >= SUBSCRIPTIONS_MAX:
            raise TooManySubscriptions(SUBSCRIPTIONS_MAX)
        position = await self._keeper.ask_now(_position(text))
        made = Subscription(subscriber, next(self._numbers), position, thread_id)
        if not subscriber.is_closed:
            subscriber.closing["changes"] = partial(self.leave, subscriber)
            self._subscriptions[made.id] = made
        return made

    def begin(self, subscription: Subscription) -> None:
        """Tell changes from now on."""
        if subscription.id in self._subscriptions:
            subscription.task = asyncio.create_task(self._follow(subscription))

    def unsubscribe(self, subscriber: Subscriber, subscription_id: str) -> bool:
        """Tell no more; tells whether this client had such a subscription."""
        found = self._subscriptions.get(subscription_id)
        if found is None or found.subscriber is not subscriber:
            return False
        self._end(found)
        return True

    def leave(self, subscriber: Subscriber) -> None:
        """End all subscriptions of a client."""
        for subscription in self._of(subscriber):
            self._end(subscription)

    def wake(self) -> None:
        """There may be more in the journal."""
        for subscription in self._subscriptions.values():
            subscription.woken.set()

    async def close(self) -> None:
        """End all subscriptions."""
        tasks = [one.task for one in self._subscriptions.values() if one.task is not None]
        for subscription in list(self._subscriptions.values()):
            self._end(subscription)
        await asyncio.gather(*tasks, return_exceptions=True)

    def _of(self, subscriber: Subscriber) -> Sequence[Subscription]:
        return [one for one in self._subscriptions.values() if one.subscriber is subscriber]

    def _end(self, subscription: Subscription) -> None:
        self._subscriptions.pop(subscription.id, None)
        if subscription.task is not None:
            subscription.task.cancel()

    # -- telling --------------------------------------------------------------------------------

    async def _follow(self, subscription: Subscription) -> None:
        """Tell what the journal has, then wait for more; until the journal is another one."""
        while True:
            subscription.woken.clear()
            try:
                has_more = await self._tell_some(subscription)
            except PositionGone as gone:
                told = {"subscriptionId": subscription.id, "reason": "position_gone", "message": str(gone)}
                self._subscriptions.pop(subscription.id, None)
                subscription.subscriber.tell(ENDED, told)
                return
            except PASSING:
                LOG.debug("changes could not be told; they will be", exc_info=True)
                has_more = False
            if not has_more:
                with suppress(TimeoutError):
                    async with asyncio.timeout(FEED_POLL_SECONDS):  # `wait_for` may swallow a cancellation
                        await subscription.woken.wait()

    async def _tell_some(self, subscription: Subscription) -> bool:
        """Tell the next changes, a few at most; tells whether there may be more."""
        at = subscription.position
        page = await self._keeper.ask(changes_after(at.number, subscription.thread_id, CHANGES_AT_ONCE))
        if page.journal.index_id != at.index_id or at.number < page.journal.oldest - 1:
            raise PositionGone(at.text())
        for change in page.changes:
            await subscription.subscriber.wait_for_room()
            shown = await self._shown(change, at.index_id)
            position = Position(at.index_id, change.number)
            subscription.subscriber.tell(CHANGED, _params(subscription.id, position, change, shown))
            subscription.position = position
        subscription.position = Position(at.index_id, max(page.seen, at.number))
        return len(page.changes) == CHANGES_AT_ONCE

    async def _shown(self, change: Change, index_id: str) -> ChangeShown:
        """The change as its thread is now; without items when the log cannot be read."""
        rows = await self._keeper.ask(change_rows(change, index_id))
        for _ in range(SHOW_TRIES):
            if rows.path is None or not rows.lines:
                return without_items(rows, is_whole=rows.is_whole)
            try:
                return await self._files.read(rows.path, partial(show, rows))
            except (OSError, ThreadstoreError, StaleIndex):
                with suppress(*PASSING):
                    await self._refresh(change.thread_id)
                rows = await self._keeper.ask(change_rows(change, index_id))
        return without_items(rows, is_whole=False)


def _position(text: str | None) -> Plan[Position]:
    """The place that a client means; PositionGone when the journal has it no more."""
    kept = yield from journal()
    if text is None:
        return Position(kept.index_id, kept.head)
    if text == BEGINNING:
        return Position(kept.index_id, kept.oldest - 1)
    position = read_position(text)
    if position.index_id != kept.index_id or not (yield from has_told(position.number)):
        raise PositionGone(text)
    return position


def _params(
    subscription_id: str, position: Position, change: Change, shown: ChangeShown
) -> dict[str, object]:
    span = change.span
    return {
        "subscriptionId": subscription_id,
        "position": position.text(),
        "threadId": str(change.thread_id),
        "change": {
            "type": change.kind.wire_name,
            "path": shown.path,
            "firstVersion": None if span is None else span.first_line,
            "lastVersion": None if span is None else span.last_line,
            "keptTurns": change.touched.kept_turns,
            "turns": shown.turns,
            "items": shown.items,
            "isWhole": shown.is_whole,
        },
    }
