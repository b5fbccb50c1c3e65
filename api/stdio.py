"""The service over standard input and output: one JSON object a line in each direction.

Threads do the reading and writing, since either end may be a pipe, a file or a terminal, and asyncio
takes only some of them. Reading waits for the requests at work, so a client that floods is slowed down
and loses nothing; writing never holds up the event loop.
"""

import asyncio
import os
from queue import SimpleQueue
from threading import Thread

from api.service import Options, Service
from api.wire.framing import Line, LineBuffer
from domain.limits import OUTPUT_WAITING_MAX
from rollout.finding.home import Home

READ_SIZE = 256 * 1024
"""Bytes asked of standard input at once; a pipe gives up to 64 KiB."""


class Output:
    """Lines on their way out, written by a thread of their own, in order."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._waiting: SimpleQueue[bytes | None] = SimpleQueue()
        self._sent = self._written = 0  # two counters, since each has one thread that changes it
        self._loop = asyncio.get_running_loop()
        self._taken = asyncio.Event()
        self._watcher_count = 0
        self._thread = Thread(target=self._write, name="output", daemon=True)
        self._thread.start()

    def send(self, line: bytes) -> None:
        """Queue a line."""
        self._sent += len(line)
        self._waiting.put(line)

    @property
    def _is_full(self) -> bool:
        return self._sent - self._written > OUTPUT_WAITING_MAX

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

    def close(self) -> None:
        """Write what waits, then end."""
        self._waiting.put(None)
        self._thread.join()

    def _write(self) -> None:
        try:
            while (line := self._waiting.get()) is not None:
                rest = memoryview(line)
                while rest:
                    rest = rest[os.write(self._descriptor, rest) :]
                self._written += len(line)
                if self._watcher_count:
                    self._loop.call_soon_threadsafe(self._taken.set)
        except OSError:
            return


async def serve(home: Home, options: Options, source: int = 0, sink: int = 1) -> None:
    """Serve one client until its input ends and everything it asked is answered."""
    loop = asyncio.get_running_loop()
    service, output = Service(home, options), Output(sink)
    connection = service.connect(output.send)
    connection.wait_for_room = output.wait_for_room
    ended = asyncio.Event()

    async def take(lines: list[Line]) -> None:
        for line in lines:
            await connection.receive(line)

    def read() -> None:
        buffer = LineBuffer()
        try:
            while data := os.read(source, READ_SIZE):
                lines = buffer.feed(data)
                if lines:
                    asyncio.run_coroutine_threadsafe(take(lines), loop).result()
            last = buffer.finish()
            if last:
                asyncio.run_coroutine_threadsafe(take([last]), loop).result()
        finally:
            loop.call_soon_threadsafe(ended.set)

    Thread(target=read, name="input", daemon=True).start()
    await ended.wait()
    await connection.drain()
    connection.close()
    await service.close()
    output.close()
