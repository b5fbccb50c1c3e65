"""What a server tells, for one who wants to hear it."""

import asyncio
from collections import deque
from types import TracebackType
from typing import Self

from api.client.calls import Notification
from domain.errors import NotificationsLost, ThreadstoreError
from domain.limits import NOTIFICATIONS_WAITING_MAX


class Notifications:
    """Notifications in their order, from the moment this was made; of all methods or of some.

    Iterating ends when the client is closed. It raises ServerGone when the server went away, and
    NotificationsLost when too many waited to be read; what came before is given first.
    """

    def __init__(self, methods: frozenset[str]) -> None:
        self._methods = methods
        self._waiting: deque[Notification] = deque()
        self._news = asyncio.Event()
        self._failure: ThreadstoreError | None = None
        self.has_ended = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Notification:
        while not self._waiting and not self.has_ended:
            self._news.clear()
            await self._news.wait()
        if self._waiting:
            return self._waiting.popleft()
        if self._failure is not None:
            raise self._failure
        raise StopAsyncIteration

    def hear(self, told: Notification) -> None:
        """Keep it until it is asked for, if it is wanted."""
        if self.has_ended or (self._methods and told.method not in self._methods):
            return
        if len(self._waiting) == NOTIFICATIONS_WAITING_MAX:
            self.end(NotificationsLost(NOTIFICATIONS_WAITING_MAX))
            return
        self._waiting.append(told)
        self._news.set()

    def end(self, failure: ThreadstoreError | None = None) -> None:
        """Nothing more is heard, and why; the first reason counts."""
        if not self.has_ended:
            self.has_ended, self._failure = True, failure
            self._news.set()
