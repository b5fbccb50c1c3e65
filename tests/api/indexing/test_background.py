"""What a server does between requests: it fills its index, follows what others write, and ends cleanly."""

import asyncio
import os
import shutil
import threading
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from operator import eq
from pathlib import Path

import pytest

from api.indexing.keeper import IndexKeeper, Kept
from domain.log import RolloutPlace
from rollout.watching.inotify_watch import InotifyWatch
from rollout.watching.polling_watch import PollingWatch
from tests.api.lasting import PATIENCE_S, Lasting, path_of, says, thread_id, write
from tests.api.looking import looks
from tests.home import event, meta

COUNT = 5
ALL = ["4", "3", "2", "1", "0"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home of five threads."""
    for number in range(COUNT):
        write(tmp_path, number)
    return tmp_path


# -- filling ----------------------------------------------------------------------------------


async def test_everything_that_is_there_gets_indexed_behind_the_handshake(home: Path) -> None:
    archive = home / "archived_sessions"
    archive.mkdir()
    path_of(home, 0).rename(archive / path_of(home, 0).name)
    async with Lasting(home) as client:
        await client.rested()
        with looks() as seen:
            assert await client.previews(useStateDbOnly=True) == ALL[:-1]
            assert await client.previews(useStateDbOnly=True, archived=True) == ["0"]
        assert seen.all == []
        for number in range(COUNT):  # the turns too: nothing is folded for a page
            place = await client.engine.find(thread_id(number))
            assert (await client.engine.keeper.work([place])).is_much is False
            assert not (await client.engine.keeper.work([place])).unfolded


async def test_listings_while_the_index_fills_are_right(tmp_path: Path) -> None:
    for number in range(300):
        write(tmp_path, number)
    async with Lasting(tmp_path) as client:
        newest = [str(number) for number in range(299, 274, -1)]
        oldest = [str(number) for number in range(25)]
        while not client.background.filled.is_set():
            assert await client.previews() == newest
            assert await client.previews(sortDirection="asc") == oldest
            assert await client.previews(searchTerm="29", limit=2) == ["299", "298"]
        assert len(await client.walk(useStateDbOnly=True, limit=100)) == 300


async def test_a_home_without_folders_is_filled_at_once_and_followed(tmp_path: Path) -> None:
    async with Lasting(tmp_path) as client:
        await client.filled()
        assert await client.previews(useStateDbOnly=True) == []
        write(tmp_path, 1, "the first")
        assert await client.soon(lambda shown: shown != []) == ["the first"]


# -- what other programs do -------------------------------------------------------------------


def append_half(root: Path) -> None:
    """A thread whose last line is not ended yet, but whole."""
    path_of(root, 7).write_bytes(meta(thread_id(7)) + says("half")[:-1])


def finish_later(root: Path) -> None:
    """A preview in two parts."""
    whole = says("in two parts")
    path = path_of(root, 7)
    path.write_bytes(meta(thread_id(7)) + whole[:30])
    with path.open("ab") as file:
        file.write(whole[30:])


def archive(root: Path) -> None:
    """A thread goes to the archive."""
    (root / "archived_sessions").mkdir()
    path_of(root, 4).rename(root / "archived_sessions" / path_of(root, 4).name)


def move_day(root: Path) -> None:
    """A folder of a day becomes another's."""
    path_of(root, 0).parent.rename(root / "sessions" / "2026" / "05" / "09")


def replace(root: Path) -> None:
    """Another file in a thread's place."""
    path = path_of(root, 4)
    path.with_name("new").write_bytes(meta(thread_id(4)) + says("of another file"))
    path.with_name("new").replace(path)


CHANGES: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "a new thread": (lambda root: write(root, 7, "new"), ["new", *ALL]),
    "a new day": (lambda root: write(root, 250, "later"), ["later", *ALL]),
    "a half line that is whole": (append_half, ["half", *ALL]),
    "a line in two parts": (finish_later, ["in two parts", *ALL]),
    "a thread that is archived": (archive, ALL[1:]),
    "a moved day": (move_day, ALL),
    "a file that is cut": (lambda root: os.truncate(path_of(root, 4), 100), ALL[1:]),
    "a file that is emptied": (lambda root: os.truncate(path_of(root, 3), 0), ["4", "2", "1", "0"]),
    "a file that is replaced": (replace, ["of another file", *ALL[1:]]),
    "a file that is rewritten": (lambda root: write(root, 2, "two"), ["4", "3", "two", "1", "0"]),
    "a file that is removed": (lambda root: path_of(root, 2).unlink(), ["4", "3", "1", "0"]),
    "a day that is removed": (lambda root: shutil.rmtree(path_of(root, 0).parent), []),
    "all that is removed": (lambda root: shutil.rmtree(root / "sessions"), []),
    "another tree in its place": (
        lambda root: ((root / "sessions").rename(root / "old"), write(root, 9, "another")),
        ["another"],
    ),
}


