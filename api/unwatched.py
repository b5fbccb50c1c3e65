"""Loaded threads that nobody is subscribed to: left alone long enough they are unloaded.

Release 0.131.0 does so half an hour after the last subscriber left, unless something happens to the thread in
between (lifecycle.md, thread/unsubscribe).
"""

import asyncio
from collections.abc import Callable
from uuid import UUID

from domain.errors import InvalidThreadId
from domain.ids import parse_thread_id


class Unwatched:
    """A clock for each thread without subscribers; for use on the event loop."""

    def __init__(self, seconds: float, unload: Callable[[UUID], None]) -> None:
        """`unload` is called with a thread that was left alone for so long."""
        self._seconds = seconds
        self._unload = unload
        self._clocks: dict[UUID, asyncio.TimerHandle] = {}

    def left(self, thread_id: UUID) -> None:
        """Nobody is subscribed to this thread any more."""
        self.watched(thread_id)
        loop = asyncio.get_running_loop()
        self._clocks[thread_id] = loop.call_later(self._seconds, self._end, thread_id)

    def watched(self, thread_id: UUID) -> None:
        """Somebody is subscribed to this thread, or it is loaded no more."""
        clock = self._clocks.pop(thread_id, None)
        if clock is not None:
            clock.cancel()

    def touched(self, text: str) -> None:
        """Something is asked about the thread of this id, if it is one."""
        if not self._clocks:
            return
        try:
            thread_id = parse_thread_id(text)
        except InvalidThreadId:
            return
        if thread_id in self._clocks:
            self.left(thread_id)

    def close(self) -> None:
        """Stop all clocks."""
        for thread_id in [*self._clocks]:
            self.watched(thread_id)

    def _end(self, thread_id: UUID) -> None:
        del self._clocks[thread_id]
        self._unload(thread_id)
