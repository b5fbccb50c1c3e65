"""The service on a home that changes under it: answers are right when they are given."""

import asyncio
import os
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from api.client.client import Client
from domain.errors import RequestRefused
from rollout.finding.home import Home
from tests.home import THREAD, event, meta

Turns = list[str]


@pytest.fixture
def rollout(tmp_path: Path) -> Path:
    """A thread of two turns in a home."""
    path = tmp_path / "sessions" / "2026" / "05" / "01" / f"rollout-2026-05-01T10-00-00-{THREAD}.jsonl"
    path.parent.mkdir(parents=True)
    path.write_bytes(meta() + turn("one") + turn("two"))
    return path


def turn(name: str) -> bytes:
    """A whole turn that says its name."""
    return (
        event("task_started", turn_id=name)
        + event("user_message", message=f"ask {name}")
        + event("agent_message", message=f"answer {name}")
        + event("task_complete", turn_id=name)
    )


async def turn_ids(client: Client) -> Turns:
    """The ids of the thread's turns, oldest first, and that their texts are theirs."""
    page = await client.request("thread/turns/list", {"threadId": str(THREAD), "sortDirection": "asc"})
    for shown in page["data"]:
        assert [item.get("text") for item in shown["items"]][1:] == [f"answer {shown['id']}"]
    return [shown["id"] for shown in page["data"]]


async def listed(client: Client, *, archived: bool = False) -> list[str]:
    """The previews of the listed threads."""
    page = await client.request("thread/list", {"archived": archived})
    return [thread["preview"] for thread in page["data"]]


def client_of(root: Path) -> Client:
    """A client of a service on this home."""
    return Client.inside(Home.at(root))


async def test_lines_appended_by_another_program_are_in_the_next_page(tmp_path: Path, rollout: Path) -> None:
    async with client_of(tmp_path) as client:
        assert await turn_ids(client) == ["one", "two"]
        with rollout.open("ab") as file:
            file.write(turn("three"))
        assert await turn_ids(client) == ["one", "two", "three"]


async def test_an_unfinished_last_line_counts_as_soon_as_it_is_whole(tmp_path: Path, rollout: Path) -> None:
    whole = event("user_message", message="ask rollout-9").rstrip(b"\n")
    async with client_of(tmp_path) as client:
        with rollout.open("ab") as file:
            file.write(whole[:-1])
        assert await turn_ids(client) == ["one", "two"]
        with rollout.open("ab") as file:
            file.write(whole[-1:])
        page = await client.request("thread/turns/list", {"threadId": str(THREAD), "limit": 1})
        assert page["data"][0]["id"] == "rollout-9"
        with rollout.open("ab") as file:
            file.write(b" glued\n")
        assert await turn_ids(client) == ["one", "two"]


async def test_a_rewritten_file_is_read_anew(tmp_path: Path, rollout: Path) -> None:
    async with client_of(tmp_path) as client:
        assert await turn_ids(client) == ["one", "two"]
        rollout.write_bytes(meta() + turn("six") + turn("ten"))  # as long as before
        assert await turn_ids(client) == ["six", "ten"]
        rollout.write_bytes(meta() + turn("six"))
        assert await turn_ids(client) == ["six"]