@pytest.mark.parametrize(("change", "expected"), CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("watch", [InotifyWatch, PollingWatch])
async def test_what_other_programs_do_is_soon_in_the_index(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Path], object],
    expected: list[str],
    watch: type,
) -> None:
    monkeypatch.setattr("api.indexing.background.open_watch", watch)
    monkeypatch.setattr("rollout.watching.polling_watch.POLL_SECONDS", 0.01)
    monkeypatch.setattr("rollout.watching.polling_watch.POLL_WALK_SECONDS", 0.01)
    monkeypatch.setattr("rollout.watching.polling_watch.POLL_REST_RATIO", 0)
    async with Lasting(home) as client:
        await client.filled()
        assert await client.previews(useStateDbOnly=True) == ALL
        change(home)
        assert await client.soon(partial(eq, expected)) == expected
        assert await client.previews() == expected


async def test_a_touched_thread_moves_to_the_front_of_those_updated(home: Path) -> None:
    async with Lasting(home) as client:
        await client.filled()
        for number in range(COUNT):
            os.utime(path_of(home, number), (number, number))
        shown = await client.soon(partial(eq, ALL), sortKey="updated_at")
        os.utime(path_of(home, 1), (9, 9))
        shown = await client.soon(lambda shown: shown[0] == "1", sortKey="updated_at")
        assert shown == ["1", "4", "3", "2", "0"]


