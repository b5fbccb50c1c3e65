"""The order of requests for one thread."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from api.wire.lanes import Lanes, release_lane
from tests.api.doors.asked import settle


class Works:
    """Pieces of work that last until they are let go; each releases its lane as it begins."""

    def __init__(self) -> None:
        self.lanes = Lanes()
        self.begun: list[str] = []
        self.ends: dict[str, asyncio.Event] = {}
        self.tasks: list[asyncio.Task[str]] = []

    def begin(self, lane: str, name: str, *, adds_lines: bool = False) -> None:
        """Ask for one more."""
        self.ends[name] = asyncio.Event()
        work = self.lanes.begin(lane, self._work(name), adds_lines=adds_lines)
        self.tasks.append(asyncio.create_task(_wait_for(work)))

    def _work(self, name: str) -> Callable[[], Awaitable[str]]:
        async def work() -> str:
            self.begun.append(name)
            release_lane()
            await self.ends[name].wait()
            return name

        return work

    async def end(self, *names: str) -> list[str]:
        """Let these go; what has begun by then."""
        for name in names:
            self.ends[name].set()
        await settle()
        return self.begun


async def _wait_for(work: Awaitable[str]) -> str:
    return await work


# Each request is a lane, a name, and whether it adds lines; what is let go, and what has begun then.
CASES = {
    "one after the other": (["a1", "a2", "a3"], [("", ["a1"]), ("a1", ["a1", "a2"])]),
    "side by side": (["a1", "b1", " 1"], [("", ["a1", "b1", " 1"])]),
    "added together": (["a1+", "a2+", "a3"], [("", ["a1+", "a2+"]), ("a2+", ["a1+", "a2+"])]),
    "behind all": (["a1+", "a2+", "a3"], [("a1+ a2+", ["a1+", "a2+", "a3"])]),
    "behind one that only reads": (["a1", "a2+"], [("", ["a1", "a2+"])]),
}


@pytest.mark.parametrize("case", CASES)
async def test_requests_begin_in_their_order(case: str) -> None:
    names, steps = CASES[case]
    works = Works()
    for name in names:
        works.begin(name[0].strip(), name, adds_lines=name.endswith("+"))
    for ended, begun in steps:
        assert await works.end(*ended.split()) == begun
    await works.end(*names)
    assert await asyncio.gather(*works.tasks) == names
    assert works.lanes._lanes == {}


async def test_one_that_fails_lets_the_next_begin() -> None:
    lanes = Lanes()

    async def fail() -> str:
        raise KeyError

    async def succeed() -> str:
        return "done"

    works = [lanes.begin("a", work, adds_lines=False) for work in (fail, succeed)]
    failed, done = await asyncio.gather(*map(_wait_for, works), return_exceptions=True)
    assert isinstance(failed, KeyError)
    assert done == "done"
