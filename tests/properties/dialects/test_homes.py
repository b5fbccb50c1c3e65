"""A server of a home where everything happens answers as a naive reader does, whatever its index knew."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Self

from hypothesis import given
from hypothesis import strategies as st

from domain.views import ItemsView
from tests.api.lasting import PATIENCE_S, Lasting
from tests.properties.dialects.indexed import worlds
from tests.properties.dialects.naive_home import NaiveHome, Row
from tests.properties.dialects.world import BEGUN, ONE_STEP, Step
from tests.properties.scale import examples

Json = dict[str, Any]
ALL_KINDS = ["cli", "vscode", "exec", "subAgent"]

Work = Callable[[Lasting], Awaitable[None]]


class Reading(Lasting):
    """A client that may ask for turns."""

    async def __aenter__(self) -> Self:
        """Shake hands."""
        about = {"clientInfo": {"name": "tests", "version": "1"}, "capabilities": {"experimentalApi": True}}
        await self.call("initialize", about)
        return self


async def rows(client: Lasting, **more: object) -> list[Row]:
    """The list of all pages."""
    everything = {"modelProviders": [], "sourceKinds": ALL_KINDS}
    return [Row.of(thread) for thread in await client.walk(limit=2, **everything, **more)]


async def turns(client: Lasting, thread_id: str, view: ItemsView, direction: str, limit: int) -> list[Json]:
    """All turns of a thread, page after page, oldest first."""
    asked = {"threadId": thread_id, "limit": limit, "sortDirection": direction, "itemsView": view.value}
    found: list[Json] = []
    cursor = None
    while True:
        page = await client.call("thread/turns/list", asked | {"cursor": cursor})
        found += page["data"]
        cursor = page["nextCursor"]
        if cursor is None:
            return found if direction == "asc" else found[::-1]


async def assert_reads(client: Lasting, home: NaiveHome, how: int) -> None:
    """Every thread reads as the naive reader reads it."""
    for place, log in enumerate(home.threads()):
        thread_id = str(log.thread_id)
        told = (await client.call("thread/read", {"threadId": thread_id, "includeTurns": True}))["thread"]
        whole = home.turns(log)
        assert (Row.of(told), told["turns"]) == (
            Row(thread_id, str(log.path), home.preview(log), log.mtime_ns // 10**9),
            whole,
        )
        view = list(ItemsView)[(how + place) % len(ItemsView)]
        found = await turns(client, thread_id, view, ("asc", "desc")[how % 2], 1 + (how + place) % 3)
        is_unique = len({turn["id"] for turn in whole}) == len(whole)  # legacy ids may come again
        assert not is_unique or found == home.turns(log, view)


async def assert_lists(client: Lasting, home: NaiveHome) -> None:
    """Both lists are those of the naive reader."""
    for archived in (False, True):
        assert await rows(client, archived=archived) == home.rows(archived=archived)


async def comes_true(client: Lasting, home: NaiveHome) -> None:
    """The index alone shows the same lists once the watch had its word."""
    for archived in (False, True):
        wanted = home.rows(archived=archived)
        async with asyncio.timeout(PATIENCE_S):
            while await rows(client, archived=archived, useStateDbOnly=True) != wanted:  # noqa: ASYNC110
                await asyncio.sleep(0.002)  # what the watch has to say sets no event here


def served(root: Path, work: Work, *, is_lasting: bool) -> None:
    """Have a server of this home, and do the work."""

    async def run() -> None:
        async with Reading(root, is_lasting=is_lasting) as client:
            await work(client)

    asyncio.run(run())


@examples(20)
@given(BEGUN, st.lists(ONE_STEP, max_size=10), st.booleans(), st.integers(0, 11))
def test_lists_and_turns_of_a_changing_home_are_true_at_once(
    before: list[Step],
    steps: list[Step],
    is_lasting: bool,  # noqa: FBT001 - drawn
    how: int,
) -> None:
    with worlds(before) as world:

        async def work(client: Lasting) -> None:
            for number, step in enumerate(steps):
                world.do(step)
                home = world.home
                if (number + how) % 3:
                    await assert_lists(client, home)
                if (number + how) % 2:
                    await assert_reads(client, home, how + number)
                if is_lasting:
                    await comes_true(client, home)
            await assert_reads(client, world.home, how)
            await assert_lists(client, world.home)

        served(world.root, work, is_lasting=is_lasting)


@examples(16)
@given(BEGUN, st.lists(ONE_STEP, min_size=1, max_size=10))
def test_the_index_alone_follows_what_nobody_lists(before: list[Step], steps: list[Step]) -> None:
    with worlds(before) as world:

        async def work(client: Lasting) -> None:
            await comes_true(client, world.home)
            for step in steps:
                world.do(step)
            await comes_true(client, world.home)
            await assert_lists(client, world.home)
            await assert_reads(client, world.home, 0)

        served(world.root, work, is_lasting=True)


@examples(12)
@given(BEGUN, st.lists(ONE_STEP, max_size=6), st.integers(0, 11))
def test_an_index_that_is_deleted_changes_no_answer(before: list[Step], steps: list[Step], how: int) -> None:
    with worlds(before) as world:

        async def work(client: Lasting) -> None:
            await assert_lists(client, world.home)
            await assert_reads(client, world.home, how)

        served(world.root, work, is_lasting=how % 2 == 0)
        for step in steps:
            world.do(step)
        served(world.root, work, is_lasting=how % 3 == 0)
        shutil.rmtree(world.root / "threadstore")
        served(world.root, work, is_lasting=how % 2 == 0)