async def test_what_others_write_is_folded_without_being_asked_for(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folded: asyncio.Queue[tuple[str, int]] = asyncio.Queue()
    catch_up = IndexKeeper.catch_up

    async def noted(keeper: IndexKeeper, place: RolloutPlace) -> Kept:
        kept = await catch_up(keeper, place)
        folded.put_nowait((place.path, kept.indexed.state.size))
        return kept

    async with Lasting(home) as client:
        await client.rested()
        monkeypatch.setattr(IndexKeeper, "catch_up", noted)
        with path_of(home, 2).open("ab") as file:
            file.write(event("agent_message", message="an answer"))
        path, size = await asyncio.wait_for(folded.get(), PATIENCE_S)
        assert (path, size) == (str(path_of(home, 2)), path_of(home, 2).stat().st_size)


async def test_a_watch_that_lost_events_leads_to_a_walk(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rollout.watching.inotify_watch.WATCH_EVENTS_MAX", 1)
    async with Lasting(home) as client:
        await client.filled()
        for number in range(20, 60):
            write(home, number)
        path_of(home, 0).unlink()
        expected = [str(number) for number in (*range(59, 19, -1), 4, 3, 2, 1)]
        assert await client.previews(limit=100) == expected
        assert await client.soon(partial(eq, expected), limit=100) == expected


# -- several servers, and the index -----------------------------------------------------------


async def test_two_servers_on_one_home_are_both_right(home: Path) -> None:
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(Lasting(home)) for _ in range(2)]
        await asyncio.gather(*[client.filled() for client in clients])
        expected = list(ALL)
        for number in range(5, 25):
            write(home, number)
            expected.insert(0, str(number))
            if number % 3 == 0:
                path_of(home, number - 2).unlink()
                expected.remove(str(number - 2))
            pages = await asyncio.gather(*[client.previews(limit=100) for client in clients])
            assert pages == [expected, expected]
            for client in clients:
                await client.soon(partial(eq, expected), limit=100)


async def test_a_server_that_comes_and_goes_costs_the_other_no_row(home: Path) -> None:
    async with Lasting(home) as client:
        await client.filled()
        for number in range(5, 15):
            async with Lasting(home, is_lasting=False) as other:
                asked = asyncio.create_task(other.previews(limit=100))
                write(home, number)
                expected = [str(each) for each in range(number, -1, -1)]
                assert await client.previews(limit=100) == expected
                await asked
            assert await client.previews(limit=100) == expected
            assert await client.previews(limit=100, useStateDbOnly=True) == expected


def remove(folder: Path) -> None:
    """Remove a folder, whatever the server makes and removes in it meanwhile."""
    while folder.exists():
        shutil.rmtree(folder, ignore_errors=True)


async def test_an_index_that_is_deleted_while_running_is_made_again(home: Path) -> None:
    async with Lasting(home) as client:
        await client.filled()
        for number in range(5, 9):
            remove(home / "threadstore")
            write(home, number)
            expected = [str(each) for each in range(number, -1, -1)]
            if number % 2:
                assert await client.previews(limit=100) == expected
            assert await client.soon(partial(eq, expected), limit=100) == expected
    assert (home / "threadstore" / "index.sqlite").exists()


async def test_nothing_but_our_own_index_is_written(home: Path) -> None:
    (home / "state_5.sqlite").write_bytes(b"another program's")
    before = {path: path.stat().st_mtime_ns for path in home.rglob("*") if path.is_file()}
    async with Lasting(home) as client:
        await client.filled()
        await client.previews()
    found = {path for path in home.rglob("*") if path.is_file() and path.parent.name != "threadstore"}
    assert {path: path.stat().st_mtime_ns for path in found} == before


# -- closing ----------------------------------------------------------------------------------


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def children() -> list[str]:
    return [
        pid
        for thread in Path("/proc/self/task").iterdir()
        for pid in (thread / "children").read_text().split()
    ]


@pytest.mark.parametrize("turns", [0, 1, 3, 30, 300])
def test_closing_at_any_time_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, turns: int
) -> None:
    """`turns` of the event loop after the handshake: before the watch is open, while it fills, and later."""
    monkeypatch.setattr("api.filling.work.WORKERS_FILES_MIN", 10)
    for number in range(100):
        write(tmp_path, number)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()

    async def begin_and_close() -> None:
        async with Lasting(tmp_path):
            for _ in range(turns):
                await asyncio.sleep(0)

    asyncio.run(begin_and_close())  # once for what stays: modules, the loop's own files
    open_before, threads_before, children_before = descriptors(), threading.active_count(), children()
    asyncio.run(begin_and_close())
    assert threading.active_count() <= threads_before
    assert descriptors() <= open_before
    assert children() == children_before
    assert list((tmp_path / "temporary").iterdir()) == []


def test_closing_while_workers_index_ends_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.filling.work.WORKERS_FILES_MIN", 10)
    for number in range(200):
        write(tmp_path, number, "x" * 20_000)
    before = children()
    seen: list[str] = []

    async def begin_and_close() -> None:
        async with Lasting(tmp_path) as client:
            while not seen and not client.background.filled.is_set():
                await asyncio.sleep(0.001)  # processes set no event here
                seen.extend(set(children()) - set(before))

    asyncio.run(begin_and_close())
    assert seen
    assert children() == before
    assert not [thread for thread in threading.enumerate() if thread.name == "worker"]


async def test_what_was_left_unfilled_is_filled_the_next_time(tmp_path: Path) -> None:
    for number in range(100):
        write(tmp_path, number)
    for _ in range(3):
        async with Lasting(tmp_path):
            await asyncio.sleep(0)
    async with Lasting(tmp_path) as client:
        assert len(await client.walk(useStateDbOnly=True)) == 100
        await client.filled()
