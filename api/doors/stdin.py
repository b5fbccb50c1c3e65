"""Standard input: lines as they come from the client.

A thread reads, since the other end may be a pipe, a file or a terminal, and asyncio takes only some of them.
It reads ahead a bounded number of bytes: a script that asks for thousands of things before it reads the first
answer is served, and a flood waits outside.
"""

import asyncio
import os
from collections import deque
from contextlib import suppress
from threading import Event, Thread

from api.wire.framing import Line, LineBuffer, Overlong
from domain.limits import INPUT_WAITING_MAX

READ_SIZE = 256 * 1024
"""Bytes asked of standard input at once; a pipe gives up to 64 KiB."""

LINE_COST = 64
"""Bytes that a line costs in memory beside its own."""


class Input:
    """Lines as they come in, read by a thread of their own, in order."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._loop = asyncio.get_running_loop()
        self._lines: deque[Line] = deque()
        self._read_size = self._taken_size = 0  # two counters, since each has one thread that changes it
        self._is_at_end = False
        self._came = asyncio.Event()
        self._room = Event()
        Thread(target=self._read, name="input", daemon=True).start()

    async def next(self) -> Line | None:
        """The next line; None at the end, also when the input fails."""
        while not self._lines and not self._is_at_end:
            self._came.clear()
            await self._came.wait()
        if not self._lines:
            return None
        line = self._lines.popleft()
        self._taken_size += _cost(line)
        self._room.set()
        return line

    def _add(self, lines: list[Line]) -> None:
        self._lines.extend(lines)
        self._came.set()

    def _end(self) -> None:
        self._is_at_end = True
        self._came.set()

    def _read(self) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody wants more
            try:
                self._feed()
            finally:
                self._loop.call_soon_threadsafe(self._end)

    def _feed(self) -> None:
        buffer = LineBuffer()
        with suppress(OSError):
            while data := os.read(self._descriptor, READ_SIZE):
                self._pass_on(buffer.feed(data))
        last = buffer.finish()
        self._pass_on([last] if last else [])

    def _pass_on(self, lines: list[Line]) -> None:
        if lines:
            self._read_size += sum(map(_cost, lines))
            self._loop.call_soon_threadsafe(self._add, lines)
        while self._is_full:
            self._room.clear()
            if self._is_full:  # asked again: what is taken before this is not told
                self._room.wait()

    @property
    def _is_full(self) -> bool:
        return self._read_size - self._taken_size > INPUT_WAITING_MAX


def _cost(line: Line) -> int:
    return LINE_COST + len(line.head if isinstance(line, Overlong) else line)
