"""The service over standard input and output: one JSON object a line in each direction.

Threads do the reading and writing, since either end may be a pipe, a file or a terminal, and asyncio
takes only some of them. Reading waits for the requests at work, so a client that floods is slowed down
and loses nothing; writing never holds up the event loop.
"""

import asyncio
import os
from queue import SimpleQueue
from threading import Thread

from api.framing import Line, LineBuffer
from api.service import Service
from rollout.home import Home

READ_SIZE = 256 * 1024
"""Bytes asked of standard input at once; a pipe gives up to 64 KiB."""


class Output:
    """Lines on their way out, written by a thread of their own, in order."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._waiting: SimpleQueue[bytes | None] = SimpleQueue()
        self._thread = Thread(target=self._write, name="output", daemon=True)
        self._thread.start()

    def send(self, line: bytes) -> None:
        """Queue a line."""
        self._waiting.put(line)

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
        except OSError:
            return


async def serve(home: Home, source: int = 0, sink: int = 1) -> None:
    """Serve one client until its input ends and everything it asked is answered."""
    loop = asyncio.get_running_loop()
    service, output = Service(home), Output(sink)
    connection = service.connect(output.send)
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
    await service.close()
    output.close()
