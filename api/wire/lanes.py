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
        self._lanes: dict[str, list[_Stay]] = {}

    def begin(
        self, name: str, work: Callable[[], Awaitable[Answer]], *, adds_lines: bool
    ) -> Awaitable[Answer]:
        """Work behind what came before it in the lane of this name, to be awaited; no lane has an empty name.

        Its place is taken now: whoever calls this has to await it.
        """
        if not name:
            return work()
        stay = _Stay()
        lane = self._lanes.setdefault(name, [])
        before = [one.released for one in lane[-1:]] if adds_lines else [one.done for one in lane]
        lane.append(stay)
        return self._in_turn(name, stay, before, work)

    async def _in_turn(
        self,
        name: str,
        stay: "_Stay",
        before: list[asyncio.Event],
        work: Callable[[], Awaitable[Answer]],
    ) -> Answer:
        try:
            for each in before:
                await each.wait()
            _RELEASE.set(stay.released.set)
            return await work()
        finally:
            stay.released.set()
            stay.done.set()
            self._leave(name, stay)

    def _leave(self, name: str, stay: "_Stay") -> None:
        lane = self._lanes[name]
        lane.remove(stay)
        if not lane:
            del self._lanes[name]


class _Stay:
    """The time that one request spends in a lane."""

    def __init__(self) -> None:
        self.released = asyncio.Event()
        self.done = asyncio.Event()
