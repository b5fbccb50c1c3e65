"""Messages of one client that wait to be taken up."""

import asyncio
from collections.abc import Iterable

MESSAGE_COST = 64
"""Bytes that a message costs beside its own."""


class Inbox:
    """A queue that knows how many bytes are in it."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.size = 0
        """Bytes that wait."""

    def put(self, messages: Iterable[bytes]) -> None:
        """These have come."""
        for message in messages:
            self._queue.put_nowait(message)
            self.size += len(message) + MESSAGE_COST

    def end(self) -> None:
        """Nothing that comes after this counts."""
        self._queue.put_nowait(None)

    async def next(self) -> bytes | None:
        """The next message; None at the end."""
        message = await self._queue.get()
        if message is not None:
            self.size -= len(message) + MESSAGE_COST
        return message
