"""Standard output: lines on their way to the client.

A thread writes, since the other end may be a pipe, a file or a terminal, and asyncio takes only some of them.
So writing never holds up the event loop.
"""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread

from domain.limits import OUTPUT_WAITING_MAX


class Output:
    """Lines on their way out, written by a thread of their own, in order."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._waiting: SimpleQueue[bytes | None] = SimpleQueue()
        self._sent = self._written = 0  # two counters, since each has one thread that changes it
        self._loop = asyncio.get_running_loop()
        self._taken = asyncio.Event()
        self._ended = asyncio.Event()
        self._watcher_count = 0
        Thread(target=self._write, name="output", daemon=True).start()

    def send(self, line: bytes) -> None:
        """Queue a line; nothing happens to it once nobody reads any more."""
        if not self._ended.is_set():
            self._sent += len(line)
            self._waiting.put(line)

    @property
    def _is_full(self) -> bool:
        return self._sent - self._written > OUTPUT_WAITING_MAX and not self._ended.is_set()

    async def wait_for_room(self) -> None:
        """Wait while more waits than a client should be told unasked."""
        self._watcher_count += 1
        try:
            while self._is_full:
                self._taken.clear()
                if self._is_full:  # asked again: what is taken before this is not told
                    await self._taken.wait()
        finally:
            self._watcher_count -= 1

    async def wait_for_end(self) -> None:
        """Wait until nothing more can be written: it was finished, or nobody reads it any more."""
        await self._ended.wait()

    async def finish(self) -> None:
        """Take nothing more, and wait until everything is written that was sent."""
        self._waiting.put(None)
        await self.wait_for_end()

    def _write(self) -> None:
        try:
            while (line := self._waiting.get()) is not None:
                rest = memoryview(line)
                while rest:
                    rest = rest[os.write(self._descriptor, rest) :]
                self._written += len(line)
                if self._watcher_count:
                    self._tell(self._taken.set)
        except OSError:
            pass  # the client has gone; whoever waits is told below
        self._tell(self._end)

    def _end(self) -> None:
        self._ended.set()
        self._taken.set()

    def _tell(self, call: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(call)
