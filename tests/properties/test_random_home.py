"""Lists of a home that other programs change at random are those of a naive reader, after every step."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.api.lasting import PATIENCE_S, Lasting
from tests.properties.list_model import NaiveList, Seen
from tests.properties.outside import ONE_STEP, SOME_THREADS, Outside, Step
from tests.properties.scale import examples

Json = dict[str, Any]

CWDS = ("desk/real", "desk/link", "desk/./link/", "/nowhere/at/all", "/nowhere", "")
ALL_KINDS = ["cli", "vscode", "exec", "subAgent"]

REQUESTS = st.fixed_dictionaries(
    {
        "limit": st.integers(1, 4),
        "sortKey": st.sampled_from(["created_at", "updated_at"]),
        "sortDirection": st.sampled_from(["asc", "desc"]),
        "sourceKinds": st.sampled_from([ALL_KINDS] * 4 + [[], ["exec"], ["cli", "subAgent"]]),
        "modelProviders": st.sampled_from([[]] * 4 + [None, ["openai"], ["ollama", ""]]),
        "cwd": st.sampled_from([None] * 8 + [*CWDS, list(CWDS[:2]), list(CWDS[3:])]),
        "searchTerm": st.sampled_from([None] * 6 + ["ap", "app", "pie\0x", "日本語", "Image", "1", "zzz"]),
    },
    optional={"archived": st.booleans()},
)
BEFORE = st.builds(list.__add__, SOME_THREADS, st.lists(ONE_STEP, max_size=6))
EVERYTHING: Json = {"limit": 3, "sourceKinds": ALL_KINDS, "modelProviders": []}


def looked_at(thread: Json) -> Json:
    """What of a Thread object is compared."""
    names = ("id", "preview", "path", "createdAt", "updatedAt", "cwd", "modelProvider", "name")
    return {name: thread[name] for name in names} | {"branch": (thread["gitInfo"] or {}).get("branch")}


def expected(root: Path, request: Json) -> list[Json]:
    """What a naive reader shows."""
    naive = NaiveList(root)
    return [naive.shown(one) for one in naive.threads(request)]


async def shown(client: Lasting, request: Json, **more: object) -> list[Json]:
    """What the server shows, all pages joined."""
    return [looked_at(thread) for thread in await client.walk(**request, **more)]


async def comes_true(client: Lasting, root: Path, request: Json) -> None:
    """The index alone shows the same once the watch had its word."""
    wanted = expected(root, request)
    async with asyncio.timeout(PATIENCE_S):
        while await shown(client, request, useStateDbOnly=True) != wanted:  # noqa: ASYNC110
            await asyncio.sleep(0.002)  # what the watch has to say sets no event here


def run_in_a_home(before: list[Step], work: Any, *, is_lasting: bool = True) -> None:
    """Make a home, change it a little before the server starts, then do the work."""
    with TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        outside = Outside(root)
        for step in before:
            outside.do(step)

        async def served() -> None:
            async with Lasting(root, is_lasting=is_lasting) as client:
                await work(client, outside)

        asyncio.run(served())


@examples(50)
@given(
    BEFORE,
    st.lists(st.tuples(ONE_STEP, REQUESTS), max_size=12),
    st.booleans(),
)
def test_lists_of_a_changing_home_are_true_at_once(
    before: list[Step],
    steps: list[tuple[Step, Json]],
    is_lasting: bool,  # noqa: FBT001 - drawn
) -> None:
    async def work(client: Lasting, outside: Outside) -> None:
        for step, request in steps:
            outside.do(step)
            assert await shown(client, request) == expected(outside.root, request)
            if is_lasting:
                await comes_true(client, outside.root, request)
        for archived in (False, True):
            request = EVERYTHING | {"archived": archived}
            assert await shown(client, request) == expected(outside.root, request)

    run_in_a_home(before, work, is_lasting=is_lasting)


@examples(30)
@given(BEFORE, st.lists(ONE_STEP, min_size=1, max_size=10), REQUESTS)
def test_the_index_alone_follows_what_nobody_lists(
    before: list[Step], steps: list[Step], request: Json
) -> None:
    async def work(client: Lasting, outside: Outside) -> None:
        await comes_true(client, outside.root, request)
        for step in steps:
            outside.do(step)
        await comes_true(client, outside.root, request)
        await comes_true(client, outside.root, EVERYTHING)

    run_in_a_home(before, work)


class Walk:
    """A walk through pages, and the threads that were there all the time."""

    def __init__(self, client: Lasting, outside: Outside, request: Json) -> None:
        self.client = client
        self.outside = outside
        self.request = request
        self.steady = {one.thread_id: one for one in NaiveList(outside.root).threads(request)}

    def look(self) -> None:
        """Leave out those that moved or changed."""
        now = {one.thread_id: self._place(one) for one in NaiveList(self.outside.root).threads(self.request)}
        self.steady = {name: one for name, one in self.steady.items() if now.get(name) == self._place(one)}

    def _place(self, one: Seen) -> object:
        other_way = {"asc": "desc"}.get(self.request.get("sortDirection", "desc"), "asc")
        return one.key(self.request), one.key(self.request | {"sortDirection": other_way})

    async def pages(self, steps: list[Step], cursor: str | None = None) -> list[Json]:
        """All pages, a step of other programs between each two."""
        found: list[Json] = []
        waiting = iter(steps)
        while True:
            page = await self.client.page(**self.request, cursor=cursor)
            found.append(page)
            cursor = page["nextCursor"]
            if cursor is None:
                return found
            step = next(waiting, None)
            if step is not None:
                self.outside.do(step)
                self.look()


def ids(pages: list[Json]) -> list[str]:
    return [thread["id"] for page in pages for thread in page["data"]]


@examples(40)
@given(
    BEFORE,
    st.lists(ONE_STEP, max_size=4),
    st.lists(ONE_STEP, max_size=4),
    REQUESTS,
)
def test_a_walk_meets_every_thread_that_stays_exactly_once_there_and_back(
    before: list[Step], there: list[Step], back: list[Step], request: Json
) -> None:
    async def work(client: Lasting, outside: Outside) -> None:
        walk = Walk(client, outside, request | {"limit": 1 + request["limit"] // 2})
        pages = await walk.pages(there)
        met = ids(pages)
        assert [met.count(name) for name in walk.steady] == [1] * len(walk.steady)
        order = sorted(walk.steady.values(), key=lambda one: one.key(request))
        is_up = request.get("sortDirection") == "asc"
        steady = [one.thread_id for one in (order if is_up else reversed(order))]
        assert [name for name in met if name in walk.steady] == steady
        last = pages[-1]
        if not last["data"] or last["data"][0]["id"] not in walk.steady:
            return
        turned = Walk(client, outside, walk.request | {"sortDirection": "desc" if is_up else "asc"})
        anchor = walk.steady[last["data"][0]["id"]].key(turned.request)
        met = ids(await turned.pages(back, last["backwardsCursor"]))
        wanted = {
            name
            for name, one in turned.steady.items()
            if (one.key(turned.request) <= anchor if is_up else one.key(turned.request) >= anchor)
        }
        assert [met.count(name) for name in wanted] == [1] * len(wanted)

    run_in_a_home(before, work)
