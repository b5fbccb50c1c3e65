"""What a client changes is seen by others, and told to those who are to be told."""

import asyncio
from pathlib import Path

import pytest

from api.client.client import Client
from api.client.hello import Hello
from domain.errors import ServerGone
from tests.end_to_end.conftest import TURNS, Two
from tests.end_to_end.doors import REAL, STDIO, Door, Program, Served, served
from tests.end_to_end.homes import preview, thread_id

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAMED, TOLD, UNTOLD, ARCHIVED, FORKED, RESUMED, GROWN = map(thread_id, range(7))
"""Each test has a thread of its own."""
PATIENCE_S = 20.0


async def names(client: Client) -> dict[str, str | None]:
    """The names of the listed threads, by id."""
    return {row["id"]: row["name"] async for row in client.threads()}


async def test_a_name_is_seen_by_another_client(server: Served, two: Two) -> None:
    one, other = two
    async with asyncio.timeout(PATIENCE_S):
        assert (await names(other))[NAMED] is None
        with other.notifications("thread/name/updated") as told:
            await one.request("thread/name/set", {"threadId": NAMED, "name": "a new name"})
            if server.door.is_shared:
                news = await anext(told)
                assert news.params == {"threadId": NAMED, "threadName": "a new name"}
        assert (await names(other))[NAMED] == "a new name"
        assert (await other.read(NAMED))["name"] == "a new name"


async def test_who_changes_a_thread_is_told_too(client: Client) -> None:
    async with asyncio.timeout(PATIENCE_S):
        with client.notifications("thread/name/updated", "thread/archived", "thread/unarchived") as told:
            await client.request("thread/name/set", {"threadId": TOLD, "name": "x"})
            await client.request("thread/archive", {"threadId": TOLD})
            await client.request("thread/unarchive", {"threadId": TOLD})
            news = [await anext(told) for _ in range(3)]
        assert [one.method for one in news] == ["thread/name/updated", "thread/archived", "thread/unarchived"]
        assert {one.params["threadId"] for one in news} == {TOLD}


async def test_unwanted_notifications_are_not_sent(server: Served) -> None:
    deaf = Hello("deaf", "1", unwanted=["thread/name/updated"])
    async with server.client(deaf) as client, asyncio.timeout(PATIENCE_S):
        with client.notifications("thread/name/updated", "thread/archived") as told:
            await client.request("thread/name/set", {"threadId": UNTOLD, "name": "x"})
            await client.request("thread/archive", {"threadId": UNTOLD})
            assert (await anext(told)).method == "thread/archived"


async def test_an_archived_thread_is_listed_there_and_nowhere_else(two: Two) -> None:
    one, other = two
    async with asyncio.timeout(PATIENCE_S):
        await one.request("thread/archive", {"threadId": ARCHIVED})
        for client in (one, other):
            assert ARCHIVED not in await names(client)
            assert ARCHIVED in [row["id"] async for row in client.threads(is_archived=True)]
        answer = await other.request("thread/unarchive", {"threadId": ARCHIVED})
        assert answer["thread"]["id"] == ARCHIVED
        assert ARCHIVED in await names(one)


async def test_a_fork_has_the_turns_of_its_parent_and_is_told_of(server: Served, two: Two) -> None:
    one, other = two
    async with asyncio.timeout(PATIENCE_S):
        with other.notifications("thread/started") as told:
            answer = await one.request("thread/fork", {"threadId": FORKED})
            fork = answer["thread"]
            if server.door.is_shared:
                assert (await anext(told)).params["thread"]["id"] == fork["id"]
        assert fork["id"] != FORKED
        assert fork["forkedFromId"] == FORKED
        assert [turn["id"] for turn in fork["turns"]] == [f"turn-{number}" for number in range(TURNS)]
        assert preview(4) in str((await other.read(fork["id"], has_turns=True))["turns"][0]["items"][0])


async def test_a_subscriber_is_told_until_it_unsubscribes(client: Client) -> None:
    async with asyncio.timeout(PATIENCE_S):
        with client.notifications("thread/status/changed") as told:
            await client.request("thread/resume", {"threadId": RESUMED, "excludeTurns": True})
            assert (await anext(told)).params["threadId"] == RESUMED
        assert RESUMED in (await client.request("thread/loaded/list"))["data"]
        for status in ("unsubscribed", "notSubscribed"):
            assert await client.request("thread/unsubscribe", {"threadId": RESUMED}) == {"status": status}


async def test_changes_of_another_client_are_told_to_a_subscriber(server: Served, two: Two) -> None:
    if server.program is REAL:
        pytest.skip("a method of ours")
    one, other = two
    async with asyncio.timeout(PATIENCE_S):
        await other.read(GROWN, has_turns=True)  # a thread that is met now would be told as found
        with other.notifications("threadStore/changed") as told:
            await other.request("threadStore/subscribe", {"threadId": GROWN})
            item = {"type": "event_msg", "payload": {"type": "user_message", "message": "and now"}}
            await one.request("threadStore/append", {"threadId": GROWN, "items": [item]})
            news = await anext(told)
        assert (news.params["threadId"], news.params["change"]["type"]) == (GROWN, "appended")
        assert "and now" in str(news.params["change"]["items"])


async def test_a_server_that_is_stopped_ends_soon_and_its_clients_know(
    home: Path, door: Door, program: Program
) -> None:
    if program is REAL:
        pytest.skip("the real server listens before it heeds signals")
    async with served(home, door, program) as server, server.client() as client:
        told = client.notifications()
        async with asyncio.timeout(PATIENCE_S):
            status = await server.stop()
            with pytest.raises(ServerGone):
                async for _ in told:
                    pass
            with pytest.raises(ServerGone):
                await client.request("thread/list")
        assert status in ({0, -15} if server.door is STDIO else {0})
