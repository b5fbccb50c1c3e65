"""The order of requests: those that name the same thread run one after the other, all others side by side.

A request that only adds lines may let the next of its kind begin as soon as its own lines stand in the queue
to be saved, so that lines which wait at the same time are saved together. Whatever comes behind it and is of
another kind waits until it is done.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import TypeVar

Answer = TypeVar("Answer")

_RELEASE: ContextVar[Callable[[], None] | None] = ContextVar("release", default=None)


def release_lane() -> None:
    """Let the next request of this lane begin, if it is one that adds lines too; for the running request."""
    release = _RELEASE.get()
    if release is not None:
        release()


class Lanes:
    """The lanes of a service, each there as long as a request is in it."""

    def __init__(self) -> None:
        self._lanes: dict[str, _Lane] = {}

    def begin(
        self, name: str, work: Callable[[], Awaitable[Answer]], *, adds_lines: bool
    ) -> "asyncio.Task[Answer]":
        """Start work behind what came before it in the lane of this name; an empty name is no lane."""
        if not name:
            return asyncio.create_task(_free(work))
        lane = self._lanes.setdefault(name, _Lane())
        task = lane.begin(work, adds_lines=adds_lines)
        task.add_done_callback(lambda _: self._leave(name, lane))
        return task

    def _leave(self, name: str, lane: "_Lane") -> None:
        if lane.is_empty and self._lanes.get(name) is lane:
            del self._lanes[name]


class _Lane:
    """The requests of one thread that are not done."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[object]] = set()
        self._last_released: asyncio.Event | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is running or waiting here."""
        return not self._running

    def begin(self, work: Callable[[], Awaitable[Answer]], *, adds_lines: bool) -> "asyncio.Task[Answer]":
        """Start work when its turn has come."""
        before, released = set(self._running), asyncio.Event()
        previous, self._last_released = self._last_released, released

        async def in_turn() -> Answer:
            if adds_lines and previous is not None:
                await previous.wait()
            elif before:
                await asyncio.wait(before)
            _RELEASE.set(released.set)
            try:
                return await work()
            finally:
                released.set()

        task = asyncio.create_task(in_turn())
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task


async def _free(work: Callable[[], Awaitable[Answer]]) -> Answer:
    return await work()
