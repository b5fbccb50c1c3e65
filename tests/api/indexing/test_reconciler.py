"""Lists are true with as little looking at the disk as can be: work is counted."""

import asyncio
import os
import shutil
from itertools import product
from pathlib import Path

import pytest

from tests.api.lasting import Lasting, path_of, says, thread_id, write
from tests.api.looking import looks

MANY = 500
OPENED_MAX = 70
"""Heads that a first page of 25 may read: a round of 64 and a few more, of 500."""


def fill(root: Path, count: int) -> list[Path]:
    """Threads of several kinds, the later ones touched earlier."""
    paths = []
    for number in range(count):
        facts = {
            "source": ("cli", "vscode", "exec")[number % 3],
            "model_provider": ("openai", "ollama")[number % 5 == 0],
            "cwd": f"/srv/{number % 4}",
        }
        paths.append(write(root, number, f"says {number} of {number % 2}", **facts))
        os.utime(paths[-1], ns=(0, (count - number // 3) * 10**9))
    return paths


async def test_an_unchanged_home_is_listed_without_opening_a_rollout_file(tmp_path: Path) -> None:
    fill(tmp_path, 50)
    async with Lasting(tmp_path, is_lasting=False) as client:
        first = await client.walk(limit=10)
        with looks() as seen:
            assert await client.walk(limit=10) == first
        assert seen.opened == []
        assert len(first) == 27
    async with Lasting(tmp_path, is_lasting=False) as client:  # another one, on the same index
        with looks() as seen:
            assert await client.walk(limit=10) == first
        assert seen.opened == []


async def test_with_an_exact_watch_a_listing_of_an_unchanged_home_looks_at_no_file(tmp_path: Path) -> None:
    fill(tmp_path, 50)
    async with Lasting(tmp_path) as client:
        await client.rested()
        await client.page(archived=True)
        first = await client.page()
        with looks() as seen:
            assert await client.page() == first
            assert (await client.page(archived=True))["data"] == []
        assert seen.all == []


async def test_with_an_exact_watch_a_listing_looks_at_what_changed_and_nothing_else(tmp_path: Path) -> None:
    paths = fill(tmp_path, 50)
    async with Lasting(tmp_path) as client:
        await client.rested()
        await client.page()
        with paths[3].open("ab") as file:
            file.write(says("more"))
        write(tmp_path, 60, "new")
        changed = {str(paths[3]), str(path_of(tmp_path, 60))}
        with looks() as seen:
            assert (await client.previews())[0] == "new"
        assert changed <= set(seen.stated)
        assert {path for path in (*seen.opened, *seen.stated) if path.endswith(".jsonl")} == changed
        assert seen.listed == []


FILTERS = [
    {},
    {"sourceKinds": ["exec"]},
    {"modelProviders": []},
    {"modelProviders": ["ollama"], "sourceKinds": ["cli", "vscode", "exec"]},
    {"cwd": "/srv/1"},
    {"cwd": ["/srv/2", "/srv/3", "/nowhere"]},
    {"searchTerm": "of 1"},
]
SORTS = list(product(["created_at", "updated_at"], ["desc", "asc"]))


@pytest.mark.parametrize(("sort_key", "direction"), SORTS)
async def test_the_first_page_of_a_home_never_indexed_reads_few_heads_and_is_right(
    tmp_path: Path, sort_key: str, direction: str
) -> None:
    fill(tmp_path, MANY)
    params = {"sortKey": sort_key, "sortDirection": direction}
    async with Lasting(tmp_path, is_lasting=False) as client:
        with looks() as seen:
            first = await client.page(**params)
        assert 25 <= len(set(seen.opened)) <= OPENED_MAX
        assert (
            len(seen.opened) <= len(set(seen.opened)) + 25
        )  # those of the page are searched for later heads
        await client.walk(**params)  # everything is indexed now
        assert await client.page(**params) == first
    assert len(first["data"]) == 25


@pytest.mark.parametrize("filters", FILTERS, ids=lambda filters: "-".join(filters) or "none")
@pytest.mark.parametrize(("sort_key", "direction"), SORTS[1:3])
async def test_the_first_page_of_a_home_never_indexed_is_right_with_every_filter(
    tmp_path: Path, sort_key: str, direction: str, filters: dict[str, object]
) -> None:
    fill(tmp_path, 150)
    params = {"sortKey": sort_key, "sortDirection": direction, "limit": 4} | filters
    async with Lasting(tmp_path, is_lasting=False) as client:
        first = await client.page(**params)
        await client.walk(sourceKinds=["exec"], modelProviders=[], searchTerm="nothing says this")
        assert await client.page(**params) == first
    assert len(first["data"]) == 4


async def test_of_a_thread_in_two_files_the_longer_counts_also_where_it_is_not_indexed_yet(
    tmp_path: Path,
) -> None:
    """design.md, D11: the shorter file stands on the first page, the longer one far behind it."""
    for number in range(200):
        write(tmp_path, number)
    longer = write(tmp_path, 0, "in the longer file")
    shorter = tmp_path / "sessions" / "2026" / "06" / "01" / longer.name
    shorter.parent.mkdir(parents=True)
    shorter.write_bytes(longer.read_bytes().replace(b"in the longer file", b"short"))
    async with Lasting(tmp_path, is_lasting=False) as client:
        assert await client.previews(limit=1) == ["199"]
        assert await client.previews(limit=1, sortDirection="asc") == ["in the longer file"]
        assert len(await client.walk(limit=100)) == 200


async def test_a_page_from_a_cursor_reads_only_heads_behind_it(tmp_path: Path) -> None:
    paths = fill(tmp_path, MANY)
    async with Lasting(tmp_path, is_lasting=False) as client:
        with looks() as seen:
            page = await client.page(cursor="2026-05-03T10:00:00Z")
        opened = set(seen.opened)
    assert len(opened) <= OPENED_MAX
    assert not opened & set(map(str, paths[201:]))
    assert page["data"][0]["id"] == str(thread_id(199))  # 200 is an exec


async def test_the_index_alone_answers_without_a_look_at_any_rollout_file(tmp_path: Path) -> None:
    fill(tmp_path, 50)
    asked: list[dict[str, object]] = [
        {},
        {"archived": True},
        {"sortKey": "updated_at", "sortDirection": "asc", "limit": 3},
        {"cwd": ["/srv/1", "/nowhere"], "sourceKinds": ["exec"], "modelProviders": []},
        {"searchTerm": "says 1"},
    ]
    for is_lasting in (True, False):
        async with Lasting(tmp_path, is_lasting=is_lasting) as client:
            if is_lasting:
                await client.rested()
            pages = [await client.page(**params) for params in asked]
            with looks() as seen:
                for params, page in zip(asked, pages, strict=True):
                    assert await client.page(useStateDbOnly=True, **params) == page
                assert seen.all == []
    async with Lasting(tmp_path, is_lasting=False) as client:  # nothing but the index was ever asked
        with looks() as seen:
            assert [await client.page(useStateDbOnly=True, **params) for params in asked] == pages
        assert seen.all == []


async def test_on_a_home_never_indexed_the_index_alone_waits_for_all_rows_once(tmp_path: Path) -> None:
    fill(tmp_path, 150)
    async with Lasting(tmp_path, is_lasting=False) as client:
        with looks() as seen:
            first = await client.walk(useStateDbOnly=True)
        assert len(first) == 80
        assert sorted(seen.opened) == sorted(set(seen.opened))
        assert len(seen.opened) == 150
        with looks() as seen:
            assert await client.walk(useStateDbOnly=True) == first
        assert seen.all == []
        assert await client.walk() == first


async def test_an_index_that_is_deleted_is_filled_again_before_it_answers_alone(tmp_path: Path) -> None:
    paths = fill(tmp_path, 20)
    for is_lasting in (True, False):
        async with Lasting(tmp_path, is_lasting=is_lasting) as client:
            before = await client.page(limit=30)
            if is_lasting:
                await client.rested()
            shutil.rmtree(tmp_path / "threadstore")
            assert await client.page(useStateDbOnly=True, limit=30) == before
            with paths[1].open("ab") as file:  # the next write begins another index
                file.write(says("more"))
            os.utime(paths[1], (1, 1))
            assert len((await client.page(useStateDbOnly=True, limit=30))["data"]) == len(before["data"])
            assert len((await client.page(limit=30))["data"]) == len(before["data"])
            assert len((await client.page(useStateDbOnly=True, limit=30))["data"]) == len(before["data"])


async def test_a_sessions_folder_that_is_a_file_is_an_error_and_no_rows_are_lost(tmp_path: Path) -> None:
    fill(tmp_path, 3)
    async with Lasting(tmp_path, is_lasting=False) as client:
        before = await client.page()
        (tmp_path / "sessions").rename(tmp_path / "aside")
        (tmp_path / "sessions").touch()
        with pytest.raises(AssertionError, match="Not a directory"):
            await client.page()
        (tmp_path / "sessions").unlink()
        assert (await client.page())["data"] == []
        (tmp_path / "aside").rename(tmp_path / "sessions")
        assert await client.page() == before


async def test_many_listings_at_once_read_each_head_once(tmp_path: Path) -> None:
    fill(tmp_path, 60)
    async with Lasting(tmp_path, is_lasting=False) as client:
        pages = await asyncio.gather(*[client.page() for _ in range(8)])
        assert all(page == pages[0] for page in pages)
        assert pages[0]["data"][0]["id"] == str(thread_id(58))
