"""Sending to one client: as fast as its socket takes it, and no faster."""

import asyncio
from collections.abc import Callable

from api.doors.bounds import Bounds
from api.doors.frames import Frames
from api.doors.outbox import Outbox


class Sender:
    """Messages that wait, and the frames that they go out in.

    `write_out` hands finished frames to the socket.
    """

    def __init__(self, frames: Frames, bounds: Bounds, write_out: Callable[[], None]) -> None:
        self._frames = frames
        self._bounds = bounds
        self._write_out = write_out
        self._outbox = Outbox(bounds.frame_size_max)
        self._moved = asyncio.Event()
        self.is_paused = False
        """Whether the socket takes no more for now."""

    @property
    def is_overdue(self) -> bool:
        """Whether so much waits behind what goes out that the client cannot be reading."""
        return self._outbox.size_behind > self._bounds.waiting_size_max

    def send(self, part: bytes) -> None:
        """Send a message, or a part of one; a line feed ends it."""
        if self._frames.is_open and self._outbox.put(part):
            self.go_on()

    def go_on(self) -> None:
        """Send what the socket takes."""
        while not self.is_paused and self._frames.is_open:
            fragment = self._outbox.next()
            if fragment is None:
                break
            self._frames.send(fragment.data, is_first=fragment.is_first, is_last=fragment.is_last)
            self._write_out()
        self._moved.set()

    def drop(self) -> None:
        """Forget what waits: nothing more goes out."""
        self._outbox.clear()
        self._moved.set()

    async def wait_for_room(self) -> None:
        """Wait while more waits than a client should be given."""
        await self._wait_until_at_most(self._bounds.room_size)

    async def wait_until_sent(self) -> None:
        """Wait until all is with the socket."""
        await self._wait_until_at_most(0)

    async def _wait_until_at_most(self, size: int) -> None:
        while self._outbox.size > size and self._frames.is_open:
            self._moved.clear()
            await self._moved.wait()