async def test_a_file_rewritten_with_its_old_time_is_read_anew(tmp_path: Path, rollout: Path) -> None:
    async with client_of(tmp_path) as client:
        before = rollout.stat()
        assert await turn_ids(client) == ["one", "two"]
        rollout.write_bytes(meta() + turn("six") + turn("ten"))
        os.utime(rollout, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert await turn_ids(client) == ["six", "ten"]


async def test_a_file_replaced_by_another_is_read_anew(tmp_path: Path, rollout: Path) -> None:
    async with client_of(tmp_path) as client:
        assert await turn_ids(client) == ["one", "two"]
        other = rollout.with_name("other")
        other.write_bytes(meta() + turn("one") + turn("two") + turn("six"))
        other.replace(rollout)
        assert await turn_ids(client) == ["one", "two", "six"]


async def test_an_archived_thread_is_read_where_it_is(tmp_path: Path, rollout: Path) -> None:
    async with client_of(tmp_path) as client:
        assert await listed(client) == ["ask one"]
        archive = tmp_path / "archived_sessions"
        archive.mkdir()
        moved = rollout.rename(archive / rollout.name)
        assert await turn_ids(client) == ["one", "two"]
        assert await listed(client) == []
        assert await listed(client, archived=True) == ["ask one"]
        thread = (await client.request("thread/read", {"threadId": str(THREAD)}))["thread"]
        assert thread["path"] == str(moved)


async def test_a_removed_thread_is_unknown_and_back_when_it_is_back(tmp_path: Path, rollout: Path) -> None:
    async with client_of(tmp_path) as client:
        assert await turn_ids(client) == ["one", "two"]
        data = rollout.read_bytes()
        rollout.unlink()
        with pytest.raises(RequestRefused, match=f"thread not loaded: {THREAD}") as refusal:
            await turn_ids(client)
        assert refusal.value.code == -32600
        rollout.write_bytes(data + turn("six"))
        assert await turn_ids(client) == ["one", "two", "six"]


async def test_deleting_the_index_while_running_changes_no_answer(tmp_path: Path, rollout: Path) -> None:
    async with client_of(tmp_path) as client:
        assert await turn_ids(client) == ["one", "two"]
        assert await listed(client) == ["ask one"]
        shutil.rmtree(tmp_path / "threadstore")
        assert await turn_ids(client) == ["one", "two"]
        with rollout.open("ab") as file:
            file.write(turn("six"))
        assert await turn_ids(client) == ["one", "two", "six"]
        assert await listed(client) == ["ask one"]
    assert (tmp_path / "threadstore" / "index.sqlite").exists()


async def test_an_index_of_another_home_in_place_of_ours_changes_no_answer(
    tmp_path: Path, rollout: Path
) -> None:
    stranger = tmp_path / "stranger"
    foreign = stranger / rollout.relative_to(tmp_path)
    foreign.parent.mkdir(parents=True)
    foreign.write_bytes(meta() + turn("foreign"))
    async with client_of(stranger) as client:
        assert await turn_ids(client) == ["foreign"]
    async with client_of(tmp_path) as client:
        assert await turn_ids(client) == ["one", "two"]
        index = tmp_path / "threadstore" / "index.sqlite"
        shutil.copy(stranger / "threadstore" / "index.sqlite", tmp_path / "copy")
        (tmp_path / "copy").replace(index)
        with rollout.open("ab") as file:
            file.write(turn("six"))
        assert await turn_ids(client) == ["one", "two", "six"]


@pytest.mark.parametrize("wreck", [b"", b"no database at all", b"SQLite format 3\0" + bytes(4096)])
async def test_a_damaged_index_is_built_again(tmp_path: Path, rollout: Path, wreck: bytes) -> None:
    async with client_of(tmp_path) as client:
        assert await turn_ids(client) == ["one", "two"]
    (tmp_path / "threadstore" / "index.sqlite").write_bytes(wreck)
    async with client_of(tmp_path) as client:
        assert await turn_ids(client) == ["one", "two"]
        assert await listed(client) == ["ask one"]


async def test_an_index_damaged_under_a_running_server_is_built_again(tmp_path: Path, rollout: Path) -> None:
    async with client_of(tmp_path) as client:
        assert await turn_ids(client) == ["one", "two"]
    index = tmp_path / "threadstore" / "index.sqlite"
    data = bytearray(index.read_bytes())
    for page in range(1, len(data) // 4096):
        data[page * 4096 : page * 4096 + 64] = b"\xee" * 64
    index.write_bytes(data)
    async with client_of(tmp_path) as client:
        assert await turn_ids(client) == ["one", "two"]
        assert await listed(client) == ["ask one"]


async def test_an_index_that_cannot_be_written_is_kept_elsewhere(tmp_path: Path, rollout: Path) -> None:
    (tmp_path / "threadstore").write_bytes(b"a file where the folder of the index should be")
    async with client_of(tmp_path) as client:
        assert await turn_ids(client) == ["one", "two"]


async def test_two_servers_on_one_home_give_the_same_answers(tmp_path: Path, rollout: Path) -> None:
    async with client_of(tmp_path) as one, client_of(tmp_path) as other:
        names = ["one", "two"]
        for number in range(12):
            names.append(f"n{number}")
            with rollout.open("ab") as file:
                file.write(turn(names[-1]))
            answers = await asyncio.gather(turn_ids(one), turn_ids(other), turn_ids(one), listed(other))
            assert list(answers) == [names, names, names, ["ask one"]]


async def test_requests_for_one_thread_are_answered_in_their_order(tmp_path: Path, rollout: Path) -> None:
    order: list[int] = []
    async with client_of(tmp_path) as client:

        async def ask(number: int) -> None:
            view = ("full", "notLoaded")[number % 2]
            await client.request("thread/turns/list", {"threadId": str(THREAD), "itemsView": view})
            order.append(number)

        await asyncio.gather(*map(ask, range(20)))
    assert order == list(range(20))


@pytest.fixture
def fifo(rollout: Path) -> Path:
    """A FIFO with a rollout's name beside the thread."""
    path = rollout.with_name(rollout.name.replace("0001.jsonl", "0002.jsonl"))
    os.mkfifo(path)
    return path


async def test_a_fifo_with_a_rollouts_name_hangs_nothing(tmp_path: Path, fifo: Path) -> None:
    async with client_of(tmp_path) as client:
        assert await listed(client) == ["ask one"]
        with pytest.raises(RequestRefused, match="thread not loaded"):
            await client.request("thread/read", {"threadId": str(THREAD)[:-1] + "2"})


async def test_a_page_of_nothing_but_a_head_is_empty(tmp_path: Path, rollout: Path) -> None:
    rollout.write_bytes(meta())
    async with client_of(tmp_path) as client:
        page: dict[str, Any] = await client.request(
            "thread/turns/list", {"threadId": str(THREAD), "cursor": "x"}
        )
    assert page == {"data": [], "nextCursor": None, "backwardsCursor": None}


def test_the_log_is_only_read(tmp_path: Path, rollout: Path) -> None:
    before = (rollout.read_bytes(), rollout.stat().st_mtime_ns, rollout.stat().st_ctime_ns)

    async def use() -> None:
        async with client_of(tmp_path) as client:
            await turn_ids(client)
            await listed(client)

    asyncio.run(use())
    assert (rollout.read_bytes(), rollout.stat().st_mtime_ns, rollout.stat().st_ctime_ns) == before
    with closing(os.scandir(tmp_path)) as entries:
        assert {entry.name for entry in entries} == {"sessions", "threadstore"}
